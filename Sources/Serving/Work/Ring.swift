import Glibc

/// Bytes on their way from one to the other, never more than so many.
final class Ring {
    static let capacity = 256 << 10

    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Ring.capacity, alignment: 16)
    private var first = 0
    private(set) var count = 0

    deinit { memory.deallocate() }

    /// Puts in what there is room for.
    func put(_ bytes: UnsafeRawBufferPointer) -> Int {
        var rest = bytes
        while !rest.isEmpty, count < Self.capacity {
            let end = (first + count) % Self.capacity
            let part = min(rest.count, Self.capacity - count, Self.capacity - end)
            UnsafeMutableRawBufferPointer(rebasing: memory[end..<(end + part)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<part]))
            count += part
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
        return bytes.count - rest.count
    }

    /// Takes out what there is, or what fits.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var taken = 0
        while taken < buffer.count, count > 0 {
            let part = min(buffer.count - taken, count, Self.capacity - first)
            UnsafeMutableRawBufferPointer(rebasing: buffer[taken...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[first..<(first + part)]))
            first = (first + part) % Self.capacity
            count -= part
            taken += part
        }
        return taken
    }
}
