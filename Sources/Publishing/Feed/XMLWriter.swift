/// Appends XML 1.0 to a buffer, indented, so that any text comes out of a parser as it went in.
///
/// Only characters that XML cannot have at all are dropped: most control characters, U+FFFE and U+FFFF.
struct XMLWriter {
    private(set) var bytes = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8) + [newline]
    private var depth = 0
    private static let newline = UInt8(ascii: "\n")

    /// Attributes, in the order in which they are written.
    typealias Attributes = KeyValuePairs<String, String>

    /// Writes an element with text in it.
    mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
        open(name, attributes, ">")
        append(text, inAttribute: false)
        close(name)
    }

    /// Writes an element with nothing in it.
    mutating func empty(_ name: String, _ attributes: Attributes) {
        open(name, attributes, "/>")
        bytes.append(Self.newline)
    }

    /// Writes an element with others in it.
    mutating func element(_ name: String, _ attributes: Attributes = [:], _ body: (inout XMLWriter) -> Void) {
        open(name, attributes, ">")
        bytes.append(Self.newline)
        depth += 1
        body(&self)
        depth -= 1
        indent()
        close(name)
    }

    private mutating func indent() {
        for _ in 0..<depth { bytes += "  ".utf8 }
    }

    private mutating func open(_ name: String, _ attributes: Attributes, _ end: String) {
        indent()
        bytes += "<\(name)".utf8
        for (key, value) in attributes {
            bytes += " \(key)=\"".utf8
            append(value, inAttribute: true)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes += end.utf8
    }

    private mutating func close(_ name: String) {
        bytes += "</\(name)>".utf8
        bytes.append(Self.newline)
    }

    private mutating func append(_ text: String, inAttribute: Bool) {
        var text = text
        text.withUTF8 { utf8 in
            var plain = 0
            var index = 0
            while index < utf8.count {
                guard let (length, written) = Self.replacement(in: utf8, at: index, inAttribute: inAttribute) else {
                    index += 1
                    continue
                }
                bytes += utf8[plain..<index]
                bytes += written.utf8
                index += length
                plain = index
            }
            bytes += utf8[plain...]
        }
    }

    /// How many bytes cannot stand as they are, and what stands for them; nil where they can.
    private static func replacement(
        in utf8: UnsafeBufferPointer<UInt8>, at index: Int, inAttribute: Bool
    ) -> (length: Int, written: String)? {
        switch utf8[index] {
        case UInt8(ascii: "&"): (1, "&amp;")
        case UInt8(ascii: "<"): (1, "&lt;")
        // Always, so that `]]>` never comes about.
        case UInt8(ascii: ">"): (1, "&gt;")
        case UInt8(ascii: "\"") where inAttribute: (1, "&quot;")
        // A parser would make a blank of these in an attribute, and a line feed of a carriage return anywhere.
        case UInt8(ascii: "\t") where inAttribute: (1, "&#9;")
        case UInt8(ascii: "\n") where inAttribute: (1, "&#10;")
        case UInt8(ascii: "\r"): (1, "&#13;")
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"): nil
        case 0x00..<0x20: (1, "")
        case 0xEF where isNoncharacter(utf8, index): (3, "")
        default: nil
        }
    }

    /// Whether U+FFFE or U+FFFF stands there.
    private static func isNoncharacter(_ utf8: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        utf8[index + 1] == 0xBF && utf8[index + 2] >= 0xBE
    }
}
