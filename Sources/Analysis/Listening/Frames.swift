/// Cuts a stream of samples into overlapping frames, the middle of each a whole number of hops from the beginning.
///
/// Before the beginning and behind the end there is silence.
struct Frames {
    let size: Int
    let hop: Int
    private var waiting: [Float]

    init(size: Int, hop: Int) {
        (self.size, self.hop) = (size, hop)
        waiting = [Float](repeating: 0, count: size / 2)
        waiting.reserveCapacity(4 * size + (1 << 14))
    }

    /// Takes the next samples, and hands on each frame that is full.
    mutating func add(_ samples: UnsafeBufferPointer<Float>, _ body: (UnsafeBufferPointer<Float>) -> Void) {
        waiting.append(contentsOf: samples)
        cut(body)
    }

    /// Hands on the frames whose middle lies before the end.
    mutating func end(_ body: (UnsafeBufferPointer<Float>) -> Void) {
        waiting.append(contentsOf: repeatElement(0, count: size / 2))
        cut(body)
    }

    private mutating func cut(_ body: (UnsafeBufferPointer<Float>) -> Void) {
        var start = 0
        waiting.withUnsafeBufferPointer { waiting in
            while waiting.count - start >= size {
                body(UnsafeBufferPointer(rebasing: waiting[start..<start + size]))
                start += hop
            }
        }
        if start > 0 { waiting.removeFirst(min(start, waiting.count)) }
    }
}
