import Glibc

extension Database {
    /// Runs `body` in a transaction that may write from the start, so that it never fails half-way for want of the lock.
    ///
    /// What `body` throws undoes all of it. Inside another transaction it is a part of that one.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isInTransaction else { return try body() }
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // Some failures have already undone it.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Runs `body` so that all it reads is of one moment.
    public func reading<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isInTransaction else { return try body() }
        try execute("BEGIN")
        defer { try? execute("COMMIT") }
        return try body()
    }

    /// How much a power cut may take.
    public enum Durability: String, Sendable {
        /// Nothing that was committed.
        case full = "FULL"
        /// The last transactions, whole ones.
        case normal = "NORMAL"
        /// Everything, if the system goes down at a bad moment.
        case off = "OFF"
    }

    /// Says how much a power cut may take of what is committed from now on.
    public func setDurability(_ durability: Durability) throws(SQLiteError) {
        try execute("PRAGMA synchronous=\(durability.rawValue)")
    }

    /// Keeps changes in a log beside the file, so that readers and one writer do not wait for each other.
    ///
    /// The file remembers it. Needs a file system of this computer. Of several that begin with it at once SQLite refuses
    /// some without waiting; they try again.
    public func useWriteAheadLog() throws(SQLiteError) {
        let end = ContinuousClock.now + .seconds(patience)
        while true {
            do throws(SQLiteError) { return try switchToLog() } catch {
                guard error.isBusy, ContinuousClock.now < end else { throw error }
                usleep(5000)
            }
        }
    }

    private func switchToLog() throws(SQLiteError) {
        let statement = try Statement("PRAGMA journal_mode=WAL", on: raw, isKept: false)
        _ = try statement.step()
        let mode = statement.text(0) ?? ""
        guard mode == "wal" else {
            throw SQLiteError(26, message: "the journal mode stays \(mode)", context: "PRAGMA journal_mode=WAL")
        }
    }

    /// What SQLite itself finds wrong with the file, in its words; nil where it finds nothing. Reads all of it.
    public func faultInFile() throws(SQLiteError) -> String? {
        let statement = try Statement("PRAGMA integrity_check(1)", on: raw, isKept: false)
        guard try statement.step() else { return nil }
        let answer = statement.text(0) ?? ""
        return answer == "ok" ? nil : answer
    }

    /// The number that the owner of the file keeps in its header, to tell its own versions by.
    public func userVersion() throws(SQLiteError) -> Int64 {
        let statement = try prepare("PRAGMA user_version")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Sets the number in the file's header.
    public func setUserVersion(_ version: Int32) throws(SQLiteError) {
        try execute("PRAGMA user_version=\(version)")
    }
}
