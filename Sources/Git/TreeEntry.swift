#if canImport(Glibc)
    import Glibc
#endif

/// One line of a tree: a mode, a name and what it names.
public struct TreeEntry: Hashable, Sendable {
    /// What the entry is.
    public let mode: EntryMode
    /// What it is called.
    public let name: EntryName
    /// The object that it names.
    public let id: ObjectID

    /// Creates an entry.
    public init(mode: EntryMode, name: EntryName, id: ObjectID) {
        self.mode = mode
        self.name = name
        self.id = id
    }

    /// Whether the entry is a folder.
    public var isTree: Bool { mode.isTree }

    /// Whether this entry stands before the other in a tree.
    ///
    /// git's order is that of the bytes, with the name of a folder ending in `/`.
    func precedes(_ other: TreeEntry) -> Bool {
        Self.compare(name.bytes, isTree, other.name.bytes, other.isTree) < 0
    }

    /// Compares two names in git's order; zero only for the same name of the same sort.
    static func compare(_ left: [UInt8], _ leftIsTree: Bool, _ right: [UInt8], _ rightIsTree: Bool) -> Int {
        let common = min(left.count, right.count)
        let order = left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right -> Int32 in
                // An array always has an address here, as names are never empty.
                guard common > 0, let left = left.baseAddress, let right = right.baseAddress else { return 0 }
                return memcmp(left, right, common)
            }
        }
        if order != 0 { return Int(order) }
        return next(left, leftIsTree, at: common) - next(right, rightIsTree, at: common)
    }

    private static func next(_ name: [UInt8], _ isTree: Bool, at index: Int) -> Int {
        if index < name.count { return Int(name[index]) }
        return isTree ? Int(UInt8(ascii: "/")) : 0
    }
}
