import Catalog
import Files
import Glibc
import TestSupport

/// The place of one test: a home and a working directory of its own, and nothing of this computer's settings.
struct Studio {
    let root: FilePath
    let home: FilePath
    /// Where programs are run; `offbeat init` makes the store below it.
    let work: FilePath
    let store: FilePath

    /// Calls `body` with a new place, which is gone afterwards.
    static func with<R>(_ body: (Studio) throws -> R) throws -> R {
        try withTemporaryDirectory { root in try body(Studio(root: FileSystem.realPath(root))) }
    }

    /// The same with a store that has one person, Ana.
    static func withStore<R>(_ body: (Studio) throws -> R) throws -> R {
        try with { studio in
            try studio.offbeat("init", "--user", "ana", "--name", "Band").done()
            return try body(studio)
        }
    }

    /// A place whose working directory may lie elsewhere, on a disk of its own for example.
    init(root: FilePath, work: FilePath? = nil) throws {
        self.root = root
        home = root.appending("home")
        self.work = work ?? root.appending("work")
        store = self.work.appending(".offbeat")
        for folder in [home, self.work, root.appending("runs")] { try FileSystem.makeDirectory(folder) }
    }

    /// What programs find in their environment.
    func environment(adding extra: [String: String] = [:]) -> [String: String] {
        let places = ["CACHE", "DATA", "STATE"].map { ("XDG_\($0)_HOME", home.appending(".\($0)").string) }
        return hermeticEnvironment(home: home, adding: Dictionary(uniqueKeysWithValues: places))
            .merging(extra) { $1 }
    }
}

// MARK: Running programs

extension Studio {
    /// Runs `offbeat --json`, to its end.
    func json(_ words: Word..., in directory: FilePath? = nil, adding extra: [String: String] = [:]) throws
        -> Outcome
    {
        try offbeat(words: ["--json"] + words, in: directory, adding: extra)
    }

    /// Runs `offbeat`, to its end.
    func offbeat(_ words: Word..., in directory: FilePath? = nil, adding extra: [String: String] = [:]) throws
        -> Outcome
    {
        try offbeat(words: words, in: directory, adding: extra)
    }

    func offbeat(words: [Word], in directory: FilePath? = nil, adding extra: [String: String] = [:]) throws
        -> Outcome
    {
        try run([Word(Scenarios.program())] + words, in: directory, adding: extra)
    }

    /// Runs plain git on the store, or elsewhere.
    func git(_ words: Word..., in directory: FilePath? = nil) throws -> Outcome {
        let setting: [Word] = [
            "-c", "user.name=Git", "-c", "user.email=git@invalid", "-c", "protocol.file.allow=always",
        ]
        return try run(["git"] + setting + words, in: directory ?? store)
    }

    /// Runs a program to its end.
    func run(
        _ words: [Word], in directory: FilePath? = nil, adding extra: [String: String] = [:],
        stdin: Child.Source = .nothing, stdout: Child.Sink? = nil, timeout: Double = 120
    ) throws -> Outcome {
        try start(words, in: directory, adding: extra, stdin: stdin, stdout: stdout).outcome(timeout: timeout)
    }

    /// Starts a program and does not wait for it.
    func start(
        _ words: [Word], in directory: FilePath? = nil, adding extra: [String: String] = [:],
        stdin: Child.Source = .nothing, stdout: Child.Sink? = nil
    ) throws -> Running {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        let (out, err) = (root.appending("runs/\(name).out"), root.appending("runs/\(name).err"))
        let child = try Child(
            words, environment: environment(adding: extra), directory: directory ?? work, stdin: stdin,
            stdout: stdout ?? .file(out), stderr: .file(err))
        return Running(child: child, out: out, err: err)
    }

    /// A program at work, and the files that its output goes to.
    struct Running {
        let child: Child
        let out: FilePath
        let err: FilePath

        /// What came of it, once it has ended.
        func outcome(timeout: Double = 120) throws -> Outcome {
            let status = try child.wait(timeout: timeout)
            let outcome = Outcome(
                words: child.words, status: status, out: try FileSystem.readIfExists(out) ?? [],
                err: try FileSystem.readIfExists(err) ?? [])
            for file in [out, err] { try FileSystem.remove(file) }
            return outcome
        }
    }
}

// MARK: Sounds and tracks

extension Studio {
    /// Makes a short sound that is like no other seed's, and answers its path.
    @discardableResult
    func sound(_ name: FilePath, seed: UInt64, frames: Int = 800) throws -> FilePath {
        let path = name.isAbsolute ? name : work.appending(name)
        try FileSystem.makeDirectories(path.parent)
        try FileSystem.write(noise(seed: seed, frames: frames), to: path)
        return path
    }

    /// Makes a sound, adds it, and answers the track's id.
    func addedTrack(_ name: FilePath = "song.wav", seed: UInt64 = 1, frames: Int = 800) throws -> String {
        let document = try json("add", "--no-analyze", Word(try sound(name, seed: seed, frames: frames))).done()
            .json()
        guard let id = document["added"]?.asArray?.first?["id"]?.asString else {
            throw Unexpected("nothing was added: \(document)")
        }
        return id
    }

    /// What `show` says of a track.
    func track(_ id: String) throws -> JSON { try json("show", "\(id)").done().json() }

    /// What `ls` says, by id.
    func tracks() throws -> [String: JSON] {
        let list = try json("ls").done().json()["tracks"]?.asArray ?? []
        return Dictionary(list.compactMap { track in track["id"]?.asString.map { ($0, track) } }) { $1 }
    }
}
