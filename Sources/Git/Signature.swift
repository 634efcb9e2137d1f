/// Who made a commit, and when.
public struct Signature: Hashable, Sendable {
    /// The person's name.
    public let name: String
    /// The person's address.
    public let email: String
    /// Seconds since 1970, UTC.
    public let seconds: Int64
    /// How far the person's clock was ahead of UTC.
    public let offsetMinutes: Int

    /// Creates a signature. What git cannot write (`<`, `>`, control characters) is left out when encoding.
    public init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// Reads `Name <address> seconds +hhmm`, as far as it goes: a missing part is empty or zero.
    init(parsing line: ArraySlice<UInt8>) {
        let open = line.lastIndex(of: UInt8(ascii: "<"))
        let close = line.lastIndex(of: UInt8(ascii: ">"))
        guard let open, let close, open < close else {
            self.init(name: Self.trimmed(line), email: "", seconds: 0)
            return
        }
        let rest = line[(close + 1)...].split(separator: UInt8(ascii: " "))
        let seconds = rest.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        self.init(
            name: Self.trimmed(line[..<open]), email: String(decoding: line[(open + 1)..<close], as: UTF8.self),
            seconds: seconds ?? 0, offsetMinutes: rest.count > 1 ? Self.offset(parsing: rest[1]) : 0)
    }

    /// The line that a commit or reflog holds: `Name <address> seconds +hhmm`.
    var line: String {
        let hours = String(abs(offset) / 60)
        let minutes = String(abs(offset) % 60)
        let zone = (hours.utf8.count < 2 ? "0" : "") + hours + (minutes.utf8.count < 2 ? "0" : "") + minutes
        let name = cleanName
        return "\(name) <\(cleanEmail)> \(seconds) \(offset < 0 ? "-" : "+")\(zone)"
    }

    /// The name as it is written: never empty, as libgit2 and `git fsck` refuse a commit without one.
    var cleanName: String {
        let clean = Self.clean(name)
        return clean.isEmpty ? "unknown" : clean
    }

    /// The address as it is written.
    var cleanEmail: String { Self.clean(email) }

    /// Four digits have room for 99 hours; git itself writes no more than 14.
    private var offset: Int { max(-99 * 60, min(99 * 60, offsetMinutes)) }

    /// Leaves out what would end the field early, and what git strips from both ends.
    private static func clean(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">" }
        let crud = Array(" .,:;\"'\\".unicodeScalars)
        let kept = scalars.drop { crud.contains($0) }
        let end = kept.lastIndex { !crud.contains($0) }.map { kept.index(after: $0) } ?? kept.startIndex
        return String(String.UnicodeScalarView(kept[kept.startIndex..<end]))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let kept = bytes.drop { $0 == UInt8(ascii: " ") }
        let end = kept.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? kept.startIndex
        return String(decoding: kept[kept.startIndex..<end], as: UTF8.self)
    }

    private static func offset(parsing field: ArraySlice<UInt8>) -> Int {
        guard field.count == 5, let number = Int(String(decoding: field.dropFirst(), as: UTF8.self)), number >= 0
        else { return 0 }
        let minutes = number / 100 * 60 + number % 100
        return field.first == UInt8(ascii: "-") ? -minutes : minutes
    }
}
