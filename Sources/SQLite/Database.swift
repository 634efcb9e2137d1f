import CSQLite

/// One connection to one database file.
///
/// For one thread at a time: whoever shares it puts it behind a lock. Statements hold on to their connection, so that it
/// is closed after the last of them.
public final class Database {
    /// How the file is opened.
    public enum Mode: Sendable {
        /// It must exist and is not written to; others may write to it meanwhile.
        case readOnly
        /// It must exist.
        case readWrite
        /// It is made where it is missing.
        case create
        /// It must exist and nobody writes to it: read without locks, as on a medium that cannot be written to.
        case immutable
    }

    let raw: OpaquePointer
    /// How many seconds it waits for others.
    let patience: Double
    private var statements: [String: Statement] = [:]

    /// Opens the database at `path`, and waits up to `busyTimeout` seconds whenever somebody else holds it.
    ///
    /// Opening a file that is no database succeeds; the first statement finds out.
    public convenience init(_ path: String, mode: Mode, busyTimeout: Double = 5) throws(SQLiteError) {
        try self.init(path: Array(path.utf8), mode: mode, busyTimeout: busyTimeout)
    }

    /// The same for a path whose bytes need not be text.
    public init(path: [UInt8], mode: Mode, busyTimeout: Double = 5) throws(SQLiteError) {
        let access =
            switch mode {
            case .readOnly, .immutable: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        let name = (mode == .immutable ? Self.immutableName(path) : path).map { CChar(bitPattern: $0) } + [0]
        let context = String(decoding: path, as: UTF8.self)
        let flags = access | SQLITE_OPEN_NOMUTEX | (mode == .immutable ? SQLITE_OPEN_URI : 0)
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(name, &opened, flags, nil)
        guard let opened else { throw SQLiteError(status, message: "out of memory", context: context) }
        guard status == SQLITE_OK else {
            let error = Self.failure(of: opened, context: context)
            sqlite3_close_v2(opened)
            throw error
        }
        raw = opened
        patience = busyTimeout
        sqlite3_extended_result_codes(raw, 1)
        sqlite3_busy_timeout(raw, Int32(min(busyTimeout, 1e6) * 1000))
    }

    deinit {
        statements = [:]
        // "close_v2" waits for statements that are still alive, whatever the order of destruction.
        sqlite3_close_v2(raw)
    }

    /// The path as a URI, every byte escaped that might mean something there.
    private static func immutableName(_ path: [UInt8]) -> [UInt8] {
        var name = Array("file:".utf8)
        for byte in path {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"):
                name.append(byte)
            default:
                let digits = String(byte, radix: 16)
                name += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            }
        }
        return name + Array("?immutable=1".utf8)
    }

    static func failure(of raw: OpaquePointer, context: String) -> SQLiteError {
        SQLiteError(sqlite3_extended_errcode(raw), message: String(cString: sqlite3_errmsg(raw)), context: context)
    }

    /// Runs the statements in `sql`, one after the other, and drops what they answer.
    public func execute(_ sql: String) throws(SQLiteError) {
        guard sqlite3_exec(raw, sql, nil, nil, nil) == SQLITE_OK else { throw Self.failure(of: raw, context: sql) }
    }

    /// The statement of that text, ready to be given values; prepared once and kept.
    ///
    /// Whoever asks again for the same text gets the same statement, so one use of it must be over before the next.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        let statement = try Statement(sql, on: raw, isKept: true)
        statements[sql] = statement
        return statement
    }

    /// Runs one statement with the values in the places of its question marks, and drops what it answers.
    public func run(_ sql: String, _ values: Value...) throws(SQLiteError) {
        let statement = try prepare(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// How many rows the last statement that wrote changed, triggers aside.
    public var changes: Int { Int(sqlite3_changes64(raw)) }

    /// The row id of the last row that was inserted.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(raw) }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { sqlite3_get_autocommit(raw) == 0 }
}

// Its statements and its last error belong to whoever called last: two threads would read each other's.
@available(*, unavailable)
extension Database: Sendable {}
