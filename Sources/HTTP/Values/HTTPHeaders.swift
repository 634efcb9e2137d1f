/// The header lines of a request or an answer, in their order.
public struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
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
        get { all(name).first }
        set {
            lines.removeAll { Self.same($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// The values of all lines with that name, in capitals or not.
    public func all(_ name: String) -> [String] { lines.filter { Self.same($0.name, name) }.map(\.value) }

    /// Adds a line at the end.
    public mutating func append(_ name: String, _ value: String) { lines.append(Line(name: name, value: value)) }

    /// The names alone: values may be secrets, and what is printed ends up in logs.
    public var description: String { lines.map(\.name).joined(separator: ", ") }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8) { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}

extension HTTPHeaders.Line {
    /// Refuses what would end the line and begin another, or is no name.
    func check() throws(HTTPError) {
        let marks = Array("!#$%&'*+-.^_`|~".utf8)
        let isName =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: marks.contains(byte)
                }
            }
        guard isName else { throw HTTPError(.badHeader, "a header of the request has no proper name") }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw HTTPError(.badHeader, "the header \(name) has a line break or another control character in it")
        }
    }
}
