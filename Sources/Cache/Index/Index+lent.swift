import Blobs
import Files
import SQLite
import Store
import Synchronization
import Trace

/// A guest's index is that of the store below, as long as that one says what the guest would say; then it begins as a copy
/// of it. Nothing of the store below is ever touched.
extension Index {
    /// Where the store below has its index.
    static func file(of loan: Loan) -> FilePath { IndexSchema.file.path(in: loan.base.appending("cache")) }

    /// Whether the store has a file of its own.
    var hasOwnFile: Bool {
        ((try? FileSystem.statusIfExists(of: IndexSchema.file.path(in: directory))) ?? nil) != nil
    }

    /// Whether the store below has one.
    var hasLender: Bool { lent.withLock { $0?.exists ?? false } }

    /// Answers from the index of the store below; nil in a store of its own, and where the guest needs an own index.
    func readLent<Value: Sendable>(_ body: (IndexReader) throws -> Value) throws -> Answer<Value>? {
        try withLent { database, isNew in
            // Pages are of the file that they were made from.
            if isNew { forgetPages() }
            let heads = try store.heads()
            guard let stamp = try IndexStamp.read(from: database),
                stamp.agrees(with: heads, analyzerName(at: heads)), try RequestTable(database).read().isNothing,
                // What could not be read is read again by whoever opens an index.
                try UnreadableTable(database).folders().isEmpty
            else { return nil }
            return try answer(body, from: database, at: heads, after: nil)
        }
    }

    /// Calls `body` with the index of the store below, which may be of any version of the store; nil where there is none of
    /// our tables, or it cannot be read now.
    func withLent<Result: Sendable>(_ body: (Database, _ isNew: Bool) throws -> Result?) throws -> Result? {
        guard store.loan != nil, !hasOwnFile else { return nil }
        let found = try lent.withLock { lent -> Result? in
            guard let lent, let (database, isNew) = lent.begin() else { return nil }
            let found: Swift.Result<Result?, any Error>
            do {
                let isOurs = try database.userVersion() == IndexSchema.file.version
                found = .success(isOurs ? try body(database, isNew) : nil)
            } catch { found = .failure(error) }
            return try lent.end(found) ?? nil
        }
        // Somebody may have begun one, and asked for something, before this was read.
        return hasOwnFile ? nil : found
    }

    /// Begins a guest's index with a copy of that of the store below; what then differs is made again as ever. Where that
    /// cannot be done, all of it is.
    func borrow() {
        guard let loan = store.loan, !hasOwnFile else { return }
        do {
            try store.context.trace.measure(.cache, "copied the index of the library") {
                try CacheFile.adopt(IndexSchema.file, in: directory) { copy in
                    try LentCopy(of: Self.file(of: loan)).make(at: copy) && isUsable(copy)
                }
            }
        } catch { store.context.trace.note(.cache, "the index of the library was not copied: \(error)") }
    }

    /// Whether not all of its rows would have to be made again. Afterwards the log is in the file.
    private func isUsable(_ copy: FilePath) throws -> Bool {
        let database = try Database(path: copy.bytes, mode: .readWrite)
        try database.setDurability(.off)
        guard try database.userVersion() == IndexSchema.file.version,
            let stamp = try IndexStamp.read(from: database), let main = stamp.heads.main
        else { return false }
        let heads = try store.heads()
        return try stamp.isOf(analyzerName(at: heads)) && store.hasRecords(of: Version(main))
    }
}
