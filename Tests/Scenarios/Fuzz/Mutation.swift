import TestSupport

/// Changes bytes by chance, as bad disks, bad programs and bad people do.
enum Mutation {
    /// Changes a few places; what comes out is seldom sound and mostly nearly so.
    static func mutate(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&result, using: &random) }
        return result
    }

    private static func change(_ bytes: inout [UInt8], using random: inout SeededRandom) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + (1 << Int.random(in: 0..<10, using: &random)))
        switch Int.random(in: 0..<7, using: &random) {
        case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where start < bytes.count: bytes[start] = .random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(start...)
        case 3: bytes.removeSubrange(start..<end)
        case 4: bytes.insert(contentsOf: random.bytes(end - start), at: start)
        case 5: bytes.insert(contentsOf: bytes[start..<end], at: start)
        default: for index in start..<end { bytes[index] = 0 }
        }
    }
}
