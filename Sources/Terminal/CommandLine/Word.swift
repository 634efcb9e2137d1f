/// One word of the call: the bytes that the shell handed over, which need not be UTF-8.
struct Word: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The bytes, without the terminating zero.
    let bytes: [UInt8]

    init(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    init(_ string: String) {
        bytes = Array(string.utf8)
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    /// The word as text, or nil if its bytes are no UTF-8.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The word for people: nothing in it can steer a terminal.
    var description: String { Visible.text(bytes) }

    func hasPrefix(_ prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

    func dropping(_ count: Int) -> Word { Word(bytes: bytes.dropFirst(count)) }

    /// Splits `name=value` at the first equals sign; the value is nil where there is none.
    func splitAtEquals() -> (name: Word, value: Word?) {
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return (self, nil) }
        return (Word(bytes: bytes[..<equals]), Word(bytes: bytes[(equals + 1)...]))
    }
}
