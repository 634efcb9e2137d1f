/// The header lines of a request or an answer, in their order.
public struct Headers: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    /// One line.
    public struct Line: Sendable, Hashable {
        /// The name as it is written.
        public let name: String
        /// The value, without the space around it.
        public let value: String
    }

    /// The lines.
    public private(set) var lines: [Line] = []

    /// Makes an empty list.
    public init() {}

    /// Makes a list of names and values; a name may be there more than once.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// The value of the first line with that name, in capitals or not; setting takes all of that name away.
    public subscript(_ name: String) -> String? {
        get { lines.first { Self.same($0.name, name) }?.value }
        set {
            lines.removeAll { Self.same($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// The values of all lines with that name, in capitals or not.
    public func all(_ name: String) -> [String] { lines.filter { Self.same($0.name, name) }.map(\.value) }

    /// Adds a line at the end. What no answer may say is found when it is sent.
    public mutating func append(_ name: String, _ value: String) { lines.append(Line(name: name, value: value)) }

    /// The names alone: values may be secrets, and what is printed ends up in logs.
    public var description: String { lines.map(\.name).joined(separator: ", ") }

    static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && left.utf8.elementsEqual(right.utf8) { $0 == $1 || ASCII.lowered($0) == ASCII.lowered($1) }
    }
}

extension Headers.Line {
    /// Whether it can be sent: nothing in it ends the line and begins another.
    var isProper: Bool { ASCII.isToken(name.utf8) && value.utf8.allSatisfy(ASCII.isText) }
}

/// What bytes mean in heads.
enum ASCII {
    static func lowered(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    /// Whether it is a name, of a method or a header.
    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
                case UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "^")...UInt8(ascii: "`"): true
                case UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// Whether it may stand in the value of a header.
    static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
