/// Text that came from outside, made safe to print on a terminal.
///
/// A file name may hold escape sequences that recolour, retitle or rewrite the terminal, line breaks that forge
/// further lines of output, and marks that turn the reading order round. All of them are shown, none is obeyed.
enum Visible {
    /// Returns the text of UTF-8 bytes with every control character written out.
    ///
    /// Bytes that are no UTF-8 come out as `\xff`, control characters as `\n`, `\t` or `\x1b`, and characters that
    /// would break the line or reorder it as `\u{202e}`.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return String(decoding: bytes, as: UTF8.self) }
        var result = ""
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var position = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &rest) {
            case .emptyInput:
                return result
            case .valid(let encoded):
                append(Unicode.UTF8.decode(encoded), to: &result)
                bytes.formIndex(&position, offsetBy: encoded.count)
            case .error(let length):
                for _ in 0..<length {
                    result += "\\x" + hexadecimal(UInt32(bytes[position]))
                    bytes.formIndex(after: &position)
                }
            }
        }
    }

    /// Returns the text with every control character written out.
    static func text(_ string: String) -> String { text(string.utf8) }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
            result += "\\x" + hexadecimal(scalar.value)
        case _ where isTreacherous(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }

    /// Line and paragraph separators, the marks that change the direction of text, and the byte order mark.
    private static func isTreacherous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }
}
