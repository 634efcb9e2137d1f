/// Says why a record cannot be read.
///
/// Such a record is left as it is, skipped in views, and named with this reason by whoever looks after the store.
public struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The code's name, as shown to programs.
        public let rawValue: String

        /// Makes a code of a name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The file is larger than a record may be.
        public static let tooLarge = Code(rawValue: "too-large")
        /// The text is no strict JSON, or no object.
        public static let malformed = Code(rawValue: "malformed")
        /// A field is missing or has the wrong type.
        public static let wrongField = Code(rawValue: "wrong-field")
        /// The record names another identity than the path that it lies at.
        public static let wrongPlace = Code(rawValue: "wrong-place")
        /// The record was written by a program whose format this one does not know.
        public static let newerFormat = Code(rawValue: "newer-format")
    }

    /// What kind of fault it is.
    public let code: Code

    /// Which record, and what is wrong with which field of it, on one line.
    public let reason: String

    /// Where the text stops being JSON, if it does.
    public let cause: JSONError?

    init(_ code: Code, _ reason: String, cause: JSONError? = nil) {
        self.code = code
        self.reason = reason
        self.cause = cause
    }

    /// The reason.
    public var description: String { reason }
}
