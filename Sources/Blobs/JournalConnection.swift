import Files
import SQLite

/// The open journal of one store.
///
/// While it is open it holds a shared lock on a file beside it; who makes the journal anew holds that lock alone, so that
/// nobody writes on into a file that is gone.
final class JournalConnection {
    static let version: Int64 = 1
    private static let patience = 10.0

    let database: Database
    private let lock: FileDescriptor

    /// Opens the journal for writing, makes it where it is missing, and settles what dead processes left.
    init(in directory: FilePath) throws {
        lock = try Self.lock(in: directory, shared: true)
        database = try Database(path: Self.path(in: directory).bytes, mode: .create, busyTimeout: Self.patience)
        try database.useWriteAheadLog()
        if try database.userVersion() != Self.version { try prepare(for: directory) }
        try settleTheDead(in: directory)
    }

    private static func path(in directory: FilePath) -> FilePath { directory.appending("journal") }

    private static func lock(in directory: FilePath, shared: Bool) throws -> FileDescriptor {
        let path = directory.appending("journal.lock")
        let file = try FileDescriptor.open(path, .readWrite, create: .ifMissing)
        let watch = Stopwatch()
        while !(try file.tryLock(shared: shared)) {
            guard watch.seconds < patience else {
                throw BlobError(
                    .journal, "the journal of files is damaged, and another process has it open: end that one")
            }
            SystemClock.sleep(seconds: 0.005)
        }
        return file
    }

    private func prepare(for directory: FilePath) throws {
        try database.transaction {
            switch try database.userVersion() {
            case Self.version: return
            case 0: break
            // Derived: what another version wrote is not worth reading.
            default: try JournalTable.drop(from: database)
            }
            try JournalTable.create(in: database)
            try JournalTable(database).refill(from: directory)
            try database.setUserVersion(Int32(Self.version))
        }
    }

    private func settleTheDead(in directory: FilePath) throws {
        let table = JournalTable(database)
        let dead = try table.unsettled().filter {
            try !TemporaryDirectory.isAlive($0.owner, in: directory.appending("tmp"))
        }
        guard !dead.isEmpty else { return }
        try database.setDurability(.full)
        try database.transaction { try table.settle(dead.map(\.intent), in: directory) }
    }

    /// Removes the files of the journal, when nobody has it open.
    static func discard(in directory: FilePath) throws {
        let lock = try lock(in: directory, shared: false)
        for suffix in ["-wal", "-shm", ""] {
            try FileSystem.remove(FilePath(bytes: path(in: directory).bytes + suffix.utf8))
        }
        try lock.close()
    }

    /// What the journal says where nothing can be written; where it cannot be trusted the files are counted.
    static func totalsWithoutWriting(in directory: FilePath) throws -> BlobJournal.Totals {
        let log = FilePath(bytes: path(in: directory).bytes + "-wal".utf8)
        // An unwritten log would be passed over by a connection that takes the file for unchanging.
        let isSettled = try (FileSystem.statusIfExists(of: log)?.size ?? 0) == 0
        if isSettled, let totals = try? immutableTotals(in: directory) { return totals }
        var totals = BlobJournal.Totals(files: 0, bytes: 0)
        try ObjectWalk.visit(directory) { item in
            if case .file(let pointer) = item {
                totals.files += 1
                totals.bytes += pointer.size
            }
        }
        return totals
    }

    private static func immutableTotals(in directory: FilePath) throws -> BlobJournal.Totals? {
        let database = try Database(path: path(in: directory).bytes, mode: .immutable)
        guard try database.userVersion() == version, try JournalTable(database).unsettled().isEmpty else {
            return nil
        }
        return try JournalTable(database).totals()
    }
}
