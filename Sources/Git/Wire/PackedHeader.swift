/// What stands before an object in a pack: its kind, its size, and what it is the difference to.
struct PackedHeader {
    /// What an object is the difference to.
    enum Base: Hashable {
        case none
        /// The object that begins so many bytes before it.
        case before(Int)
        case id(ObjectID)
    }

    let kind: UInt8
    let size: Int
    let base: Base
    /// How many bytes it takes.
    let count: Int

    /// Reads what is there; nil as long as it is not all.
    ///
    /// - Throws: `damagedPack` for what cannot be one.
    init?(_ bytes: some RandomAccessCollection<UInt8>) throws(WireError) {
        var rest = bytes[...]
        guard let first = rest.popFirst() else { return nil }
        kind = first >> 4 & 7
        var (size, shift, byte) = (Int(first & 15), 4, first)
        while byte & 0x80 != 0 {
            guard shift < 56 else { throw WireError.damaged("the size of an object cannot be") }
            guard let next = rest.popFirst() else { return nil }
            size |= Int(next & 0x7F) << shift
            (shift, byte) = (shift + 7, next)
        }
        self.size = size
        switch kind {
        case 1...4: base = .none
        case 6:
            guard var next = rest.popFirst() else { return nil }
            var distance = Int(next & 0x7F)
            while next & 0x80 != 0 {
                guard distance < 1 << 48 else { throw WireError.damaged("an object is the difference to nothing") }
                guard let byte = rest.popFirst() else { return nil }
                next = byte
                distance = (distance + 1) << 7 | Int(next & 0x7F)
            }
            base = .before(distance)
        case 7:
            guard rest.count >= ObjectID.byteCount, let id = ObjectID(bytes: rest.prefix(ObjectID.byteCount)) else {
                return nil
            }
            rest = rest.dropFirst(ObjectID.byteCount)
            base = .id(id)
        default: throw WireError.damaged("an object is of no kind")
        }
        count = bytes.count - rest.count
    }
}
