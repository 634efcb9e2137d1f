import CSQLite

/// What SQLite refused, in its own words, and the SQL that it was about.
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// SQLite's extended result code, whose low byte is the primary one.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// SQLite's number.
        public let rawValue: Int32

        /// Takes any number; those without a name here are kept as they are.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// The code without its extension.
        public var primary: Int32 { rawValue & 0xFF }
    }

    /// The extended result code.
    public let code: Code
    /// What the connection says about it.
    public let message: String
    /// The SQL that was being prepared or run, or the path of the database that was being opened.
    public let context: String

    init(_ status: Int32, message: String, context: String) {
        code = Code(rawValue: status)
        self.message = message
        self.context = context
    }

    /// Whether somebody else held the database for longer than this connection waits.
    public var isBusy: Bool { code.primary == SQLITE_BUSY || code.primary == SQLITE_LOCKED }

    /// Whether the file is damaged, or no database at all.
    public var isCorrupt: Bool { code.primary == SQLITE_CORRUPT || code.primary == SQLITE_NOTADB }

    /// Whether the statement does not fit what is in the file, as where a table is missing.
    public var isOfSchema: Bool { code.primary == SQLITE_ERROR || code.primary == SQLITE_SCHEMA }

    /// Whether there was no room to write.
    public var isFull: Bool { code.primary == SQLITE_FULL }

    /// Whether the file or its directory cannot be written to.
    public var isReadOnly: Bool { code.primary == SQLITE_READONLY }

    /// Whether the file cannot be opened, most often because there is none.
    public var isCannotOpen: Bool { code.primary == SQLITE_CANTOPEN }

    /// Whether a value broke a rule of its table.
    public var isConstraint: Bool { code.primary == SQLITE_CONSTRAINT }

    /// One line: what SQLite says, its code, and the SQL.
    public var description: String {
        "SQLite: \(message) (\(code.rawValue)), in: \(context)"
    }
}
