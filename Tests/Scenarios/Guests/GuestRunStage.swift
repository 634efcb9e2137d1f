import Catalog
import Digest
import Files
import Glibc
import TestSupport
import Testing

/// A store with a track, over which programs are run as guests, and what must be true afterwards.
struct GuestRunStage {
    let studio: Studio
    /// Where scripts leave notes; `$1` in each.
    let notes: FilePath
    private let files: [String: String]

    /// Calls `body`, after which no guest's store may be left, and no byte of the store be another than before.
    static func with(sourceLocation: SourceLocation = #_sourceLocation, _ body: (GuestRunStage) throws -> Void)
        throws
    {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            _ = try studio.listing()
            let stage = try GuestRunStage(studio)
            try body(stage)
            #expect(try stage.scratches() == [], sourceLocation: sourceLocation)
            #expect(try Self.files(of: studio.store) == stage.files, sourceLocation: sourceLocation)
        }
    }

    private init(_ studio: Studio) throws {
        self.studio = studio
        notes = studio.root.appending("notes")
        try FileSystem.makeDirectory(notes)
        files = try Self.files(of: studio.store)
    }

    /// Every file of a store with its mode and what is in it, but for guests' stores.
    private static func files(of store: FilePath) throws -> [String: String] {
        var files: [String: String] = [:]
        var folders: [FilePath] = [store]
        while let folder = folders.popLast() {
            for entry in try FileSystem.list(folder) where entry.name != "scratch" || folder != store {
                let path = folder.appending(entry.name)
                let status = try FileSystem.statusIfExists(of: path, followingLinks: false)
                var note = "\(entry.kind) \(status?.mode ?? 0)"
                if entry.kind == .directory { folders.append(path) }
                if entry.kind == .regular { note += " \(ContentHash(of: try FileSystem.read(path)).hex)" }
                files[path.string] = note
            }
        }
        return files
    }

    /// What lies in the folder of guests' stores.
    func scratches() throws -> [String] {
        let folder = studio.store.appending("scratch")
        return FileSystem.exists(folder) ? try FileSystem.list(folder).map(\.name.string) : []
    }

    // MARK: Running

    /// The words of a shell script, in which `$0` is offbeat, `$1` the folder of notes, and what follows the rest.
    func script(_ text: String, _ rest: Word...) throws -> [Word] {
        ["sh", "-c", Word(text), Word(try Scenarios.program()), Word(notes)] + rest
    }

    /// The words of `guest run`.
    func call(_ options: [Word] = [], _ words: [Word]) throws -> [Word] {
        [Word(try Scenarios.program()), "guest", "run"] + options + ["--"] + words
    }

    /// Runs a script as a guest, to its end.
    func guest(
        _ options: Word..., script text: String, _ rest: Word..., adding extra: [String: String] = [:],
        stdin: Child.Source = .nothing
    ) throws -> Outcome {
        try studio.run(
            call(options, ["sh", "-c", Word(text), Word(Scenarios.program()), Word(notes)] + rest), adding: extra,
            stdin: stdin)
    }

    // MARK: Notes

    /// What a script has noted down, without the end of the line; waits until there is something.
    func note(_ name: FilePath, timeout: Double = 60) throws -> String {
        let watch = Stopwatch()
        while true {
            let bytes = try FileSystem.readIfExists(notes.appending(name)) ?? []
            if bytes.last == UInt8(ascii: "\n") { return String(decoding: bytes.dropLast(), as: UTF8.self) }
            guard watch.seconds < timeout else { throw Unexpected("nothing was noted down as \(name)") }
            SystemClock.sleep(seconds: 0.005)
        }
    }

    func noteNumber(_ name: FilePath) throws -> pid_t {
        let text = try note(name)
        guard let number = pid_t(text) else { throw Unexpected("\(name) is no number: \(text)") }
        return number
    }

    /// Whether a process is there, and no zombie.
    static func isAlive(_ id: pid_t) throws -> Bool {
        guard let bytes = try? FileSystem.read(FilePath("/proc/\(id)/stat"), limit: 4096) else { return false }
        return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
    }

    /// Waits until a process is gone.
    static func awaitEnd(of id: pid_t, timeout: Double = 60) throws {
        let watch = Stopwatch()
        while try isAlive(id) {
            guard watch.seconds < timeout else { throw Unexpected("process \(id) does not end") }
            SystemClock.sleep(seconds: 0.005)
        }
    }
}
