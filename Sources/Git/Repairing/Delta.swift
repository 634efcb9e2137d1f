/// Puts an object together from another one and what packs store of the difference.
enum Delta {
    /// The object that a difference makes of its base.
    ///
    /// - Throws: `corrupt` for anything but a whole difference to exactly this base.
    static func apply(_ delta: [UInt8], to base: [UInt8]) throws(GitError) -> [UInt8] {
        var reader = DeltaReader(delta)
        guard try reader.size() == base.count else { throw corrupt("it is the difference to another object") }
        let size = try reader.size()
        var result: [UInt8] = []
        // No more than its commands can make is taken before they have made it.
        result.reserveCapacity(min(size, 1 << 24))
        while let command = reader.next() {
            if command & 0x80 != 0 {
                let (offset, count) = try reader.copy(command)
                guard offset + count <= base.count, result.count + count <= size else {
                    throw corrupt("a copy cannot be")
                }
                result += base[offset..<(offset + count)]
            } else {
                guard command > 0, result.count + Int(command) <= size else { throw corrupt("a command cannot be") }
                result += try reader.take(Int(command))
            }
        }
        guard result.count == size else { throw corrupt("it ends too early") }
        return result
    }

    /// How large the result of a difference is, by the bytes that it begins with: twenty are enough.
    static func resultSize(_ start: [UInt8]) throws(GitError) -> Int {
        var reader = DeltaReader(start)
        _ = try reader.size()
        return try reader.size()
    }

    static func corrupt(_ what: String) -> GitError {
        GitError(.corrupt, "a stored difference is damaged: \(what)", call: "Delta.apply")
    }
}

private struct DeltaReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Seven bits at a time, the lowest first.
    mutating func size() throws(GitError) -> Int {
        var value = 0
        var shift = 0
        while let byte = next() {
            guard shift < 56 else { break }
            value |= Int(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 { return value }
        }
        throw Delta.corrupt("a size cannot be read")
    }

    /// The bits of the command say which bytes of offset and count follow.
    mutating func copy(_ command: UInt8) throws(GitError) -> (offset: Int, count: Int) {
        var offset = 0
        var count = 0
        for bit in 0..<7 where command >> bit & 1 == 1 {
            guard let byte = next() else { throw Delta.corrupt("it is cut off") }
            if bit < 4 { offset |= Int(byte) << (8 * bit) } else { count |= Int(byte) << (8 * (bit - 4)) }
        }
        return (offset, count == 0 ? 0x10000 : count)
    }

    mutating func take(_ count: Int) throws(GitError) -> ArraySlice<UInt8> {
        guard bytes.count - offset >= count else { throw Delta.corrupt("it is cut off") }
        defer { offset += count }
        return bytes[offset..<(offset + count)]
    }
}
