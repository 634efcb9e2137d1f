/// What comes with a request: a stream that is read once, from the handler's thread.
///
/// Nothing is sent by a careful client, and nothing is kept here, before ``accept(upTo:)``; afterwards no more is kept than a
/// small buffer holds, and a client that sends faster than it is read waits.
public struct RequestBody: Sendable {
    let exchange: Exchange

    /// Whether there is one, which may still be empty.
    public var isPresent: Bool { exchange.framing != .none }

    /// How many bytes it has; nil where the client does not say before its end.
    public var length: Int64? {
        switch exchange.framing {
        case .none: 0
        case .length(let length): length
        case .chunked: nil
        }
    }

    /// Has it sent, and says how many bytes may come.
    ///
    /// Throws the problem 413 where it says that there are more; where more come, reading throws it.
    public func accept(upTo limit: Int64) throws(Problem) { try exchange.accept(upTo: limit) }

    /// Waits for more of it and answers how much came; 0 at its end.
    ///
    /// Throws where it was cut off, comes too slowly, is larger than was accepted, or the server is stopped: what was read then
    /// is not all of it. The problem may be thrown on.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
        try exchange.read(into: buffer)
    }

    /// Reads all of it, up to so many bytes.
    public func collect(upTo limit: Int) throws(Problem) -> [UInt8] {
        try accept(upTo: Int64(limit))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(min(length ?? 0, Int64(limit))))
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
        defer { piece.deallocate() }
        while case let count = try read(into: piece), count > 0 { bytes += piece[..<count] }
        return bytes
    }
}
