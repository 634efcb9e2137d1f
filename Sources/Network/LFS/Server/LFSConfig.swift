/// What a remote's `.lfsconfig` says: a file that anybody with access may have written.
///
/// Only those of git's settings count that git-lfs takes from there: none of them names a program or a file.
public struct LFSConfig: Sendable, Hashable {
    private var values: [String: String] = [:]

    /// A larger file says nothing.
    public static let sizeLimit = 1 << 16

    /// Says nothing.
    public init() {}

    /// Reads the file as git reads its configuration. A line that makes no sense says nothing, and no file is included.
    public init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.sizeLimit else { return }
        var reader = LFSConfigReader(bytes)
        while let (name, value) = reader.next() {
            if Self.isAllowed(name) { values[name] = value }
        }
    }

    /// The value of a setting, the last where it is written several times; section and variable are in small letters.
    public subscript(_ name: String) -> String? { values[name] }

    private static func isAllowed(_ name: String) -> Bool {
        if ["lfs.url", "lfs.pushurl", "lfs.locksverify", "lfs.allowincompletepush"].contains(name) { return true }
        return name.hasPrefix("remote.") && name.hasSuffix(".lfsurl")
    }
}

/// Takes the lines of a configuration apart.
private struct LFSConfigReader {
    private var rest: ArraySlice<UInt8>
    private var section = ""

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    }

    /// The next setting; nil at the end.
    mutating func next() -> (name: String, value: String)? {
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "["): readSection()
            case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
            case _ where Self.isLetter(byte):
                let name = readName()
                if let value = readValue(), !section.isEmpty { return ("\(section).\(name)", value) }
            default: rest = rest.dropFirst()
            }
        }
        return nil
    }

    private mutating func skipLine() { rest = rest.drop { $0 != UInt8(ascii: "\n") } }

    /// Reads `[name]` or `[name "sub"]`; after anything else nothing counts until the next.
    private mutating func readSection() {
        section = ""
        rest = rest.dropFirst()
        let name = rest.prefix { Self.isLetter($0) || 48...57 ~= $0 || $0 == UInt8(ascii: ".") || $0 == 45 }
        rest = rest[name.endIndex...].drop { $0 == 32 || $0 == 9 }
        var sub: [UInt8]?
        if rest.first == UInt8(ascii: "\"") {
            rest = rest.dropFirst()
            var text: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                guard byte != UInt8(ascii: "\n") else { return }
                text.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
            }
            sub = text
        }
        guard rest.first == UInt8(ascii: "]") else { return skipLine() }
        rest = rest.dropFirst()
        section = String(decoding: name, as: UTF8.self).lowercased()
        if let sub { section += "." + String(decoding: sub, as: UTF8.self) }
    }

    private mutating func readName() -> String {
        let name = rest.prefix { Self.isLetter($0) || 48...57 ~= $0 || $0 == 45 }
        rest = rest[name.endIndex...]
        return String(decoding: name, as: UTF8.self).lowercased()
    }

    /// Reads to the end of the line, or of those that it goes on with; nil where it is none.
    private mutating func readValue() -> String? {
        rest = rest.drop { $0 == 32 || $0 == 9 || $0 == 13 }
        // A name alone means that it is so.
        guard rest.first == UInt8(ascii: "=") else {
            let isAlone = rest.isEmpty || [10, 35, 59].contains(rest[rest.startIndex])
            skipLine()
            return isAlone ? "true" : nil
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        // How much of it counts: blanks at the end do not, unless they are quoted.
        var length = 0
        var isQuoted = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\n"): return isQuoted ? nil : String(decoding: value[..<length], as: UTF8.self)
            case UInt8(ascii: "\""): isQuoted.toggle()
            case 35 where !isQuoted, 59 where !isQuoted:
                skipLine()
                return String(decoding: value[..<length], as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                guard next != UInt8(ascii: "\n") else { continue }
                value.append(next == UInt8(ascii: "n") ? 10 : next == UInt8(ascii: "t") ? 9 : next)
                length = value.count
            case 32, 9, 13:
                if isQuoted || !value.isEmpty { value.append(byte) }
                if isQuoted { length = value.count }
            default:
                value.append(byte)
                length = value.count
            }
        }
        return isQuoted ? nil : String(decoding: value[..<length], as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 65...90 ~= byte || 97...122 ~= byte }
}
