/// A place in a version: the names from the root to an entry.
///
/// Held as the bytes that git shows, names joined by `/`, so a list of a hundred thousand costs one buffer each.
/// The empty path is the root. Equality, order and hash are those of the bytes.
public struct TreePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The names joined by `/`.
    public private(set) var bytes: [UInt8]

    /// The root of a tree.
    public static let root = TreePath(unchecked: [])

    /// Creates a path such as `a/b/c`; nil when a name is empty, `.`, `..` or `.git` in any case, or holds NUL.
    public init?(_ string: String) {
        self.init(bytes: string.utf8)
    }

    /// Creates a path from the bytes of `a/b/c`; nil when a name is empty, `.`, `..` or `.git`, or holds NUL.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.contains(0) else { return nil }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        where part.isEmpty || !EntryName.isPlain(part) {
            return nil
        }
        self.bytes = bytes
    }

    /// Creates a path from its names, whatever they are.
    public init(_ names: some Sequence<EntryName>) {
        bytes = []
        for name in names { append(name) }
    }

    init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The names, from the root on.
    public var names: [EntryName] {
        bytes.split(separator: UInt8(ascii: "/")).map { EntryName(unchecked: Array($0)) }
    }

    /// How many names there are.
    public var count: Int {
        bytes.isEmpty ? 0 : bytes.reduce(1) { $1 == UInt8(ascii: "/") ? $0 + 1 : $0 }
    }

    /// Whether this is the root.
    public var isRoot: Bool { bytes.isEmpty }

    /// The last name; nil for the root.
    public var last: EntryName? {
        guard !bytes.isEmpty else { return nil }
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return EntryName(unchecked: Array(bytes[start...]))
    }

    /// The path without its last name; the root's parent is the root.
    public var parent: TreePath {
        TreePath(unchecked: Array(bytes[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)]))
    }

    /// The path of an entry of the folder at this path.
    public func appending(_ name: EntryName) -> TreePath {
        var path = self
        path.append(name)
        return path
    }

    /// Goes down to an entry of the folder at this path.
    public mutating func append(_ name: EntryName) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
        bytes.append(contentsOf: name.bytes)
    }

    /// Whether this path is the other or lies below it.
    public func isWithin(_ other: TreePath) -> Bool {
        guard !other.isRoot else { return true }
        guard bytes.starts(with: other.bytes) else { return false }
        return bytes.count == other.bytes.count || bytes[other.bytes.count] == UInt8(ascii: "/")
    }

    /// The path as text; bytes that are not UTF-8 become replacement characters.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Orders paths by their bytes.
    public static func < (left: TreePath, right: TreePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
