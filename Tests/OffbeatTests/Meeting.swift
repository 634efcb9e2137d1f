import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Two laptops whose stores were one once.
struct Meeting {
    let one: Place
    let other: Place

    /// Each takes in what the other has.
    func meet() throws {
        try Self.take(from: other, to: one)
        try Self.take(from: one, to: other)
        #expect(try one.library.version() == other.library.version())
    }

    private static func take(from source: Place, to place: Place) throws {
        let fetched = try run(
            command: "git",
            arguments: [
                "-C", place.path.string, "fetch", "-q", source.path.string,
                "+refs/heads/main:refs/remotes/other/main",
            ],
            environment: hermeticEnvironment(home: place.folder))
        try #require(fetched.status == 0, "\(fetched.stderr)")
        _ = try place.store.takeIn(source.library.version(), because: "Sync")
    }

    func pass(seconds: UInt64 = 1) { one.clock.pass(seconds: seconds) }
}

extension Meeting {
    /// A laptop, and one whose store is a copy of its own.
    init(_ one: Place) throws {
        try self.init(one: one, other: Place(in: one.folder.appending("other laptop"), copying: one))
    }
}

extension Place {
    /// A copy of another's store, elsewhere; the clock is the same.
    init(in folder: FilePath, copying other: Place) throws {
        self.folder = folder
        sounds = folder.appending("sounds")
        path = folder.appending("store")
        clock = other.clock
        try FileSystem.makeDirectories(sounds)
        let copied = try run(command: "cp", arguments: ["-r", other.path.string, path.string])
        try #require(copied.status == 0, "\(copied.stderr)")
        library = try Library(at: path, context: other.clock.context)
    }

    /// Changes a record by way of the store.
    func change(_ edit: (Draft) throws -> Void) throws {
        try store.write(by: session.person) { draft in
            try edit(draft)
            return "Change"
        }
    }

    /// The files below a path in the tree of the head.
    func files(below path: String) throws -> [String] {
        let listed = try run(
            command: "git", arguments: ["-C", self.path.string, "ls-tree", "-r", "--name-only", "main", path],
            environment: hermeticEnvironment(home: folder))
        try #require(listed.status == 0, "\(listed.stderr)")
        let names = listed.stdout.split(separator: "\n")
        return names.map { String($0.dropFirst(path.utf8.count + 1)) }
    }

    func files(of id: TrackID) throws -> [String] { try files(below: RecordFolder.track(id).path) }

    @discardableResult
    func resolve(
        _ name: String, _ field: String, _ choice: ResolveChoice, as handle: String? = nil
    ) throws -> ResolveOutcome {
        try library.session(as: handle).resolve(name, field: field, taking: choice)
    }
}

extension ResolveOutcome {
    /// The track that it is about.
    var track: TrackSummary? {
        if case .track(let track) = result { track } else { nil }
    }
}

/// Lends two laptops with a track, made by the first person before they parted.
func withMeeting<R>(
    sharing: Sharing = .everyone, people: [String] = ["ana", "ben"], _ body: (Meeting, TrackID) throws -> R
) throws -> R {
    try withPlace(sharing: sharing, people: people) { place in
        let track = try place.add("song.wav", as: "ana")
        return try body(Meeting(place), track.id)
    }
}
