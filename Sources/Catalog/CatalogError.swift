/// Says why something that a person or a program asked of the catalog cannot be done.
///
/// The message is one line that says what, which, and what to do. A record that cannot be *read* is an
/// `Unreadable` instead, and text that is no JSON a `JSONError`.
public struct CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The code's name, as shown to programs.
        public let rawValue: String

        /// Makes a code of a name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such field.
        public static let unknownField = Code(rawValue: "unknown-field")
        /// The field exists, but not for editing by hand.
        public static let notEditable = Code(rawValue: "not-editable")
        /// The value has the wrong type or form.
        public static let invalidValue = Code(rawValue: "invalid-value")
        /// The value is longer or greater than the field allows, or the record grew past its limit.
        public static let overLimit = Code(rawValue: "over-limit")
        /// The stamp of an edit is older than what it would replace.
        public static let staleStamp = Code(rawValue: "stale-stamp")
        /// A query or an edit is not written as it should be.
        public static let invalidSyntax = Code(rawValue: "invalid-syntax")
    }

    /// What kind of mistake it is.
    public let code: Code

    /// One line for a person.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
