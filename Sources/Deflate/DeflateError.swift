/// Why bytes could not be packed or unpacked.
public struct DeflateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable {
        /// They are not in zlib's format, or their checksum is wrong.
        case corrupt
        /// They end too early.
        case truncated
        /// They unpack to more than the caller was ready to take.
        case overLimit
        /// There was not enough memory.
        case memory
    }

    /// The kind of failure.
    public let code: Code
    /// What the library says beyond the code.
    public let detail: String?

    init(_ code: Code, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    /// One line that says what is wrong with the bytes.
    public var description: String {
        let what =
            switch code {
            case .corrupt: "the packed bytes are damaged"
            case .truncated: "the packed bytes end too early"
            case .overLimit: "the bytes unpack to more than expected"
            case .memory: "there is not enough memory to unpack the bytes"
            }
        return detail.map { "\(what): \($0)" } ?? what
    }
}
