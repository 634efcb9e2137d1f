import CZlib

/// Unpacks zlib streams, one after the other, with the same memory. Not for two threads at once.
public struct Inflater: ~Copyable {
    private let stream: ZlibStream

    /// Prepares for streams of any level.
    public init() {
        stream = ZlibStream(ending: inflateEnd)
        let status = inflateInit_(stream.raw, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin: out of memory, or another version than it was built for")
    }

    /// Unpacks the stream that `bytes` begin with, appends what it holds to `output`, and answers how many of `bytes`
    /// the stream took.
    ///
    /// Never appends more than `limit` bytes: it throws `.overLimit` when there would be more, however little was packed.
    /// After an error `output` has what could be unpacked until then.
    @discardableResult
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int, into output: inout [UInt8]
    ) throws(DeflateError) -> Int {
        guard inflateReset(stream.raw) == Z_OK else { throw DeflateError(.memory) }
        var rest = bytes
        let end = output.count + limit
        _ = stream.offer(&rest)
        while true {
            let room = end - output.count
            // With no room left one byte is still offered, to tell a stream that ends here from one that goes on.
            let status = room > 0 ? unpack(atMost: room, into: &output) : probe()
            if room == 0 && stream.raw.pointee.avail_out == 0 { throw DeflateError(.overLimit) }
            if status == Z_STREAM_END { return bytes.count - rest.count - Int(stream.raw.pointee.avail_in) }
            try check(status)
            if stream.raw.pointee.avail_in == 0 && stream.raw.pointee.avail_out > 0 {
                guard !rest.isEmpty else { throw DeflateError(.truncated) }
                _ = stream.offer(&rest)
            }
        }
    }

    /// The same for an array.
    @discardableResult
    public func decompress(_ bytes: [UInt8], limit: Int, into output: inout [UInt8]) throws(DeflateError) -> Int {
        try bytes.withUnsafeBufferPointer { buffer throws(DeflateError) in
            try decompress(UnsafeRawBufferPointer(buffer), limit: limit, into: &output)
        }
    }

    /// What the stream that `bytes` begin with holds, at most `limit` bytes.
    public func decompress(_ bytes: [UInt8], limit: Int) throws(DeflateError) -> [UInt8] {
        var output = [UInt8]()
        try decompress(bytes, limit: limit, into: &output)
        return output
    }

    private func unpack(atMost room: Int, into output: inout [UInt8]) -> Int32 {
        stream.step(atMost: room, into: &output) { inflate($0, Z_NO_FLUSH) }
    }

    private func probe() -> Int32 {
        var none = [UInt8]()
        return stream.step(atMost: 1, into: &none) { inflate($0, Z_NO_FLUSH) }
    }

    private func check(_ status: Int32) throws(DeflateError) {
        switch status {
        case Z_OK, Z_BUF_ERROR: return
        case Z_MEM_ERROR: throw DeflateError(.memory)
        case Z_NEED_DICT: throw DeflateError(.corrupt, detail: "it needs a dictionary")
        default: throw DeflateError(.corrupt, detail: stream.message)
        }
    }
}
