import Deflate
import TestSupport
import Testing

/// Bytes that pack well in places and badly in others.
private func mixedBytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = [UInt8]()
    while bytes.count < count {
        let length = Int.random(in: 1...500, using: &random)
        bytes += Bool.random(using: &random) ? random.bytes(length) : [UInt8](repeating: 7, count: length)
    }
    return Array(bytes.prefix(count))
}

@Suite struct RoundTripTests {
    @Test func `What was packed comes back, at every level`() throws {
        var random = SeededRandom()
        let inflater = Inflater()
        for level in Int32(1)...9 {
            let deflater = Deflater(level: level)
            for size in [0, 1, 300, 65535, 65536, 65537, 200_000] {
                let bytes = mixedBytes(size, &random)
                var packed = [UInt8]()
                deflater.compress(bytes, into: &packed)
                try #expect(inflater.decompress(packed, limit: size) == bytes, "\(random) size \(size)")
            }
        }
    }

    @Test func `Two pieces make one stream`() throws {
        var random = SeededRandom()
        let deflater = Deflater()
        for (first, second) in [(0, 0), (0, 10), (10, 0), (5, 70000), (70000, 5)] {
            let one = mixedBytes(first, &random)
            let two = mixedBytes(second, &random)
            var packed = [UInt8]()
            var whole = [UInt8]()
            deflater.compress(one, two, into: &packed)
            deflater.compress(one + two, into: &whole)
            try #expect(Inflater().decompress(packed, limit: 100_000) == one + two, "\(random)")
            #expect(packed.count <= whole.count + 64)
        }
    }

    @Test func `Packed bytes are appended to what is there`() {
        let deflater = Deflater(level: 1)
        var output: [UInt8] = [1, 2, 3]
        deflater.compress([9, 9, 9], into: &output)
        #expect(output.starts(with: [1, 2, 3, 0x78]))
    }

    @Test func `A stream tells where it ends`() throws {
        let deflater = Deflater()
        var packed = [UInt8]()
        deflater.compress(Array("first".utf8), into: &packed)
        let end = packed.count
        deflater.compress(Array("second".utf8), into: &packed)
        let inflater = Inflater()
        var output = [UInt8]()
        try #expect(inflater.decompress(packed, limit: 5, into: &output) == end)
        try #expect(inflater.decompress(Array(packed[end...]), limit: 100, into: &output) == packed.count - end)
        #expect(output == Array("firstsecond".utf8))
    }
}

@Suite struct BadInputTests {
    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8]()
        Deflater().compress(bytes, into: &output)
        return output
    }

    private func failure(_ bytes: [UInt8], limit: Int = 1 << 20) -> DeflateError? {
        do throws(DeflateError) {
            _ = try Inflater().decompress(bytes, limit: limit)
            return nil
        } catch { return error }
    }

    @Test func `A stream that is one byte longer than the limit is refused`() throws {
        let bytes = packed([UInt8](repeating: 1, count: 70000))
        #expect(failure(bytes, limit: 69999)?.code == .overLimit)
        #expect(failure(bytes, limit: 70000) == nil)
    }

    @Test func `A small bomb does not grow beyond the limit`() {
        let bomb = packed([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 60000)
        var output = [UInt8]()
        #expect(throws: DeflateError.self) { try Inflater().decompress(bomb, limit: 1000, into: &output) }
        #expect(output.count == 1000)
    }

    @Test func `With no room at all only an empty stream fits`() {
        #expect(failure(packed([]), limit: 0) == nil)
        #expect(failure(packed([1]), limit: 0)?.code == .overLimit)
    }

    @Test func `Every stream that is cut short says so`() {
        let bytes = packed(Array("a sentence that is packed".utf8))
        for length in 0..<bytes.count {
            #expect(failure(Array(bytes.prefix(length)))?.code == .truncated, "length \(length)")
        }
    }

    @Test func `A wrong checksum is damage`() {
        var bytes = packed(Array("a sentence that is packed".utf8))
        bytes[bytes.count - 1] ^= 1
        #expect(failure(bytes)?.code == .corrupt)
    }

    @Test func `Bytes of another format are damage`() {
        #expect(failure(Array("not packed at all".utf8))?.code == .corrupt)
    }

    @Test func `A stream that needs a dictionary is refused`() {
        #expect(failure([0x78, 0xBB, 0, 0, 0, 1, 0, 0])?.code == .corrupt)
    }

    @Test func `Damage anywhere never crashes and never yields more than the limit`() {
        var random = SeededRandom()
        let original = packed(mixedBytes(4000, &random))
        let inflater = Inflater()
        for _ in 0..<500 {
            var bytes = original
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            var output = [UInt8]()
            _ = try? inflater.decompress(bytes, limit: 5000, into: &output)
            #expect(output.count <= 5000, "\(random)")
        }
    }

    @Test func `After damage the next stream is unpacked as ever`() throws {
        let inflater = Inflater()
        _ = try? inflater.decompress([1, 2, 3, 4], limit: 10)
        try #expect(inflater.decompress(packed([5, 6]), limit: 10) == [5, 6])
    }

    @Test func `Each kind of failure has a sentence`() {
        #expect(failure([])?.description == "the packed bytes end too early")
        #expect(failure(packed([1]), limit: 0)?.description == "the bytes unpack to more than expected")
        #expect(failure([1, 2, 3])?.description == "the packed bytes are damaged: incorrect header check")
    }
}

