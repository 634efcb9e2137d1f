import CZlib

/// The checksums that zlib computes.
public enum Checksum {
    /// The CRC-32 of the bytes, going on from that of the bytes before them.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(previous), bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count))
    }

    /// The CRC-32 of the bytes, going on from that of the bytes before them.
    public static func crc32(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { crc32($0, after: previous) }
    }

    /// The Adler-32 of the bytes, going on from that of the bytes before them.
    public static func adler32(_ bytes: [UInt8], after previous: UInt32 = 1) -> UInt32 {
        UInt32(
            truncatingIfNeeded: bytes.withUnsafeBufferPointer {
                adler32_z(UInt(previous), $0.baseAddress, $0.count)
            })
    }
}
