import Files
import SQLite

/// An open database among what is kept.
///
/// While it is open it holds a shared lock on a file beside it; who makes the database anew holds that lock alone, so that
/// nobody writes on into a file that is gone.
final class CacheFile {
    /// Which database it is.
    struct Kind: Sendable {
        /// The name of its file, without the extension.
        let name: String
        /// The version of its tables.
        let version: Int64
        /// How long others are waited for, in seconds. After that it costs less to do without.
        let patience: Double
        /// Makes its tables.
        let create: @Sendable (Database) throws(SQLiteError) -> Void
        /// Makes the tables of one version those of the next, by the version that they begin with; where there is no way,
        /// what is found is of another program.
        var upgrades: [Int64: @Sendable (Database) throws(SQLiteError) -> Void] = [:]

        func path(in directory: FilePath) -> FilePath { directory.appending("\(name).db") }
    }

    let database: Database
    /// Whether it was just opened, and not asked yet.
    var isNew = true
    /// Which file it is: the directory may be deleted, and made again by somebody else, while this one is open.
    private let file: FileStatus
    private let path: FilePath
    private let lock: FileDescriptor

    init(_ kind: Kind, in directory: FilePath) throws {
        try FileSystem.makeDirectory(directory)
        lock = try Self.lock(kind, in: directory, shared: true)
        path = kind.path(in: directory)
        database = try Database(path: path.bytes, mode: .create, busyTimeout: kind.patience)
        try database.useWriteAheadLog()
        // What a power cut takes is made again, or was no more than counts.
        try database.setDurability(.off)
        if try database.userVersion() != kind.version { try Self.prepare(database, kind) }
        file = try FileSystem.status(of: path)
    }

    /// Whether the file is still the one that has the name.
    var isInPlace: Bool {
        (try? FileSystem.statusIfExists(of: path))?.map { $0.isSameFile(as: file) } ?? false
    }

    /// What was found there is of an older or newer program.
    struct OfAnotherProgram: Error {}

    private static func prepare(_ database: Database, _ kind: Kind) throws {
        try database.transaction {
            var version = try database.userVersion()
            if version == 0 {
                try kind.create(database)
                version = kind.version
            }
            while version != kind.version {
                guard let upgrade = kind.upgrades[version] else { throw OfAnotherProgram() }
                try upgrade(database)
                version += 1
            }
            try database.setUserVersion(Int32(kind.version))
        }
    }

    private static func lock(_ kind: Kind, in directory: FilePath, shared: Bool) throws -> FileDescriptor {
        let path = directory.appending("\(kind.name).use")
        let file = try FileDescriptor.open(path, .readWrite, create: .ifMissing)
        let watch = Stopwatch()
        while !(try file.tryLock(shared: shared)) {
            guard watch.seconds < kind.patience else {
                throw CacheError("another process has the \(kind.name) open")
            }
            SystemClock.sleep(seconds: 0.002)
        }
        return file
    }

    /// Removes the files of the database, when nobody has it open.
    static func discard(_ kind: Kind, in directory: FilePath) throws {
        try takeAway(kind, in: directory) { file in try FileSystem.remove(file) }
    }

    /// Takes in a database that `make` makes at another name, where it answers that it did; who has one already keeps it.
    static func adopt(_ kind: Kind, in directory: FilePath, _ make: (FilePath) throws -> Bool) throws {
        try FileSystem.makeDirectory(directory)
        try TemporaryDirectory.sweep(in: directory)
        let scaffold = try TemporaryDirectory(in: directory)
        let made = kind.path(in: scaffold.path)
        guard try make(made), try FileSystem.statusIfExists(of: kind.path(in: directory)) == nil else { return }
        try takeAway(kind, in: directory) { file in _ = try FileSystem.renameIfFree(made, to: file) }
    }

    /// Gives the database another name, when nobody has it open, and answers that name.
    @discardableResult
    static func putAside(_ kind: Kind, in directory: FilePath) throws -> FilePath {
        let aside = Self.aside(kind, in: directory)
        try takeAway(kind, in: directory) { file in
            if try FileSystem.statusIfExists(of: file) != nil { try FileSystem.rename(file, to: aside) }
        }
        return aside
    }

    /// What it is called once it was put aside.
    static func aside(_ kind: Kind, in directory: FilePath) -> FilePath {
        directory.appending("\(kind.name).damaged")
    }

    private static func takeAway(_ kind: Kind, in directory: FilePath, _ take: (FilePath) throws -> Void) throws {
        guard FileSystem.exists(directory) else { return }
        let lock = try lock(kind, in: directory, shared: false)
        // A log that outlived its database would be read into the next one.
        for suffix in ["-wal", "-shm"] {
            try FileSystem.remove(FilePath(bytes: kind.path(in: directory).bytes + suffix.utf8))
        }
        try take(kind.path(in: directory))
        try lock.close()
    }

    /// How many bytes its files have.
    static func size(_ kind: Kind, in directory: FilePath) -> Int64 {
        ["", "-wal"].reduce(0) { sum, suffix in
            let file = FilePath(bytes: kind.path(in: directory).bytes + suffix.utf8)
            return sum + ((try? FileSystem.statusIfExists(of: file))??.size ?? 0)
        }
    }
}
