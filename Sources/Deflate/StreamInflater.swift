import CZlib

/// Unpacks zlib streams that come piece by piece and go on piece by piece, so that nothing has to be in memory whole.
///
/// One stream after the other, with the same memory. Not for two threads at once.
public struct StreamInflater: ~Copyable {
    private let stream: ZlibStream

    /// Prepares for streams of any level.
    public init() {
        stream = ZlibStream(ending: inflateEnd)
        let status = inflateInit_(stream.raw, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin: out of memory, or another version than it was built for")
    }

    /// Begins a new stream, and forgets the one before.
    public func begin() throws(DeflateError) {
        guard inflateReset(stream.raw) == Z_OK else { throw DeflateError(.memory) }
    }

    /// Unpacks the next piece of the stream. Answers how many of the bytes the stream took, and whether it ends there; where
    /// it does not, it took all.
    ///
    /// - Parameter body: takes what was unpacked, at most 64 KiB at a time, and answers whether more is welcome.
    /// - Throws: `.overLimit` where no more was welcome.
    public func feed(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(DeflateError) -> (taken: Int, isAtEnd: Bool) {
        var rest = bytes
        while true {
            if stream.raw.pointee.avail_in == 0 {
                guard !rest.isEmpty else { return (bytes.count, false) }
                _ = stream.offer(&rest)
            }
            var goesOn = true
            var status = Z_OK
            repeat {
                status = stream.step(body: { goesOn = $0.isEmpty || body($0) }) { inflate($0, Z_NO_FLUSH) }
                guard goesOn else { throw ended(DeflateError(.overLimit)) }
                if status == Z_STREAM_END {
                    let taken = bytes.count - rest.count - Int(stream.raw.pointee.avail_in)
                    stream.raw.pointee.avail_in = 0
                    return (taken, true)
                }
                guard status == Z_OK || status == Z_BUF_ERROR else { throw ended(error(status)) }
            } while stream.raw.pointee.avail_out == 0
        }
    }

    /// The bytes that were offered are the caller's, and gone after this.
    private func ended(_ error: DeflateError) -> DeflateError {
        stream.raw.pointee.avail_in = 0
        return error
    }

    private func error(_ status: Int32) -> DeflateError {
        switch status {
        case Z_MEM_ERROR: DeflateError(.memory)
        case Z_NEED_DICT: DeflateError(.corrupt, detail: "it needs a dictionary")
        default: DeflateError(.corrupt, detail: stream.message)
        }
    }
}
