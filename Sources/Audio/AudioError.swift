/// Why a file gave no facts.
public struct AudioError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable {
        /// The file is something else, or audio in a format that is not read.
        case notAudio
        /// The file begins like audio and cannot be read on.
        case damaged
        /// The file announces what cannot be, such as no channels.
        case absurd
        /// Not a regular file.
        case notRegular
        /// The file is not what it was when it was opened.
        case changed
        /// The system could not read it.
        case io
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The end of a sentence that begins with the file's name, for example `is a JPEG picture`.
    public let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason as a sentence of its own.
    public var description: String { "the file \(reason)" }
}
