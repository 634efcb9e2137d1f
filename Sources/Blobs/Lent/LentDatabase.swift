public import Files
public import SQLite

/// A database of another store, read so that nothing there tells of it: nothing is made beside it, no lock is taken, and
/// nobody waits.
///
/// It is read as one that never changes, and an answer is believed only if nobody has written to the file meanwhile. While
/// somebody has changes of it in a log, there is no answer. For one thread at a time.
public final class LentDatabase {
    private let path: FilePath
    private var open: (file: SettledFile, database: Database)?

    /// Takes the file's name; nothing is looked at yet.
    public init(at path: FilePath) { self.path = path }

    /// Whether there is such a file.
    public var exists: Bool { ((try? FileSystem.statusIfExists(of: path)) ?? nil) != nil }

    /// Calls `body` with the database, and whether it is another than at the last call; nil where it cannot be read now, or
    /// was written to meanwhile.
    ///
    /// What `body` reads may be of no moment at all: it must not leave anything behind.
    public func read<Result>(_ body: (_ database: Database, _ isNew: Bool) throws -> Result) throws -> Result? {
        guard let (database, isNew) = begin() else { return nil }
        return try end(Swift.Result { try body(database, isNew) })
    }

    /// The database, for one reading that ``end(_:)`` ends, and whether it is another than the last time; nil where it
    /// cannot be read now.
    public func begin() -> (database: Database, isNew: Bool)? {
        guard let (database, isNew) = connection(), (try? database.execute("BEGIN")) != nil else { return nil }
        return (database, isNew)
    }

    /// Gives what was read, if it is to be believed.
    public func end<Result>(_ result: Swift.Result<Result, any Error>) throws -> Result? {
        guard let (file, database) = open else { return nil }
        try? database.execute("COMMIT")
        guard file.isStill else {
            open = nil
            return nil
        }
        switch result {
        case .success(let answer): return answer
        case .failure(let error) where error is SQLiteError:
            open = nil
            return nil
        case .failure(let error): throw error
        }
    }

    /// SQLite keeps what it has read of such a file: that is right as long as the file is what it was.
    private func connection() -> (Database, isNew: Bool)? {
        if let open, open.file.isStill, open.file.isWhole { return (open.database, false) }
        open = nil
        guard let file = (try? SettledFile.look(at: path)) ?? nil, file.isWhole,
            let database = try? Database(path: path.bytes, mode: .immutable)
        else { return nil }
        open = (file, database)
        return (database, true)
    }
}

// Its connection is for one thread at a time.
@available(*, unavailable)
extension LentDatabase: Sendable {}
