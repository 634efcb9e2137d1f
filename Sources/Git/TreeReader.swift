/// Cuts a raw tree into its entries.
struct TreeReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    static func corrupt(_ what: String) -> GitError {
        GitError(.corrupt, "malformed tree: \(what)", call: "Tree.init(parsing:)")
    }

    mutating func next() throws(GitError) -> TreeEntry? {
        guard offset < bytes.count else { return nil }
        let mode = try readMode()
        let start = offset
        while offset < bytes.count, bytes[offset] != 0 {
            if bytes[offset] == UInt8(ascii: "/") { throw Self.corrupt("a name holds /") }
            offset += 1
        }
        guard offset > start else { throw Self.corrupt("an empty name") }
        guard bytes.count - offset > ObjectID.byteCount else { throw Self.corrupt("cut off") }
        let name = EntryName(unchecked: Array(bytes[start..<offset]))
        let id = ObjectID(loading: bytes, at: offset + 1)
        offset += 1 + ObjectID.byteCount
        return TreeEntry(mode: mode, name: name, id: id)
    }

    private mutating func readMode() throws(GitError) -> EntryMode {
        var mode: UInt32 = 0
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: " ") {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            guard digit < 8, offset - start < 7, !(digit == 0 && offset == start) else {
                throw Self.corrupt("a bad mode")
            }
            mode = mode << 3 | UInt32(digit)
            offset += 1
        }
        guard offset > start, offset < bytes.count else { throw Self.corrupt("a bad mode") }
        offset += 1
        return EntryMode(rawValue: mode)
    }
}
