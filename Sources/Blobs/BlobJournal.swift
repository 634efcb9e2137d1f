public import Digest
public import Files
import SQLite
import Synchronization
import Trace

/// Which files are here, kept beside them so that nobody has to count.
///
/// It is derived: when it is missing or damaged it is made anew from the files. What is about to get a name, or to lose
/// it, is noted first; a process that dies in between leaves its note, and the next one looks at just those files.
/// Thread-safe; opened by the first call that needs it.
public final class BlobJournal: Sendable {
    /// How many files are here and how many bytes they have.
    public struct Totals: Sendable, Hashable {
        /// How many there are.
        public internal(set) var files: Int
        /// How many bytes they have together.
        public internal(set) var bytes: Int64
    }

    /// A note in the journal that is not settled yet.
    struct Intent: Sendable, Hashable {
        let id: Int64
    }

    let directory: FilePath
    private let connection = Mutex<JournalConnection?>(nil)

    private let trace: Trace

    init(directory: FilePath, trace: Trace = .off) {
        self.directory = directory
        self.trace = trace
    }

    /// How many files are here and how many bytes they have, without looking at them.
    ///
    /// Where the journal can neither be brought up to date nor read, as on a medium that cannot be written to, the files
    /// are counted.
    public func totals() throws(BlobError) -> Totals {
        if isUntouched { return Totals(files: 0, bytes: 0) }
        do throws(BlobError) {
            return try perform { database in try JournalTable(database).totals() }
        } catch {
            guard error.isReadOnlyPlace else { throw error }
            return try translated { try JournalConnection.totalsWithoutWriting(in: directory) }
        }
    }

    /// Whether no file was ever put here, so that there is no journal yet, and none is needed.
    public var isUntouched: Bool {
        guard !FileSystem.exists(directory.appending("journal")) else { return false }
        let objects = directory.appending("objects")
        return (try? FileSystem.list(objects).isEmpty) ?? !FileSystem.exists(objects)
    }

    /// Whether the journal knows of the file.
    public func contains(_ oid: ContentHash) throws(BlobError) -> Bool {
        try perform { database in try JournalTable(database).size(of: oid) != nil }
    }

    /// Makes the journal anew from the files.
    public func rebuild() throws(BlobError) {
        try perform { database in
            try database.transaction { try JournalTable(database).refill(from: self.directory) }
        }
    }

    /// Records that the files are about to be removed, calls `body`, which removes them and makes that durable, and then
    /// looks which of them are gone.
    ///
    /// `owner` lives at least as long as the call: a later process takes its death for the sign that nobody is at it.
    public func removing(
        _ oids: [ContentHash], owner: TemporaryDirectory, _ body: () throws -> Void
    ) throws(BlobError) {
        try moving(oids.map { Pointer(oid: $0, size: 0) }, owner: owner, body)
    }

    /// The same for files that come; those that are to go have no size.
    func moving(_ files: [Pointer], owner: TemporaryDirectory, _ body: () throws -> Void) throws(BlobError) {
        let intents = try note(files, owner: owner, durable: true)
        let result = Result { try body() }
        try perform { database in
            try database.transaction { try JournalTable(database).settle(intents, in: self.directory) }
        }
        try translated { try result.get() }
    }

    /// The files that somebody who lives is about to name, or has put and wants to stay.
    public func claimed() throws(BlobError) -> Set<ContentHash> {
        try perform { database in
            let table = JournalTable(database)
            var claimed: Set<ContentHash> = []
            for (intent, owner) in try table.unsettled() {
                guard try TemporaryDirectory.isAlive(owner, in: self.directory.appending("tmp")) else { continue }
                claimed.formUnion(try table.files(of: intent).map(\.oid))
            }
            return claimed
        }
    }

    /// Notes that the files are about to get their names, or that whoever put them wants those that are here to stay.
    func note(_ pointers: [Pointer], owner: TemporaryDirectory, durable: Bool) throws(BlobError) -> [Intent] {
        try perform { database in
            try database.setDurability(durable ? .full : .normal)
            return try database.transaction { try JournalTable(database).note(pointers, owner: owner.name) }
        }
    }

    /// Records that the files have their names, durably. Their notes stay, and keep them.
    ///
    /// Not flushed: after a power cut the notes are found again.
    func arrived(_ pointers: [Pointer]) throws(BlobError) {
        try perform { database in
            try database.setDurability(.normal)
            try database.transaction { try JournalTable(database).insert(pointers) }
        }
    }

    /// Drops notes whose files are accounted for. Not flushed, since a note too many does no harm.
    func forget(_ intents: [Intent]) throws(BlobError) {
        try perform { database in
            try database.setDurability(.normal)
            try database.transaction { try JournalTable(database).forget(intents) }
        }
    }

    /// Runs `body` on the open journal; where that turns out to be damaged, on a new one.
    func perform<Result: Sendable>(_ body: (Database) throws -> Result) throws(BlobError) -> Result {
        try trace.count(.files, "calls of the journal") { () throws(BlobError) in
            try unmeasured(body)
        }
    }

    private func unmeasured<Result: Sendable>(_ body: (Database) throws -> Result) throws(BlobError) -> Result {
        try translated {
            try connection.withLock { connection in
                do {
                    return try body(try Self.open(&connection, in: directory))
                } catch let error as SQLiteError where error.isCorrupt {
                    connection = nil
                    try JournalConnection.discard(in: directory)
                    return try body(try Self.open(&connection, in: directory))
                }
            }
        }
    }

    private static func open(_ connection: inout JournalConnection?, in directory: FilePath) throws -> Database {
        if let connection { return connection.database }
        let opened = try JournalConnection(in: directory)
        connection = opened
        return opened.database
    }

    /// Lets go of the file until it is needed again.
    public func close() {
        connection.withLock { $0 = nil }
    }
}

extension BlobError {
    /// Whether the journal could not be written because nothing can be written there.
    public var isReadOnlyPlace: Bool {
        if let databaseError { return databaseError.isReadOnly || databaseError.isCannotOpen }
        return fileError?.isDenied ?? false
    }
}
