/// The text of one configuration file, read as git reads it.
///
/// Not by libgit2: that follows includes by itself, and fails at one below the home, which it is not to know of.
struct ConfigurationText {
    private var rest: ArraySlice<UInt8>
    private var line = 1
    /// The name of the section that the next variable is in, with a dot behind it; nil before the first.
    private var section: String?

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        rest = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    }

    /// The lines in their order; nil with the number of the line where it is not what it should be.
    mutating func lines() throws(Wrong) -> [Setting] {
        var lines: [Setting] = []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0B, 0x0C, 0x0D: continue
            case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
            case UInt8(ascii: "["): section = try sectionName() + "."
            default:
                guard let section, Self.isLetter(byte) else { throw wrong }
                lines.append(try setting(in: section, from: byte))
            }
        }
        return lines
    }

    /// It is not what git takes, in the line of that number.
    struct Wrong: Error { let line: Int }

    private var wrong: Wrong { Wrong(line: line) }

    // MARK: Bytes

    /// The next byte; a line may end as on Windows.
    private mutating func next() -> UInt8? {
        guard var byte = rest.popFirst() else { return nil }
        if byte == UInt8(ascii: "\r"), rest.first == UInt8(ascii: "\n") { byte = rest.removeFirst() }
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    private mutating func skipLine() {
        while let byte = next(), byte != UInt8(ascii: "\n") {}
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Parts

    private mutating func sectionName() throws(Wrong) -> String {
        var name: [UInt8] = []
        while let byte = next() {
            if byte == UInt8(ascii: "]") { return Self.text(name).lowercased() }
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                return Self.text(name).lowercased() + "." + (try subsection())
            }
            guard Self.isNameByte(byte) || byte == UInt8(ascii: ".") else { break }
            name.append(byte)
        }
        throw wrong
    }

    /// What stands in quotation marks in a section's head, to the bracket.
    private mutating func subsection() throws(Wrong) -> String {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard next() == UInt8(ascii: "\"") else { throw wrong }
        var name: [UInt8] = []
        while let byte = next(), byte != UInt8(ascii: "\n") {
            switch byte {
            case UInt8(ascii: "\""):
                guard next() == UInt8(ascii: "]") else { throw wrong }
                return Self.text(name)
            case UInt8(ascii: "\\"):
                guard let taken = next(), taken != UInt8(ascii: "\n") else { throw wrong }
                name.append(taken)
            default: name.append(byte)
            }
        }
        throw wrong
    }

    /// `[core] bare` without a value stands for true.
    private mutating func setting(in section: String, from first: UInt8) throws(Wrong) -> Setting {
        var name = [first]
        while let byte = rest.first, Self.isNameByte(byte) { name.append(rest.removeFirst()) }
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let whole = section + Self.text(name).lowercased()
        guard let byte = next(), byte != UInt8(ascii: "\n") else { return Setting(name: whole, value: "true") }
        guard byte == UInt8(ascii: "=") else { throw wrong }
        return Setting(name: whole, value: Self.text(try value()))
    }

    private mutating func value() throws(Wrong) -> [UInt8] {
        var value: [UInt8] = []
        // Space at the end counts only within quotation marks.
        var (isQuoted, kept) = (false, 0)
        while let byte = next(), byte != UInt8(ascii: "\n") {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\"):
                guard let taken = next() else { throw wrong }
                if taken == UInt8(ascii: "\n") { continue }
                value.append(try escaped(taken))
            case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: ";") where !isQuoted:
                skipLine()
                return Array(value.prefix(kept))
            case _ where !isQuoted && Self.isSpace(byte):
                if !value.isEmpty { value.append(byte) }
                continue
            default: value.append(byte)
            }
            kept = value.count
        }
        if isQuoted { throw wrong }
        return Array(value.prefix(kept))
    }

    private func escaped(_ byte: UInt8) throws(Wrong) -> UInt8 {
        switch byte {
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): byte
        default: throw wrong
        }
    }
}
