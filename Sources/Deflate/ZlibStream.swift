import CZlib

/// Owns zlib's working memory and the room that it writes to.
struct ZlibStream: ~Copyable {
    /// Whether more input is to be offered.
    enum Portion { case last, more }

    private static let roomSize = 1 << 16

    // On the heap: zlib keeps a pointer back to the structure and refuses one that was moved.
    let raw: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutablePointer<UInt8>
    private let end: (UnsafeMutablePointer<z_stream>) -> Int32

    init(ending end: @escaping (UnsafeMutablePointer<z_stream>) -> Int32) {
        raw = .allocate(capacity: 1)
        raw.initialize(to: z_stream())
        room = .allocate(capacity: Self.roomSize)
        self.end = end
    }

    deinit {
        _ = end(raw)
        raw.deallocate()
        room.deallocate()
    }

    /// Makes the next bytes of `rest` the input, as many as zlib's 32-bit counters can hold, and takes them from it.
    func offer(_ rest: inout UnsafeRawBufferPointer) -> Portion {
        let count = min(rest.count, Int(UInt32.max))
        // zlib does not write through the pointer; its declaration only lacks the `const`.
        raw.pointee.next_in = UnsafeMutablePointer(mutating: rest.assumingMemoryBound(to: UInt8.self).baseAddress)
        raw.pointee.avail_in = UInt32(count)
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return rest.isEmpty ? .last : .more
    }

    /// Lets `work` fill at most `limit` bytes of room, and appends what it wrote to `output`.
    func step(
        atMost limit: Int = ZlibStream.roomSize, into output: inout [UInt8],
        _ work: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        let size = min(limit, Self.roomSize)
        raw.pointee.next_out = room
        raw.pointee.avail_out = UInt32(size)
        let status = work(raw)
        output.append(contentsOf: UnsafeBufferPointer(start: room, count: size - Int(raw.pointee.avail_out)))
        return status
    }

    /// Lets `work` fill the room, and lends what it wrote.
    func step(body: (UnsafeRawBufferPointer) -> Void, _ work: (UnsafeMutablePointer<z_stream>) -> Int32) -> Int32 {
        raw.pointee.next_out = room
        raw.pointee.avail_out = UInt32(Self.roomSize)
        let status = work(raw)
        body(UnsafeRawBufferPointer(start: room, count: Self.roomSize - Int(raw.pointee.avail_out)))
        return status
    }

    /// What zlib says about the last failure.
    var message: String? { raw.pointee.msg.map { String(cString: $0) } }
}
