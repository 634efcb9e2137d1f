import Digest

extension PackIndex {
    private static let checksumsSize = 40

    static func corrupt(_ what: String, _ name: String) -> GitError {
        GitError(.corrupt, what, call: "read pack", subject: name)
    }

    /// Reads an index. Returns the objects in the order of the pack's file.
    ///
    /// - Throws: `corrupt` when it is not of version 2, its checksum is wrong, or an offset cannot be.
    static func decode(_ bytes: [UInt8], of name: String, packSize: Int) throws(GitError) -> [Entry] {
        guard bytes.count >= preambleSize + checksumsSize, bytes.starts(with: magic) else {
            throw corrupt("not a pack index of version 2", name)
        }
        guard SHA1.hash(of: Array(bytes.dropLast(20))).elementsEqual(bytes.suffix(20)) else {
            throw corrupt("the index does not have the checksum that it should", name)
        }
        let count = bytes.withUnsafeBytes { Int(bigEndian(in: $0, at: preambleSize - 4)) }
        let (fixed, overflow) = count.multipliedReportingOverflow(by: 28)
        guard !overflow, bytes.count >= preambleSize + fixed + checksumsSize else {
            throw corrupt("the index is cut off", name)
        }
        var entries = try bytes.withUnsafeBufferPointer { (bytes) throws(GitError) in
            try decode(UnsafeRawBufferPointer(bytes), count, of: name)
        }
        entries.sort { $0.offset < $1.offset }
        try check(entries, of: name, packSize: packSize)
        return entries
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, of name: String
    ) throws(GitError) -> [Entry] {
        let checksums = preambleSize + count * 20
        let offsets = checksums + count * 4
        let large = offsets + count * 4
        let largeCount = (bytes.count - checksumsSize - large) / 8
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for index in 0..<count {
            var offset = Int(bigEndian(in: bytes, at: offsets + index * 4))
            if offset >= 1 << 31 {
                let row = offset - (1 << 31)
                guard row < largeCount else { throw corrupt("an offset is missing", name) }
                let value = bytes.loadUnaligned(fromByteOffset: large + row * 8, as: UInt64.self)
                offset = Int(truncatingIfNeeded: UInt64(bigEndian: value))
            }
            entries.append(
                Entry(
                    id: ObjectID(loading: bytes, at: preambleSize + index * 20),
                    checksum: bigEndian(in: bytes, at: checksums + index * 4), offset: offset))
        }
        return entries
    }

    /// Each object must lie between the header and the trailer, and have room of its own.
    private static func check(_ sorted: [Entry], of name: String, packSize: Int) throws(GitError) {
        var previous = PackWriter.headerSize - 1
        for entry in sorted {
            guard entry.offset > previous else { throw corrupt("an offset cannot be", name) }
            previous = entry.offset
        }
        guard previous < packSize - 20 else { throw corrupt("an offset cannot be", name) }
    }

    private static func bigEndian(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
