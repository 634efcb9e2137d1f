/// A program that finds something out about audio, in one of its versions.
///
/// The version stands for the settings too: what two runs of one analyzer say of one file is the same.
public struct Analyzer: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The program: one to 32 small letters, digits and underscores.
    public let name: String
    /// Its version: one to 32 letters, digits, dots and underscores.
    public let version: String

    /// The program that this project brings along; all others' results cannot be computed again here.
    public static let ownName = "offbeat"

    /// Names an analyzer; nil where a file could not be called so.
    public init?(name: String, version: String) {
        let (nameBytes, versionBytes) = (Array(name.utf8), Array(version.utf8))
        guard (1...32).contains(nameBytes.count), (1...32).contains(versionBytes.count),
            nameBytes.allSatisfy({ Self.isOfName($0) }),
            versionBytes.allSatisfy({ Self.isOfName($0) || Self.isCapital($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        self.name = name
        self.version = version
    }

    /// Reads `<name>-<version>`, as files are called.
    public init?(_ text: String) {
        guard let dash = text.utf8.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        self.init(name: String(text[..<dash]), version: String(text[text.utf8.index(after: dash)...]))
    }

    /// Whether it is this project's, whose results can be computed again wherever the audio is.
    public var isOwn: Bool { name == Self.ownName }

    /// `<name>-<version>`.
    public var description: String { "\(name)-\(version)" }

    /// Orders them by name, then by version, byte for byte.
    public static func < (left: Analyzer, right: Analyzer) -> Bool {
        if left.name != right.name { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
        return left.version.utf8.lexicographicallyPrecedes(right.version.utf8)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
