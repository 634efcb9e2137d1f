import SQLite

/// Why the cache cannot help now. Whoever asked computes without it: the store itself is never at risk.
public struct CacheError: Error, Sendable, CustomStringConvertible {
    /// One line that says what is the matter.
    public let description: String

    init(_ description: String) { self.description = description }

    init(_ error: SQLiteError) { self.init("the index cannot be used: \(error.message)") }
}
