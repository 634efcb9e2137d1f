import CZlib

/// Packs bytes into zlib streams, one after the other, with the same memory. Not for two threads at once.
public struct Deflater: ~Copyable {
    private let stream: ZlibStream

    /// What is looked for in the bytes; whoever unpacks need not know.
    public enum Strategy: Sendable {
        /// What was there before, anywhere in the last 32 KiB.
        case repetitions
        /// Only runs of one byte, and bytes that are frequent: for samples and the like, which never repeat exactly.
        case runs
    }

    /// Prepares for streams of one level, from 1 (fast) to 9 (small).
    public init(level: Int32 = 6, strategy: Strategy = .repetitions) {
        stream = ZlibStream(ending: deflateEnd)
        let size = Int32(MemoryLayout<z_stream>.size)
        // The window and the memory are those that deflateInit takes.
        let status = deflateInit2_(
            stream.raw, min(max(level, 0), 9), Z_DEFLATED, MAX_WBITS, 8,
            strategy == .runs ? Z_RLE : Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(status == Z_OK, "zlib cannot begin: out of memory, or another version than it was built for")
    }

    /// Packs the bytes into one stream, and appends that to `output`.
    public func compress(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        compress(bytes, UnsafeRawBufferPointer(start: nil, count: 0), into: &output)
    }

    /// Packs the bytes into one stream, and appends that to `output`.
    public func compress(_ bytes: [UInt8], into output: inout [UInt8]) {
        bytes.withUnsafeBytes { compress($0, into: &output) }
    }

    /// Packs the bytes of both pieces, one after the other, into one stream, and appends that to `output`.
    public func compress(_ first: [UInt8], _ second: [UInt8], into output: inout [UInt8]) {
        first.withUnsafeBytes { one in second.withUnsafeBytes { two in compress(one, two, into: &output) } }
    }

    /// Packs the bytes of both pieces, one after the other, into one stream, and appends that to `output`.
    public func compress(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, into output: inout [UInt8]
    ) {
        expect(deflateReset(stream.raw))
        feed(first, isLast: false, into: &output)
        feed(second, isLast: true, into: &output)
    }

    private func feed(_ piece: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8]) {
        var rest = piece
        repeat {
            let portion = stream.offer(&rest)
            let flush = isLast && portion == .last ? Z_FINISH : Z_NO_FLUSH
            var status = Z_OK
            repeat {
                status = stream.step(into: &output) { deflate($0, flush) }
                // "Not an error": there was nothing left to do.
                if status == Z_BUF_ERROR { status = Z_OK }
                if status != Z_STREAM_END { expect(status) }
            } while stream.raw.pointee.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END)
        } while !rest.isEmpty
    }

    /// The calls fail only when they are made in a wrong order.
    private func expect(_ status: Int32) {
        precondition(status == Z_OK, "zlib cannot pack: \(status)")
    }
}
