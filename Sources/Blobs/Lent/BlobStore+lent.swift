public import Files
import SQLite

extension BlobStore {
    /// Calls `body` with the journal of the lender as it is at one moment; nil where there is no lender, or its journal
    /// cannot be read, or somebody is at it. Nothing at the lender tells of it.
    ///
    /// - Parameter scratch: where a copy may be made for a moment.
    public func readJournalOfLender<Result>(
        copyingTo scratch: FilePath, _ body: (JournalReader) throws -> Result
    ) throws -> Result? {
        guard let path = lender?.directory.appending("journal"), FileSystem.exists(path) else { return nil }
        func read(_ database: Database) throws -> Result? {
            guard try database.userVersion() == JournalConnection.version else { return nil }
            return try body(JournalReader(JournalTable(database)))
        }
        if let found = try LentDatabase(at: path).read({ database, _ in try read(database) }) { return found }
        do {
            let temporary = try TemporaryDirectory(in: scratch)
            let copy = temporary.path.appending("journal")
            guard try LentCopy(of: path).make(at: copy) else { return nil }
            let database = try Database(path: copy.bytes, mode: .readWrite)
            try database.setDurability(.off)
            return try database.reading { try read(database) }
        } catch is SQLiteError { return nil } catch is FileError { return nil }
    }
}
