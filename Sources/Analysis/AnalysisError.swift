/// Why audio could not be analysed, or an analysis not be read.
public struct AnalysisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable {
        /// The file is no audio that can be decoded.
        case notAudio
        /// The file cannot be decoded to its end, or the blob is not what it says.
        case damaged
        /// It announces or holds more than is taken.
        case tooLarge
        /// The file changed while it was read.
        case changed
        /// What was chosen about the analysis cannot be.
        case badSettings
        /// Somebody wanted it to end.
        case cancelled
        /// The system could not read it.
        case io
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The end of a sentence that begins with the name of the file or blob, for example `is cut off`.
    public let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason as a sentence of its own.
    public var description: String { "it \(reason)" }
}
