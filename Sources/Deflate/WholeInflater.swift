import CDeflate

/// Unpacks zlib streams that are in memory as a whole, and whose unpacked size is known, with the same memory: about three
/// times faster than ``Inflater``, which can go on piece by piece. Not for two threads at once.
public struct WholeInflater: ~Copyable {
    private let raw: OpaquePointer

    /// Prepares for streams of any level; nil where there is not enough memory.
    public init?() {
        guard let raw = libdeflate_alloc_decompressor() else { return nil }
        self.raw = raw
    }

    deinit { libdeflate_free_decompressor(raw) }

    /// What the stream that `bytes` begin with holds, which must be `size` bytes, and how many of `bytes` it took.
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, size: Int
    ) throws(DeflateError) -> (output: [UInt8], taken: Int) {
        var taken = 0
        var status = LIBDEFLATE_BAD_DATA
        let output = [UInt8](unsafeUninitializedCapacity: size) { room, filled in
            status = libdeflate_zlib_decompress_ex(
                raw, bytes.baseAddress, bytes.count, room.baseAddress, size, &taken, &filled)
            if status != LIBDEFLATE_SUCCESS { filled = 0 }
        }
        switch status {
        case LIBDEFLATE_SUCCESS where output.count == size: return (output, taken)
        case LIBDEFLATE_SUCCESS, LIBDEFLATE_SHORT_OUTPUT: throw DeflateError(.truncated)
        case LIBDEFLATE_INSUFFICIENT_SPACE: throw DeflateError(.overLimit)
        default: throw DeflateError(.corrupt)
        }
    }
}
