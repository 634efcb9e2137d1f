import CDeflate

/// The checksums of zlib's format and of PNG.
public enum Checksum {
    /// The CRC-32 of the bytes, going on from that of the bytes before them.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
        // Without a place libdeflate begins anew.
        bytes.isEmpty ? previous : libdeflate_crc32(previous, bytes.baseAddress, bytes.count)
    }

    /// The CRC-32 of the bytes, going on from that of the bytes before them.
    public static func crc32(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { crc32($0, after: previous) }
    }

    /// The Adler-32 of the bytes, going on from that of the bytes before them.
    public static func adler32(_ bytes: [UInt8], after previous: UInt32 = 1) -> UInt32 {
        bytes.isEmpty
            ? previous : bytes.withUnsafeBytes { libdeflate_adler32(previous, $0.baseAddress, $0.count) }
    }
}
