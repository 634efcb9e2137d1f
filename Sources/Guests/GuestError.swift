/// Why something with a guest's store was not done: what, which, and what to do.
public struct GuestError: Error, Sendable, CustomStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: Sendable, Hashable {
        /// There is no such guest.
        case notFound
        /// Several are meant.
        case ambiguous
        /// Its time is over.
        case expired
        /// A program is at work in it.
        case inUse
        /// It is not what it should be, or not where it should be.
        case damaged
    }

    /// The kind.
    public let code: Code
    /// One line that says what and which.
    public let message: String
    /// What to do.
    public let hint: String

    init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message with its hint.
    public var description: String { "\(message); \(hint)" }
}
