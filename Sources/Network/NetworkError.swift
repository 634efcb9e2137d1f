/// Why another computer did not do what was asked: what, which, and what to do.
public struct NetworkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: String, Sendable {
        /// It cannot be reached now, or cannot do it now; perhaps later.
        case offline
        /// It does not believe who we are, or we do not believe who it is; or it does not allow this.
        case denied
        /// What is there is not what it should be, or it refuses this for good.
        case refused
        /// What it should have is not there.
        case missing
        /// It has no room for it, or its limits are used up.
        case noSpace
        /// Somebody here wanted an end.
        case stopped
        /// Something on this computer is missing or fails.
        case local
    }

    /// The kind.
    public let code: Code
    /// One line that says what and which.
    public let message: String
    /// One line that says what to do, where there is something.
    public let hint: String?

    /// Makes an error of a kind.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message with its hint.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}
