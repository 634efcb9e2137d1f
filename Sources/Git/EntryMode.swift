/// What an entry of a tree is: the number that git writes in octal before the name.
///
/// Unknown modes survive reading and writing.
public struct EntryMode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt32
    /// Takes any number: git reads modes that it does not write.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A folder.
    public static let tree = EntryMode(rawValue: 0o040000)
    /// An ordinary file.
    public static let blob = EntryMode(rawValue: 0o100644)
    /// A file that may be executed.
    public static let executable = EntryMode(rawValue: 0o100755)
    /// A symbolic link, whose blob holds the target.
    public static let link = EntryMode(rawValue: 0o120000)
    /// A commit of another repository.
    public static let submodule = EntryMode(rawValue: 0o160000)

    /// Whether the entry is a folder, which also decides where it sorts.
    public var isTree: Bool { rawValue & 0o170000 == 0o040000 }

    /// The octal digits as git writes them in a tree, without a leading zero.
    public var description: String { String(rawValue, radix: 8) }
}
