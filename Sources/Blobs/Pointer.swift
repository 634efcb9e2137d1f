public import Digest

/// What stands for a file in a git tree: its hash and its size, in git-lfs's words.
public struct Pointer: Hashable, Sendable {
    /// The SHA-256 of the file's bytes.
    public let oid: ContentHash
    /// How many bytes it has.
    public let size: Int64

    /// Names a file by its hash and size.
    public init(oid: ContentHash, size: Int64) {
        self.oid = oid
        self.size = size
    }

    /// The empty file, which has no pointer text and is never stored.
    public static let empty = Pointer(oid: .ofNothing, size: 0)

    /// Whether it names the empty file.
    public var isEmpty: Bool { size == 0 }

    /// A blob of so many bytes or more is never a pointer.
    public static let sizeLimit = 1024

    /// The one valid text of the pointer; nothing for the empty file.
    public func encoded() -> [UInt8] {
        isEmpty ? [] : Array("version \(Self.version)\noid sha256:\(oid.hex)\nsize \(size)\n".utf8)
    }

    static let version = "https://git-lfs.github.com/spec/v1"
    /// What programs wrote before the format had its final name.
    static let aliases = [version, "https://hawser.github.com/spec/v1", "http://git-media.io/v/2"]
}

extension Pointer {
    /// A program that the file went through before it was hashed, as a pointer may name them.
    public struct Extension: Hashable, Sendable {
        /// In which order: 0 to 9.
        public let priority: Int
        /// The program's name in git's configuration.
        public let name: String
        /// The hash of what went into it.
        public let oid: ContentHash
    }

    /// What was read from a pointer's text.
    public struct Parsed: Hashable, Sendable {
        /// The pointer itself.
        public let pointer: Pointer
        /// The programs that the file went through; the bytes of the stored file are not those of the original then.
        public let extensions: [Extension]
        /// Whether the text is exactly what would be written for it.
        public let isCanonical: Bool
    }

    /// Reads the text of a pointer as git-lfs does; nil for what is none.
    ///
    /// Blanks and empty lines around and between are forgiven, and so are old names of the format and line ends of other
    /// systems: such a pointer is valid, only not canonical. No bytes at all are the empty file.
    public static func parse(_ bytes: [UInt8]) -> Parsed? {
        guard bytes.count < sizeLimit else { return nil }
        guard !bytes.isEmpty else { return Parsed(pointer: .empty, extensions: [], isCanonical: true) }
        if let pointer = canonical(bytes) { return Parsed(pointer: pointer, extensions: [], isCanonical: true) }
        var reader = PointerReader()
        for line in trimmed(bytes[...]).split(separator: newline) {
            guard reader.take(line.last == carriageReturn ? line.dropLast() : line) else { return nil }
        }
        return reader.result(comparing: bytes)
    }

    private static let beginning = Array("version \(version)\noid sha256:".utf8)
    private static let middle = Array("\nsize ".utf8)

    /// Reads a text that is exactly what would be written, as nearly all are; nil for any other.
    private static func canonical(_ bytes: [UInt8]) -> Pointer? {
        let start = beginning.count
        let end = start + ContentHash.byteCount * 2
        guard bytes.count > end + middle.count, bytes.last == newline, bytes.starts(with: beginning),
            bytes[end...].starts(with: middle), let oid = ContentHash(hex: bytes[start..<end])
        else { return nil }
        let digits = bytes[(end + middle.count)...].dropLast()
        // No more digits than surely fit, and none in front that nobody writes.
        guard (1...18).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
        var size: Int64 = 0
        for digit in digits {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = digit else { return nil }
            size = size * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return Pointer(oid: oid, size: size)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

/// Takes the lines of a pointer one by one, in the order that they must have.
private struct PointerReader {
    private static let keys = ["version", "oid", "size"]

    private var position = 0
    private var oid: ContentHash?
    private var size: Int64?
    private var extensions: [Pointer.Extension] = []

    /// Takes one line; false where there can be no pointer with it.
    mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        if line.isEmpty { return true }
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, position < Self.keys.count else { return false }
        let value = parts[1]
        guard parts[0].elementsEqual(Self.keys[position].utf8) else { return takeExtension(parts[0], value) }
        position += 1
        switch position {
        case 1: return Pointer.aliases.contains { value.elementsEqual($0.utf8) }
        case 2:
            oid = Self.hash(value)
            return oid != nil
        default:
            size = Int64(String(decoding: value, as: UTF8.self)).flatMap { $0 >= 0 ? $0 : nil }
            return size != nil
        }
    }

    /// Takes `ext-0-name sha256:…`, which may stand anywhere after the version.
    private mutating func takeExtension(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
        guard position > 0, parts.count == 3, parts[0].elementsEqual("ext".utf8), !parts[2].isEmpty,
            parts[1].count == 1, let digit = parts[1].first, (48...57).contains(digit), let hash = Self.hash(value)
        else { return false }
        let priority = Int(digit) - 48
        guard !extensions.contains(where: { $0.priority == priority }) else { return false }
        let name = String(decoding: parts[2], as: UTF8.self)
        extensions.append(Pointer.Extension(priority: priority, name: name, oid: hash))
        return true
    }

    private static func hash(_ value: ArraySlice<UInt8>) -> ContentHash? {
        value.starts(with: "sha256:".utf8) ? ContentHash(hex: value.dropFirst("sha256:".utf8.count)) : nil
    }

    func result(comparing bytes: [UInt8]) -> Pointer.Parsed? {
        guard let oid, let size else { return nil }
        let pointer = Pointer(oid: oid, size: size)
        let sorted = extensions.sorted { $0.priority < $1.priority }
        let lines = sorted.map { "ext-\($0.priority)-\($0.name) sha256:\($0.oid.hex)\n" }.joined()
        let text = "version \(Pointer.version)\n\(lines)oid sha256:\(oid.hex)\nsize \(size)\n"
        // An empty file has no text: one that spells it out is readable, but not what would be written.
        let isCanonical = size > 0 && bytes.elementsEqual(text.utf8)
        return Pointer.Parsed(pointer: pointer, extensions: sorted, isCanonical: isCanonical)
    }
}
