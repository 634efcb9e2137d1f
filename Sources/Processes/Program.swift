/// A program, and how it is to be run.
public struct Program: Sendable {
    /// The program and its arguments, as bytes, since names of files are.
    ///
    /// A name without a slash is looked for in this process's `PATH`; one that is relative begins where this process is,
    /// not at ``directory``.
    public var words: [[UInt8]]
    /// `NAME=value` for each variable; nil for this process's own.
    public var environment: [[UInt8]]?
    /// Where it runs; nil for where this process is.
    public var directory: [UInt8]?
    /// What it reads from standard input.
    public var input: [UInt8] = []
    /// What becomes of what it writes to standard output.
    public var output = Output.collected(limit: 1 << 20)
    /// How long it may take; nil for any length.
    public var timeLimit: Duration?
    /// How long it may take to end in order, once it is asked to.
    public var grace: Duration = .seconds(2)
    /// Whether it may ask the person at this process's terminal: then it stays in this process's group, since the terminal
    /// stops any other that reads from it, and a Ctrl-C ends both.
    public var asksAtTerminal = false
    /// Whether what it started may go on when it has ended by itself, as a helper that remembers passwords does.
    public var leavesOthers = false

    /// Names a program and its arguments.
    public init(words: [[UInt8]]) { self.words = words }

    /// Names a program and its arguments.
    public init(_ words: String...) { self.init(words: words.map { Array($0.utf8) }) }

    /// What becomes of standard output.
    public enum Output: Sendable {
        /// It is kept in memory; with more than `limit` bytes the program is ended.
        case collected(limit: Int)
        /// It goes to a new file, or over what the file held. How large that becomes is for the caller to watch.
        case file([UInt8])
        /// Nobody wants it.
        case discarded
    }

    /// How a program ended.
    public enum Ending: Sendable, Hashable, CustomStringConvertible {
        /// By itself, with this status.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)

        /// Reads what the system says of a program that has ended.
        init(status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        }

        /// How it ended, in words that follow the program's name.
        public var description: String {
            switch self {
            case .exited(let status): "ended with status \(status)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        }
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// How it ended.
        public let ending: Ending
        /// Standard output, where it was collected.
        public let output: [UInt8]
        /// The last of standard error, up to 16 KiB.
        public let complaint: [UInt8]

        /// Whether it ended by itself with status 0.
        public var isSuccess: Bool { ending == .exited(0) }

        /// The last line of standard error that has something in it, fit to be shown; nil where there is none.
        public var lastComplaint: String? { complaints.last }

        /// The lines of standard error that have something in them, fit to be shown.
        public var complaints: [String] {
            let text = String(decoding: complaint, as: UTF8.self)
            return text.split { $0.isNewline }.filter { line in line.contains { !$0.isWhitespace } }.map { line in
                let shown = line.unicodeScalars.map {
                    $0.properties.generalCategory == .control ? " " : Character($0)
                }
                return String(String(shown).prefix(300))
            }
        }
    }

    /// What a person knows the program by.
    var name: String { words.first.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
