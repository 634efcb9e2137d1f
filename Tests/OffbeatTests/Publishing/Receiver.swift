import Catalog
import Digest
import Files
import TestSupport
import Testing

/// What posts are handed to: a program that writes down what it gets, and ends in the way that it is told.
struct Receiver {
    /// How it ends.
    enum Ending: String, CaseIterable {
        /// It takes the post, and says where it is.
        case sent
        /// It takes the post, and says nothing.
        case silent
        /// It does not take it.
        case refused
        /// It says that it has done nothing.
        case busy
        /// It is killed, before or after it takes the post.
        case killedBefore, killedAfter
        /// It takes the post, and then the remote is gone.
        case offline
        /// Everything dies while it runs, before or after it takes the post.
        case diedBefore, diedAfter

        /// Whether it has got the post.
        var takes: Bool { ![.busy, .killedBefore, .diedBefore].contains(self) }
    }

    /// What it was given.
    struct Given {
        let ending: Ending
        /// The version that the computer had then.
        let version: String
        /// The names in its journal.
        let open: [String]
        let document: JSON
    }

    let folder: FilePath
    var remote: FilePath { folder.appending("remote.git") }
    var awayRemote: FilePath { folder.appending("remote.away") }
    /// The store as it was when everything died.
    var died: FilePath { folder.appending("died") }
    private var handed: FilePath { folder.appending("handed") }

    init(in folder: FilePath) throws {
        self.folder = folder
        try FileSystem.makeDirectories(handed)
        try FileSystem.write(Array(Self.script.utf8), to: folder.appending("receive"))
    }

    func words(for store: FilePath) -> [String] {
        ["sh", folder.appending("receive").string, store.string, folder.string]
    }

    func set(_ ending: Ending) throws {
        try FileSystem.replaceAtomically(
            folder.appending("ending"), with: Array("\(ending.rawValue)\n".utf8), mode: 0o600)
    }

    func given(after count: Int) throws -> [Given] {
        try FileSystem.list(handed).map(\.name.string).sorted().dropFirst(count).map { name in
            let place = handed.appending(name)
            func text(_ file: String) throws -> String {
                String(decoding: try FileSystem.read(place.appending(file)), as: UTF8.self)
            }
            return Given(
                ending: try #require(Ending(rawValue: String(try text("ending").dropLast()))),
                version: String(try text("version").dropLast()),
                open: try text("open").split(separator: "\n").map(String.init),
                document: try JSON.parse(FileSystem.read(place.appending("json"))))
        }
    }

    private static let script = """
        store=$1 rig=$2
        cat > "$rig/json"
        read -r ending < "$rig/ending"
        take() {
            place="$rig/handed/$(printf %06d "$(ls "$rig/handed" | wc -l)")"
            mkdir "$place"
            mv "$rig/json" "$place/json"
            ls "$store/publishing/open" > "$place/open"
            git -C "$store" rev-parse refs/heads/main > "$place/version"
            echo "$ending" > "$place/ending"
        }
        lose() { [ ! -d "$rig/remote.git" ] || mv "$rig/remote.git" "$rig/remote.away"; }
        # Nothing that is done after this has happened; and no more is taken in the same run.
        die() { cp -a "$store" "$rig/died"; lose; echo busy > "$rig/ending"; }
        case $ending in
        sent) take; echo "https://example.org/1" ;;
        silent) take ;;
        refused) take; echo "not today" >&2; exit 1 ;;
        busy) exit 75 ;;
        killedBefore) kill -9 $$ ;;
        killedAfter) take; kill -9 $$ ;;
        offline) take; lose; echo "https://example.org/2" ;;
        diedAfter) take; die ;;
        diedBefore) die; exit 75 ;;
        esac
        """
}
