/// A program that runs in the place of this one: at its terminal, in its process group, with its standard streams.
///
/// What ``Program`` is for one that works for us, this is for one that works for the person who called us. Whatever that
/// person can do with it in a shell stays possible: to type, to stop it and go on, to run a shell in it.
public struct Foreground: Sendable {
    /// The program and its arguments; a name without a slash is looked for in this process's `PATH`.
    public var words: [[UInt8]]
    /// Variables that it has beside those of this process, or in their stead.
    public var variables: [(name: String, value: [UInt8])] = []
    /// A descriptor of this process that it has too, and with it what it starts.
    public var inherited: Int32?
    /// Whether what it writes to standard output goes to this process's standard error.
    public var isOutputDiverted = false
    /// Whether all that the program starts is ended with it, also what has become a daemon.
    ///
    /// Only for a process that starts no others meanwhile: every descendant of this process counts.
    public var endsDescendants = false
    /// How long what is left has to end in order, once it is asked to.
    public var grace: Duration = .seconds(2)
    /// How long is waited for what was killed, and does not go: the system may be in the middle of something for it.
    public var patience: Duration = .seconds(5)

    /// Names a program and its arguments.
    public init(words: [[UInt8]]) { self.words = words }

    /// A signal by which somebody wants an end.
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
        /// How it ended.
        public let ending: Program.Ending
        /// The numbers of what it started and nothing could end.
        public let survivors: [Int32]
    }

    /// What a person knows the program by.
    var name: String { words.first.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
