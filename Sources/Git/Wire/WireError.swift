/// Why a conversation with a git server came to nothing. What a channel throws is passed on as it is, and is none of these.
public struct WireError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, in terms that a caller can act upon.
    public enum Code: String, Sendable {
        /// What answers is no git server: a web page, a shell, a login's greeting.
        case notGit
        /// A git server says what has no place there.
        case garbage
        /// The server ended in the middle.
        case cutOff
        /// The server says why it will not; `words` are its own.
        case refusedByServer
        /// It is more than the limits that were given.
        case tooLarge
        /// The pack is not what it should be. Nothing of it was kept.
        case damagedPack
        /// The server lacks, or demands, what is not spoken here.
        case unsupported
        /// All was sent and no answer came: nobody knows whether it was done. `cause` is what the channel threw, if it did.
        case unanswered
        /// Somebody here wanted an end.
        case stopped
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong, in one line.
    public let message: String
    /// What the server said itself, in one line without control characters.
    public let words: String?
    /// The error of the channel that led to this one.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, words: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.words = words
        self.cause = cause
    }

    /// One line.
    public var description: String { words.map { "\(message): \($0)" } ?? message }

    static func refused(_ words: [UInt8]) -> WireError {
        WireError(.refusedByServer, "the git server refuses", words: WireText.line(words))
    }

    static func cutOff(_ where: String) -> WireError {
        WireError(.cutOff, "the git server ended the connection \(`where`)")
    }

    static func garbage(_ what: String, _ bytes: some Collection<UInt8>) -> WireError {
        WireError(.garbage, "the git server says what \(what)", words: WireText.line(bytes))
    }

    static func damaged(_ what: String) -> WireError {
        WireError(.damagedPack, "the git server sent a damaged pack: \(what)")
    }

    static var stopped: WireError { WireError(.stopped, "stopped before it was done") }
}

/// What a server says, made fit to be shown: servers are not trusted with a terminal.
enum WireText {
    private static let limit = 300

    /// One line of at most so many characters, without control characters and what changes the direction of writing.
    static func line(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(4 * limit), as: UTF8.self)
        var line = ""
        var count = 0
        var gap = false
        for character in text.unicodeScalars {
            switch character.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: gap = !line.isEmpty
            case .format, .surrogate, .privateUse, .unassigned: continue
            default:
                if gap { line += " " }
                gap = false
                line.unicodeScalars.append(character)
                count += 1
                if count == limit { return line + "…" }
            }
        }
        return line
    }
}
