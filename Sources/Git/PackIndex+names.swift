extension PackIndex {
    /// Whether the start of an index agrees with itself and with the index's size, in either version.
    ///
    /// libgit2 1.5.1 multiplies the number of objects in 32 bits when it checks this, and then reads far beyond the
    /// file where the number was damaged.
    static func isPlausible(_ start: [UInt8], size: Int64) -> Bool {
        let isSecond = start.starts(with: magic)
        let table = isSecond ? 8 : 0
        guard start.count >= table + 1024 else { return false }
        let counts = start.withUnsafeBytes { bytes in (0..<256).map { fanOut($0, in: bytes, at: table) } }
        guard zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }) else { return false }
        let least = Int64(table + 1024 + 40) + Int64(counts[255]) * (isSecond ? 28 : 24)
        // Only the second version has room for large offsets, at most one for each object.
        return size >= least && size <= least + (isSecond ? Int64(counts[255]) * 8 : 0)
    }

    /// Whether an index has an object, without reading it all; nil for what is no sound index of version 2.
    static func names(_ id: ObjectID, in bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { bytes in
            guard bytes.count >= preambleSize, bytes.starts(with: magic) else { return nil }
            let first = Int(id.firstByte)
            var low = first == 0 ? 0 : fanOut(first - 1, in: bytes, at: 8)
            var high = fanOut(first, in: bytes, at: 8)
            guard low <= high, preambleSize + high * ObjectID.byteCount <= bytes.count else { return nil }
            while low < high {
                let middle = (low + high) / 2
                let found = ObjectID(loading: bytes, at: preambleSize + middle * ObjectID.byteCount)
                if found == id { return true }
                if found < id { low = middle + 1 } else { high = middle }
            }
            return false
        }
    }

    /// How many ids begin with this byte or a smaller one.
    private static func fanOut(_ byte: Int, in bytes: UnsafeRawBufferPointer, at table: Int) -> Int {
        Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: table + byte * 4, as: UInt32.self)))
    }
}