@Suite struct ChecksumTests {
    @Test func `The published examples come out`() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(Checksum.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
    }

    @Test func `A checksum goes on where it was left`() {
        let bytes = Array("123456789".utf8)
        let (first, second) = (Array(bytes[..<4]), Array(bytes[4...]))
        #expect(Checksum.crc32(second, after: Checksum.crc32(first)) == Checksum.crc32(bytes))
        #expect(Checksum.adler32(second, after: Checksum.adler32(first)) == Checksum.adler32(bytes))
    }

    @Test func `Nothing changes nothing`() {
        #expect(Checksum.crc32([]) == 0)
        #expect(Checksum.adler32([]) == 1)
        #expect(Checksum.crc32([], after: 77) == 77)
    }
}

@Suite struct StreamInflaterTests {
    /// Unpacks in pieces of a size; answers what came, and how many bytes the stream took.
    private func unpack(
        _ packed: [UInt8], inPiecesOf size: Int, with inflater: borrowing StreamInflater
    ) throws -> (output: [UInt8], taken: Int, isAtEnd: Bool) {
        var output = [UInt8]()
        var offset = 0
        try inflater.begin()
        while offset < packed.count {
            let piece = Array(packed[offset..<min(offset + size, packed.count)])
            let (taken, isAtEnd) = try piece.withUnsafeBytes { bytes in
                try inflater.feed(bytes) {
                    output += $0
                    return true
                }
            }
            offset += taken
            if isAtEnd { return (output, offset, true) }
        }
        return (output, offset, false)
    }

    @Test func `What comes piece by piece is unpacked, and its end is found`() throws {
        var random = SeededRandom()
        let inflater = StreamInflater()
        for size in [0, 1, 300, 65536, 200_000] {
            let bytes = mixedBytes(size, &random)
            var packed = [UInt8]()
            Deflater().compress(bytes, into: &packed)
            for piece in [1, 7, 65536, 1 << 20] {
                let (output, taken, isAtEnd) = try unpack(packed + [1, 2, 3], inPiecesOf: piece, with: inflater)
                #expect(output == bytes, "\(random)")
                #expect(taken == packed.count)
                #expect(isAtEnd)
            }
            #expect(try !unpack(packed.dropLast(), inPiecesOf: 100, with: inflater).isAtEnd)
        }
    }

    @Test func `What is damaged is refused, and the next stream is read`() throws {
        let inflater = StreamInflater()
        var packed = [UInt8]()
        Deflater().compress(Array("a few words, a few words".utf8), into: &packed)
        var damaged = packed
        damaged[packed.count - 1] ^= 1
        let ring = { (bytes: [UInt8]) throws in try unpack(bytes, inPiecesOf: 5, with: StreamInflater()) }
        #expect(throws: DeflateError.self) { try ring(damaged) }
        #expect(throws: DeflateError.self) { try ring([1, 2, 3, 4]) }
        // A stream that needs a dictionary.
        #expect(throws: DeflateError.self) { try ring([0x78, 0xBB, 0, 0, 0, 1, 3, 0]) }
        #expect(try unpack(packed, inPiecesOf: 5, with: inflater).output == Array("a few words, a few words".utf8))
    }

    @Test func `It ends where no more is welcome`() throws {
        var packed = [UInt8]()
        Deflater().compress([UInt8](repeating: 0, count: 10 << 20), into: &packed)
        var count = 0
        let inflater = StreamInflater()
        try inflater.begin()
        let error = #expect(throws: DeflateError.self) {
            try packed.withUnsafeBytes { bytes in
                try inflater.feed(bytes) {
                    count += $0.count
                    return count < 100_000
                }
            }
        }
        #expect(error?.code == .overLimit)
        #expect(count < 200_000)
    }
}
