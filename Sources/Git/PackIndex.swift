import Digest

/// The index of a pack: where each object is, sorted by id (version 2).
enum PackIndex {
    /// One object in a pack.
    struct Entry {
        let id: ObjectID
        /// The CRC-32 of its packed bytes, header included.
        let checksum: UInt32
        let offset: Int
    }

    static let magic: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
    /// Magic and fan-out, which every index has before its first id.
    static let preambleSize = 8 + 256 * 4
    /// From here on an offset needs the table of 64-bit offsets.
    private static let largeOffset = 1 << 31

    /// Writes the index of a pack with these objects.
    static func encoded(_ entries: [Entry], packChecksum: [UInt8]) -> [UInt8] {
        let sorted = entries.sorted { $0.id < $1.id }
        var bytes = magic
        bytes.reserveCapacity(preambleSize + sorted.count * 28 + 40)
        appendFanOut(of: sorted, to: &bytes)
        appendIDs(of: sorted, to: &bytes)
        for entry in sorted { bytes.appendBigEndian(entry.checksum) }
        var large: [Int] = []
        for entry in sorted {
            if entry.offset < largeOffset {
                bytes.appendBigEndian(UInt32(entry.offset))
            } else {
                bytes.appendBigEndian(UInt32(largeOffset) | UInt32(large.count))
                large.append(entry.offset)
            }
        }
        for offset in large { bytes.appendBigEndian(UInt64(offset)) }
        bytes.append(contentsOf: packChecksum)
        bytes.append(contentsOf: SHA1.hash(of: bytes))
        return bytes
    }

    /// For each first byte, how many ids begin with it or a smaller one.
    private static func appendFanOut(of sorted: [Entry], to bytes: inout [UInt8]) {
        var counts = [UInt32](repeating: 0, count: 256)
        for entry in sorted { counts[Int(entry.id.firstByte)] += 1 }
        var sum: UInt32 = 0
        for count in counts {
            sum += count
            bytes.appendBigEndian(sum)
        }
    }

    private static func appendIDs(of sorted: [Entry], to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: ObjectID.byteCount, alignment: 8) { room in
            for entry in sorted {
                entry.id.store(into: room, at: 0)
                bytes.append(contentsOf: room)
            }
        }
    }
}
