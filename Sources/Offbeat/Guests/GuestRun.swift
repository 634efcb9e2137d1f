public import Guests

/// A program that is to be run as a guest.
public struct GuestRun: Sendable {
    /// The program and its arguments.
    public var words: [[UInt8]]
    /// Variables that it gets beside those of this process, for the store that was made for it.
    public var variables: @Sendable (Scratch) -> [(name: String, value: [UInt8])]
    /// Whether what it writes to standard output goes to standard error.
    public var isOutputDiverted = false

    /// Names a program, and what it finds in its environment.
    public init(
        words: [[UInt8]], variables: @escaping @Sendable (Scratch) -> [(name: String, value: [UInt8])]
    ) {
        self.words = words
        self.variables = variables
    }

    /// A signal by which somebody wants an end of the program.
    public struct Stop: Sendable, Hashable {
        /// The signal.
        public let signal: Int32
        /// Whether the terminal sent it, and so the program has got it already.
        public let isFromTerminal: Bool

        /// Says which signal came, and from where.
        public init(_ signal: Int32, isFromTerminal: Bool) {
            self.signal = signal
            self.isFromTerminal = isFromTerminal
        }
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The guest that there was.
        public let guest: GuestID
        /// The program's exit status; nil where a signal ended it.
        public let status: Int32?
        /// The signal that ended it.
        public let signal: Int32?
        /// What could not be cleaned up, in words for a person.
        public let remarks: [String]

        /// The status as shells say it: that of the program, or 128 and the signal's number.
        public var exit: Int32 { status ?? 128 + (signal ?? 0) }
    }
}
