/// One folder of a version: entries in git's order.
///
/// Reading is strict, so that `encoded()` gives back the very bytes that were read.
public struct Tree: Hashable, Sendable {
    /// The entries in git's order: by bytes, with the name of a folder ending in `/`.
    public private(set) var entries: [TreeEntry]

    /// Creates an empty tree.
    public init() {
        entries = []
    }

    /// Creates a tree from entries in any order. Of two with one name, the later wins.
    public init(_ entries: some Sequence<TreeEntry>) {
        var last: [EntryName: TreeEntry] = [:]
        for entry in entries { last[entry.name] = entry }
        self.entries = last.values.sorted { $0.precedes($1) }
    }

    /// Creates a tree from entries that are in git's order, each name once.
    init(sorted entries: [TreeEntry]) {
        self.entries = entries
    }

    /// The entry of that name, whatever its kind.
    public subscript(name: EntryName) -> TreeEntry? {
        index(of: name).map { entries[$0] }
    }

    /// Puts an entry in, in place of one with the same name.
    public mutating func set(_ entry: TreeEntry) {
        remove(entry.name)
        entries.insert(entry, at: position(of: entry.name.bytes, isTree: entry.isTree).index)
    }

    /// Takes the entry of that name out and returns it.
    @discardableResult
    public mutating func remove(_ name: EntryName) -> TreeEntry? {
        index(of: name).map { entries.remove(at: $0) }
    }

    /// Where the entry of that name stands. A file and a folder of one name sort apart, so both are tried.
    private func index(of name: EntryName) -> Int? {
        for isTree in [false, true] {
            let place = position(of: name.bytes, isTree: isTree)
            if place.found { return place.index }
        }
        return nil
    }

    private func position(of name: [UInt8], isTree: Bool) -> (index: Int, found: Bool) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let order = TreeEntry.compare(entries[middle].name.bytes, entries[middle].isTree, name, isTree)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    // MARK: The raw format

    /// Reads git's raw format.
    ///
    /// - Throws: `corrupt` for anything that this type would not write: a cut-off entry, a mode with a leading
    ///   zero or other letters than octal digits, an empty name or one with `/`, entries out of order or twice.
    public init(parsing bytes: [UInt8]) throws(GitError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(GitError) -> Tree in
            try Tree(parsing: UnsafeRawBufferPointer(buffer))
        }
    }

    /// Reads git's raw format from memory that is lent for the call.
    init(parsing bytes: UnsafeRawBufferPointer) throws(GitError) {
        var entries: [TreeEntry] = []
        entries.reserveCapacity(bytes.count / 34 + 1)
        var reader = TreeReader(bytes)
        while let entry = try reader.next() {
            if let previous = entries.last {
                guard previous.precedes(entry) else { throw TreeReader.corrupt("entries out of order or twice") }
                try Self.refuseFileOfSameName(entry, after: entries, previous)
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// Refuses a folder when a file of the same name stands before it, not always next to it: `a`, `a.b`, `a/`.
    private static func refuseFileOfSameName(
        _ entry: TreeEntry, after entries: [TreeEntry], _ previous: TreeEntry
    ) throws(GitError) {
        // All that can stand between them begins with the name, so one look is enough nearly always.
        guard entry.isTree, previous.name.bytes.starts(with: entry.name.bytes) else { return }
        if Tree(sorted: entries).position(of: entry.name.bytes, isTree: false).found {
            throw TreeReader.corrupt("a file and a folder of one name")
        }
    }

    /// Writes git's raw format.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + entries.reduce(0) { $0 + 28 + $1.name.bytes.count })
        for entry in entries {
            Self.appendOctal(entry.mode.rawValue, to: &bytes)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: entry.name.bytes)
            bytes.append(0)
            withUnsafeTemporaryAllocation(byteCount: ObjectID.byteCount, alignment: 8) { buffer in
                entry.id.store(into: buffer, at: 0)
                bytes.append(contentsOf: buffer)
            }
        }
    }

    private static func appendOctal(_ value: UInt32, to bytes: inout [UInt8]) {
        var shift: UInt32 = 30
        while shift > 0, value >> shift == 0 { shift -= 3 }
        while true {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value >> shift & 7))
            if shift == 0 { return }
            shift -= 3
        }
    }
}
