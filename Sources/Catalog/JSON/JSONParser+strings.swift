extension JSONParser {
    /// Reads a string from its opening quote to behind its closing one.
    mutating func string() throws(JSONError) -> String {
        let start = offset + 1
        var end = start
        var allBits: UInt8 = 0
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "\""):
                offset = end + 1
                return allBits < 0x80 ? ascii(start..<end) : try text(start..<end)
            case UInt8(ascii: "\\"):
                offset = end
                return try escapedString(from: start)
            case 0x00..<0x20:
                throw failure("a control character in a string must be escaped", at: end)
            case let byte:
                allBits |= byte
                end += 1
            }
        }
        throw failure("the text ends inside a string", at: end)
    }

    /// The common case: plain ASCII needs no validation.
    private func ascii(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// Text without escapes, validated and copied in one go.
    private func text(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw failure("invalid UTF-8", at: invalidByte(in: range))
        }
        return text
    }

    /// The other case: `offset` is at the first backslash.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var result = try text(start..<offset)
        var plain = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                result += try text(plain..<offset)
                offset += 1
                return result
            case UInt8(ascii: "\\"):
                result += try text(plain..<offset)
                result.unicodeScalars.append(try escape())
                plain = offset
            case 0x00..<0x20:
                throw failure("a control character in a string must be escaped")
            default:
                offset += 1
            }
        }
        throw failure("the text ends inside a string")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        offset += 2
        guard start + 1 < bytes.count else { throw failure("the text ends inside a string", at: bytes.count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw failure("unknown escape", at: start)
        }
    }

    /// `offset` is behind `\u`; two escapes may make one scalar.
    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        else { throw failure("half of a surrogate pair", at: start) }
        offset += 2
        let second = try fourDigits()
        // Masked rather than subtracted, because the second escape may be anything.
        let combined = 0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(combined) else {
            throw failure("half of a surrogate pair", at: start)
        }
        return scalar
    }

    private mutating func fourDigits() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = ASCII.hexValue(byte, upperCase: true) else {
                throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            offset += 1
        }
        return value
    }

    /// Finds the byte at which UTF-8 breaks, for the error message alone.
    private func invalidByte(in range: Range<Int>) -> Int {
        var low = range.lowerBound
        while low < range.upperBound {
            let length = (1...4).first { size in
                low + size <= range.upperBound
                    && String(validating: bytes[low..<low + size], as: UTF8.self) != nil
            }
            guard let length else { return low }
            low += length
        }
        return low
    }
}
