import Glibc

/// What went wrong with a file: the kind, what was being done, and to which path.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure: the system's number, or one of this target's own below zero.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The system's `errno`, or a number below zero.
        public let rawValue: Int32

        /// Takes any number; those without a name here are kept as they are.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// There is nothing of that name.
        public static let notFound = Code(rawValue: ENOENT)
        /// There already is something of that name.
        public static let exists = Code(rawValue: EEXIST)
        /// The permissions do not allow it.
        public static let permission = Code(rawValue: EACCES)
        /// Only the owner or the administrator may do it.
        public static let notPermitted = Code(rawValue: EPERM)
        /// It is a directory.
        public static let isDirectory = Code(rawValue: EISDIR)
        /// Something on the way to it is no directory.
        public static let notDirectory = Code(rawValue: ENOTDIR)
        /// The directory has something in it.
        public static let notEmpty = Code(rawValue: ENOTEMPTY)
        /// The disk is full.
        public static let noSpace = Code(rawValue: ENOSPC)
        /// The person's share of the disk is used up.
        public static let quota = Code(rawValue: EDQUOT)
        /// The file would become larger than the file system allows.
        public static let tooBig = Code(rawValue: EFBIG)
        /// The medium cannot be written to.
        public static let readOnly = Code(rawValue: EROFS)
        /// The device failed.
        public static let io = Code(rawValue: EIO)
        /// Somebody else has it.
        public static let wouldBlock = Code(rawValue: EWOULDBLOCK)
        /// There are too many symbolic links on the way, or one where none may be.
        public static let tooManyLinks = Code(rawValue: ELOOP)
        /// The name is longer than the file system allows.
        public static let nameTooLong = Code(rawValue: ENAMETOOLONG)
        /// The two names are on different file systems.
        public static let otherDevice = Code(rawValue: EXDEV)
        /// There is nobody at the other end of the pipe or device.
        public static let noDevice = Code(rawValue: ENXIO)
        /// The system does not take what it was asked.
        public static let invalid = Code(rawValue: EINVAL)
        /// The file changed while it was being read.
        public static let changed = Code(rawValue: -1)
        /// It is a directory, pipe, device or socket where a plain file was needed.
        public static let notRegular = Code(rawValue: -2)
        /// It has more bytes than the caller was ready to take.
        public static let overLimit = Code(rawValue: -3)
        /// It ended before the bytes that were asked for.
        public static let truncated = Code(rawValue: -4)
    }

    /// The kind of failure.
    public let code: Code
    /// What was being done, as a verb that follows "cannot": "write", "open".
    public let operation: String
    /// What it was being done to.
    public let path: FilePath
    /// What can be said beyond the code.
    public let detail: String?

    /// Describes a failure of `operation` on `path`.
    public init(_ code: Code, _ operation: String, _ path: FilePath, detail: String? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
        self.detail = detail
    }

    /// Describes what the system's `errno` tells.
    init(_ number: Int32, _ operation: String, _ path: FilePath) {
        self.init(Code(rawValue: number), operation, path)
    }

    /// Whether there was no room: the disk is full or the person's share of it used up.
    public var isOutOfSpace: Bool { code == .noSpace || code == .quota }

    /// Whether there is nothing of that name, or what should be its folder is none.
    public var isAbsent: Bool { code == .notFound || code == .notDirectory }

    /// Whether the file may not be touched by this user, or not on this medium.
    public var isDenied: Bool { code == .permission || code == .notPermitted || code == .readOnly }

    /// Whether a second name cannot be given: it would be on another disk, or there are no such things, or too many.
    public var isOfLinking: Bool {
        [EXDEV, EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code.rawValue)
    }

    /// One line: what could not be done, to which path, and why.
    public var description: String {
        "cannot \(operation) \(path): \(detail ?? Self.reason(code))"
    }

    private static func reason(_ code: Code) -> String {
        switch code {
        case .changed: "it changed while it was being read"
        case .notRegular: "it is not a plain file"
        case .overLimit: "it is larger than expected"
        case .truncated: "it ends too early"
        default: systemReason(code.rawValue)
        }
    }

    private static func systemReason(_ number: Int32) -> String {
        // `strerror` answers from a table, or from a buffer of this thread.
        let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        // "Is a directory", but "RPC struct is bad": a word in capitals stays.
        guard let first = text.first, let second = text.dropFirst().first, !second.isUppercase else { return text }
        return first.lowercased() + text.dropFirst()
    }
}
