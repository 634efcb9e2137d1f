/// What the first line of a request asks for.
struct Target {
    let path: [String]
    let query: Query
    /// The host, where it is named here instead of in a header.
    let authority: String?

    init(_ bytes: [UInt8]) throws(Problem) {
        guard bytes.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") }) else {
            throw .malformed("What is asked for has characters in it that have to be encoded.")
        }
        var rest = bytes[...]
        let scheme = Array("http://".utf8)
        if rest.count > scheme.count, zip(rest, scheme).allSatisfy({ ASCII.lowered($0) == $1 }) {
            rest = rest.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            authority = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[end...]
            if rest.first != UInt8(ascii: "/") { rest = [UInt8(ascii: "/")] + rest }
        } else {
            authority = nil
        }
        guard rest.first == UInt8(ascii: "/") else {
            throw .malformed("What is asked for has to begin with a slash.")
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        path = try Self.path(rest[..<(mark ?? rest.endIndex)].dropFirst())
        query = Query(
            items: try mark.map { (mark) throws(Problem) in try Self.query(rest[mark...].dropFirst()) } ?? [])
    }

    private static func path(_ bytes: ArraySlice<UInt8>) throws(Problem) -> [String] {
        if bytes.isEmpty { return [] }
        var parts: [String] = []
        for piece in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let part = try decoded(piece, plusIsSpace: false)
            guard !part.isEmpty, part != ".", part != ".." else {
                throw .malformed("No part of a path may be empty, '.' or '..'.")
            }
            parts.append(part)
        }
        return parts
    }

    private static func query(_ bytes: ArraySlice<UInt8>) throws(Problem) -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        for piece in bytes.split(separator: UInt8(ascii: "&")) {
            let middle = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            let name = try decoded(piece[..<middle], plusIsSpace: true)
            items.append((name, try decoded(piece[middle...].dropFirst(), plusIsSpace: true)))
        }
        return items
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(Problem) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < bytes.endIndex, let high = ASCII.hexadecimal(bytes[index]),
                    let low = ASCII.hexadecimal(bytes[index + 1])
                else { throw .malformed("A percent sign has to be followed by two hexadecimal digits.") }
                byte = high << 4 | low
                index += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            plain.append(byte)
        }
        guard let text = String(validating: plain, as: UTF8.self), !plain.contains(0) else {
            throw .malformed("What is asked for is no text in UTF-8.")
        }
        return text
    }
}
