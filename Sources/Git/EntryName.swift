/// The name of one entry of a tree: bytes without `/` and NUL, and at least one of them.
///
/// Equality, order and hash are those of the bytes. Swift's own comparison of strings calls names equal that
/// differ in their Unicode normalisation, and git does not.
public struct EntryName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes, which need not be valid UTF-8.
    public let bytes: [UInt8]

    /// Creates a name as a tree may carry it; nil when it is empty or holds `/` or NUL.
    ///
    /// `.`, `..` and `.git` are let through: a foreign tree may hold them, and must remain readable.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.isEmpty, !bytes.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") }) else { return nil }
        self.bytes = bytes
    }

    /// Creates a name that may safely be written; nil when it is empty or holds `/` or NUL, or is `.`, `..`
    /// or `.git` in any case, which git's own checks refuse.
    public init?(_ string: String) {
        self.init(bytes: string.utf8)
        guard isPlain else { return nil }
    }

    /// Creates a name from bytes that the caller has checked.
    init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the name is none of `.`, `..` and `.git` (in any case).
    public var isPlain: Bool { Self.isPlain(bytes[...]) }

    static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "."), bytes.count <= 4 else { return true }
        switch bytes.count {
        case 1: return false
        case 2: return bytes.last != UInt8(ascii: ".")
        case 4: return !zip(bytes, ".git".utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        default: return true
        }
    }

    /// The name as text; bytes that are not UTF-8 become replacement characters.
    public var string: String { String(decoding: bytes, as: UTF8.self) }
    /// The name as text, see `string`.
    public var description: String { string }

    /// Orders names by their bytes, which is not the order of a tree's entries.
    public static func < (left: EntryName, right: EntryName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Compares the bytes.
    public static func == (left: EntryName, right: EntryName) -> Bool { left.bytes == right.bytes }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
