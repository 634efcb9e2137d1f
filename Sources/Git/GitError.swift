/// Why something with a repository could not be done.
///
/// `description` is one line that says what, and with which object, ref or path. It never holds secrets,
/// because nothing in this target ever sees one.
public struct GitError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, in terms that a caller can act upon.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code's name.
        public let rawValue: String
        /// Creates a code of that name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such object, reference or setting.
        public static let notFound = Code(rawValue: "notFound")
        /// What was to be made is already there.
        public static let exists = Code(rawValue: "exists")
        /// A shortened id means more than one object.
        public static let ambiguous = Code(rawValue: "ambiguous")
        /// A name, id or argument breaks git's rules.
        public static let invalid = Code(rawValue: "invalid")
        /// Somebody else holds a lock; `path` names the lock file.
        public static let locked = Code(rawValue: "locked")
        /// A reference no longer is where the caller thought: another writer was first.
        public static let moved = Code(rawValue: "moved")
        /// Bytes on disk are not what they must be.
        public static let corrupt = Code(rawValue: "corrupt")
        /// The folder is not a bare git repository.
        public static let notARepository = Code(rawValue: "notARepository")
        /// An object is larger than the caller's limit.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// A path has more levels than are supported.
        public static let tooDeep = Code(rawValue: "tooDeep")
        /// An object exists but is of another kind.
        public static let wrongKind = Code(rawValue: "wrongKind")
        /// The disk or its quota is full.
        public static let noSpace = Code(rawValue: "noSpace")
        /// The operating system refused to read or write.
        public static let fileSystem = Code(rawValue: "fileSystem")
        /// Memory ran out.
        public static let outOfMemory = Code(rawValue: "outOfMemory")
        /// Something that has no code of its own here; `status` and `message` tell more.
        public static let other = Code(rawValue: "other")

        /// The code's name.
        public var description: String { rawValue }
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong, in a sentence.
    public let message: String
    /// The function that failed: libgit2's where `status` is not zero, ours elsewhere.
    public let call: String
    /// The object id, reference or path that it was about.
    public let subject: String?
    /// The file that stands in the way, for `locked`.
    public let path: String?
    /// What libgit2 returned, zero where libgit2 was not involved.
    public let status: Int32
    /// libgit2's class of the error (`git_error_t`), zero where there was none.
    public let category: Int32
    /// The error of a lower floor that led to this one.
    public let cause: (any Error)?

    init(
        _ code: Code, _ message: String, call: String, subject: String? = nil, path: String? = nil,
        status: Int32 = 0, category: Int32 = 0, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.call = call
        self.subject = subject
        self.path = path
        self.status = status
        self.category = category
        self.cause = cause
    }

    /// One line: the object, reference or path, what went wrong, and in which call.
    public var description: String {
        if let subject, !message.utf8.elementsEqual(subject.utf8) {
            return "\(subject): \(message) (\(call))"
        }
        return "\(message) (\(call))"
    }
}
