import Deflate

/// Writes zlib streams that hold their bytes unpacked.
enum ZlibStored {
    /// The most that one stored block can hold.
    private static let blockLimit = 0xFFFF

    /// Appends a stream of stored blocks: eleven bytes longer than what it holds, and written as fast as it is copied.
    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        // Method 8 with a 32 KiB window, no dictionary, fastest level, and the check bits that this needs.
        output.append(0x78)
        output.append(0x01)
        var start = 0
        repeat {
            let count = min(bytes.count - start, blockLimit)
            output.append(start + count == bytes.count ? 1 : 0)
            output.append(UInt8(truncatingIfNeeded: count))
            output.append(UInt8(truncatingIfNeeded: count >> 8))
            output.append(UInt8(truncatingIfNeeded: ~count))
            output.append(UInt8(truncatingIfNeeded: ~count >> 8))
            output.append(contentsOf: bytes[start..<(start + count)])
            start += count
        } while start < bytes.count
        output.appendBigEndian(Checksum.adler32(bytes))
    }
}
