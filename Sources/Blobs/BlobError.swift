public import Files
public import SQLite

/// Why a file could not be put, opened or counted.
public struct BlobError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Hashable {
        /// The file changed while it was being read.
        case changed
        /// It is a directory, pipe, device or socket.
        case notRegular(FileKind)
        /// There is no such file to be put, or none of that content here.
        case missing
        /// The file may not be read.
        case denied
        /// There is no room: so many bytes are needed, so many are free.
        case noSpace(needed: Int64, free: Int64)
        /// What is stored is not what its name says.
        case damaged
        /// It has more bytes than the caller was ready to take.
        case overLimit
        /// The files here would have more bytes than they may.
        case overQuota
        /// The journal cannot be read or written.
        case journal
        /// The file system refused something else.
        case fileSystem
    }

    /// The kind of failure.
    public let code: Code
    /// What could not be done, to what, and why.
    public let message: String
    /// What the file system said.
    public let fileError: FileError?
    /// What the journal's database said.
    public let databaseError: SQLiteError?

    init(_ code: Code, _ message: String, file: FileError? = nil, database: SQLiteError? = nil) {
        self.code = code
        self.message = message
        fileError = file
        databaseError = database
    }

    /// Translates what the file system said.
    public init(_ error: FileError) {
        let code: Code =
            switch error.code {
            case .changed: .changed
            case .notFound, .notDirectory: .missing
            case .permission, .notPermitted, .readOnly: .denied
            case .overLimit: .overLimit
            case .noSpace, .quota: .noSpace(needed: 0, free: 0)
            default: .fileSystem
            }
        self.init(code, error.description, file: error)
    }

    /// Translates what the journal's database said.
    init(_ error: SQLiteError) {
        let code: Code = error.isFull ? .noSpace(needed: 0, free: 0) : .journal
        self.init(code, "cannot use the journal of files: \(error)", database: error)
    }

    /// Keeps what is one already, and translates the rest.
    init(_ error: any Error) {
        switch error {
        case let error as BlobError: self = error
        case let error as FileError: self.init(error)
        case let error as SQLiteError: self.init(error)
        default: self.init(.fileSystem, "\(error)")
        }
    }

    /// What could not be done, to what, and why.
    public var description: String { message }
}

/// Calls `body` and translates what it throws.
@inline(__always)
func translated<Result>(_ body: () throws -> Result) throws(BlobError) -> Result {
    do {
        return try body()
    } catch {
        throw BlobError(error)
    }
}
