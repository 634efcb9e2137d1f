public import Digest
import SQLite

extension BlobJournal {
    /// What tells one state of the journal from any other.
    public struct Position: Sendable, Hashable, CustomStringConvertible {
        let journal: Int64
        let notes: Int64
        /// What is here then.
        public let totals: Totals

        /// Short, and the same only for the same state.
        public var description: String { "\(journal)/\(notes)/\(totals.files)/\(totals.bytes)" }
    }

    /// Where it stands; nil while somebody changes it.
    ///
    /// Each file that comes or goes is noted first, and notes are numbered: the same number, with nothing noted that is not
    /// settled, is the same state.
    public func position() throws(BlobError) -> Position? {
        try perform { database in
            try database.reading { try JournalReader(JournalTable(database)).position() }
        }
    }

    /// The files behind a hash, in the order of hashes, at most so many.
    public func files(after oid: ContentHash?, atMost limit: Int) throws(BlobError) -> [Pointer] {
        try perform { database in
            try JournalReader(JournalTable(database)).files(after: oid, atMost: limit)
        }
    }
}

/// What can be asked of a journal, whosever it is.
public struct JournalReader {
    private let table: JournalTable

    init(_ table: JournalTable) { self.table = table }

    /// Where it stands, see ``BlobJournal/position()``.
    public func position() throws -> BlobJournal.Position? {
        guard try !table.isUnsettled() else { return nil }
        return BlobJournal.Position(
            journal: try table.identity(), notes: try table.lastNote(), totals: try table.totals())
    }

    /// The files behind a hash, in the order of hashes, at most so many.
    public func files(after oid: ContentHash?, atMost limit: Int) throws -> [Pointer] {
        try table.files(after: oid, atMost: limit)
    }
}

extension JournalTable {
    fileprivate func isUnsettled() throws(SQLiteError) -> Bool {
        try number("SELECT EXISTS(SELECT 1 FROM unsettled)") != 0
    }

    fileprivate func lastNote() throws(SQLiteError) -> Int64 {
        try number("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'unsettled'")
    }

    /// Drawn when it was made.
    fileprivate func identity() throws(SQLiteError) -> Int64 { try number("PRAGMA application_id") }

    private func number(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    fileprivate func files(after oid: ContentHash?, atMost limit: Int) throws(SQLiteError) -> [Pointer] {
        let statement = try database.prepare("SELECT oid, size FROM files WHERE oid > ? ORDER BY oid LIMIT ?")
        defer { statement.reset() }
        try statement.bind(0, oid?.bytes ?? [])
        try statement.bind(1, limit)
        var found: [Pointer] = []
        while try statement.step() {
            guard let oid = statement.withBlob(0, { ContentHash(bytes: $0) }) else { continue }
            found.append(Pointer(oid: oid, size: statement.integer(1)))
        }
        return found
    }
}
