/// `%20` and the like, as they stand in URLs.
enum PercentCoding {
    /// What the text stands for. Refused is what would end up as a control character, or is no text.
    static func decode(_ text: Substring) throws(NetworkError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            let code = digits.allSatisfy(isDigit) ? UInt8(String(Substring(digits)), radix: 16) : nil
            if byte == UInt8(ascii: "%"), digits.count == 2, let code {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw NetworkAddress.wrong("it has a control character in it")
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw NetworkAddress.wrong("what it spells is no UTF-8")
        }
        return decoded
    }

    /// The same text for a place in a URL; slashes stay.
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// `UInt8` would take a sign too.
    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
}
