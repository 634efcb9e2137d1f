import CSQLite

/// Tells SQLite to copy the bytes at once; its own name for it is a macro that casts, which Swift cannot import.
private let copiedAtOnce = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A statement that SQLite has compiled. For the thread that has its connection.
///
/// Give it values, call ``step()`` for each row, read the columns, ``reset()`` it for the next use. Places and columns
/// are counted from 0.
public final class Statement {
    private let raw: OpaquePointer
    private let connection: OpaquePointer
    /// The text it was made of.
    public let sql: String

    init(_ sql: String, on connection: OpaquePointer, isKept: Bool) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let status = sqlite3_prepare_v3(connection, sql, -1, flags, &prepared, nil)
        guard status == SQLITE_OK else { throw Database.failure(of: connection, context: sql) }
        guard let prepared else {
            throw SQLiteError(SQLITE_MISUSE, message: "there is no statement in the text", context: sql)
        }
        raw = prepared
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(raw) }

    /// Goes to the next row; false at the end, and when there is none.
    public func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw Database.failure(of: connection, context: sql)
        }
    }

    /// Makes it ready to run again; the values that it was given are forgotten.
    public func reset() {
        // Its status repeats the failure of the last step, which was thrown there.
        sqlite3_reset(raw)
        sqlite3_clear_bindings(raw)
    }

    /// Runs it with the values that it was given, drops what it answers, and makes it ready for the next.
    public func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    private func check(_ status: Int32) throws(SQLiteError) {
        guard status == SQLITE_OK else { throw Database.failure(of: connection, context: sql) }
    }
}

extension Statement {
    /// Puts a whole number in place of a question mark.
    public func bind(_ place: Int, _ value: Int64) throws(SQLiteError) {
        try check(sqlite3_bind_int64(raw, Int32(place + 1), value))
    }

    /// Puts a whole number in place of a question mark.
    public func bind(_ place: Int, _ value: Int) throws(SQLiteError) {
        try bind(place, Int64(value))
    }

    /// Puts a number with a fraction in place of a question mark.
    public func bind(_ place: Int, _ value: Double) throws(SQLiteError) {
        try check(sqlite3_bind_double(raw, Int32(place + 1), value))
    }

    /// Puts a text in place of a question mark.
    public func bind(_ place: Int, _ value: String) throws(SQLiteError) {
        var value = value
        let status = value.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                // An empty text may have no address, which SQLite would take for no value at all.
                sqlite3_bind_text(
                    raw, Int32(place + 1), $0.baseAddress ?? Self.nothing, Int32($0.count), copiedAtOnce)
            }
        }
        try check(status)
    }

    /// Puts bytes in place of a question mark.
    public func bind(_ place: Int, _ value: [UInt8]) throws(SQLiteError) {
        let status = value.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(raw, Int32(place + 1), 0)
                : sqlite3_bind_blob64(raw, Int32(place + 1), bytes.baseAddress, UInt64(bytes.count), copiedAtOnce)
        }
        try check(status)
    }

    /// Puts no value in place of a question mark.
    public func bindNull(_ place: Int) throws(SQLiteError) {
        try check(sqlite3_bind_null(raw, Int32(place + 1)))
    }

    /// Puts a value of any kind in place of a question mark.
    public func bind(_ place: Int, value: Value) throws(SQLiteError) {
        switch value {
        case .null: try bindNull(place)
        case .integer(let number): try bind(place, number)
        case .real(let number): try bind(place, number)
        case .text(let text): try bind(place, text)
        case .blob(let bytes): try bind(place, bytes)
        }
    }

    /// Puts the values in place of the question marks, from the first on.
    public func bind(_ values: [Value]) throws(SQLiteError) {
        for (place, value) in values.enumerated() { try bind(place, value: value) }
    }

    // One byte that stays where it is for as long as the program runs, and is never written to.
    private nonisolated(unsafe) static let nothing = UnsafePointer(
        UnsafeMutablePointer<CChar>.allocate(capacity: 1))
}

extension Statement {
    /// How many columns a row has.
    public var columnCount: Int { Int(sqlite3_column_count(raw)) }

    /// What a column can have.
    public enum Kind: Sendable {
        /// No value.
        case null
        /// A whole number.
        case integer
        /// A number with a fraction.
        case real
        /// UTF-8 text.
        case text
        /// Bytes.
        case blob
    }

    /// What the column has.
    public func kind(_ column: Int) -> Kind {
        switch sqlite3_column_type(raw, Int32(column)) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    /// Whether the column has no value.
    public func isNull(_ column: Int) -> Bool { sqlite3_column_type(raw, Int32(column)) == SQLITE_NULL }

    /// The column as a whole number; 0 where it has none.
    public func integer(_ column: Int) -> Int64 { sqlite3_column_int64(raw, Int32(column)) }

    /// The column as a number with a fraction; 0 where it has none.
    public func real(_ column: Int) -> Double { sqlite3_column_double(raw, Int32(column)) }

    /// The column as text; nil where it has no value.
    public func text(_ column: Int) -> String? {
        guard let start = sqlite3_column_text(raw, Int32(column)) else { return nil }
        // Asked for after the text, as SQLite demands: only then it is the length in this encoding.
        let count = Int(sqlite3_column_bytes(raw, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The column as bytes; nil where it has no value.
    public func blob(_ column: Int) -> [UInt8]? {
        isNull(column) ? nil : withBlob(column) { Array($0) }
    }

    /// Calls `body` with the bytes of the column where SQLite has them, which live only as long as the call.
    public func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        let start = sqlite3_column_blob(raw, Int32(column))
        let count = Int(sqlite3_column_bytes(raw, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    /// The column as whatever it is.
    public func value(_ column: Int) -> Value {
        switch kind(column) {
        case .integer: .integer(integer(column))
        case .real: .real(real(column))
        case .text: .text(text(column) ?? "")
        case .blob: .blob(blob(column) ?? [])
        case .null: .null
        }
    }
}

// It is part of its connection, which is for one thread at a time.
@available(*, unavailable)
extension Statement: Sendable {}
