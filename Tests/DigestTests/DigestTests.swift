import Digest
import TestSupport
import Testing

@Suite struct ContentHashTests {
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `The published example of SHA-256 comes out`() {
        #expect(ContentHash(of: Array("abc".utf8)).hex == Self.abc)
    }

    @Test func `Nothing has the known hash`() {
        #expect(
            ContentHash.ofNothing.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `Hexadecimal and bytes lead back to the same hash`() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let bytes = random.bytes(32)
            let hash = ContentHash(bytes: bytes)
            #expect(hash?.bytes == bytes, "\(random)")
            #expect(hash.flatMap { ContentHash(hex: $0.hex) } == hash, "\(random)")
            #expect(hash?.description == Hex.encode(bytes), "\(random)")
        }
    }

    @Test func `Hashes are ordered like their text`() {
        var random = SeededRandom()
        let hashes = (0..<200).compactMap { _ in ContentHash(bytes: random.bytes(32)) }
        #expect(hashes.sorted().map(\.hex) == hashes.map(\.hex).sorted(), "\(random)")
    }

    @Test func `A hash of 31 or 33 bytes is none`() {
        #expect(ContentHash(bytes: [UInt8](repeating: 1, count: 31)) == nil)
        let bytes = Array(0..<32 as Range<UInt8>)
        #expect(ContentHash(bytes: AnyCollection(bytes))?.bytes == bytes)
        #expect(ContentHash(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func `Upper-case digits are refused`() {
        #expect(ContentHash(hex: Self.abc.uppercased()) == nil)
    }

    @Test func `Text that is too short or too long is refused`() {
        #expect(ContentHash(hex: "") == nil)
        #expect(ContentHash(hex: String(Self.abc.dropLast())) == nil)
        #expect(ContentHash(hex: Self.abc + "0") == nil)
    }

    @Test func `Letters beyond f and digits of other scripts are refused`() {
        #expect(ContentHash(hex: "g" + Self.abc.dropFirst()) == nil)
        #expect(ContentHash(hex: "\u{0663}" + Self.abc.dropFirst(2)) == nil)
    }
}

@Suite struct StreamingTests {
    @Test func `However the bytes are cut, the hash is the same`() {
        var random = SeededRandom()
        let sha256 = SHA256()
        let sha1 = SHA1()
        for _ in 0..<50 {
            let bytes = random.bytes(Int.random(in: 0...3000, using: &random))
            let cut = Int.random(in: 0...bytes.count, using: &random)
            sha256.update(Array(bytes[..<cut]))
            sha256.update(Array(bytes[cut...]))
            sha1.update(Array(bytes[..<cut]))
            sha1.update(Array(bytes[cut...]))
            #expect(sha256.finish() == ContentHash(of: bytes), "\(random)")
            #expect(sha1.finish() == SHA1.hash(of: bytes), "\(random)")
        }
    }

    @Test func `The published example of SHA-1 comes out`() {
        #expect(Hex.encode(SHA1.hash(of: Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test func `A digest that was reset has forgotten`() {
        let sha256 = SHA256()
        sha256.update([1, 2, 3])
        sha256.reset()
        #expect(sha256.finish() == .ofNothing)
        let sha1 = SHA1()
        sha1.update([1, 2, 3])
        sha1.reset()
        #expect(sha1.finish() == SHA1.hash(of: []))
    }

    @Test func `A hash can be put where the caller wants it`() {
        let sha1 = SHA1()
        sha1.update(Array("abc".utf8))
        var room = [UInt8](repeating: 0, count: SHA1.byteCount)
        room.withUnsafeMutableBufferPointer { sha1.finish(into: $0) }
        #expect(room == SHA1.hash(of: Array("abc".utf8)))
    }
}

@Suite struct HexTests {
    @Test func `Every byte comes back`() {
        let bytes = (0...255).map(UInt8.init)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(AnyCollection(Hex.encode(bytes).utf8)) == bytes)
        #expect(Hex.encode([0, 15, 16, 255]) == "000f10ff")
    }

    @Test func `Nothing is nothing`() {
        #expect(Hex.encode([]) == "")
        #expect(Hex.decode("") == [])
    }

    @Test func `Half a byte is refused`() {
        #expect(Hex.decode("abc") == nil)
    }

    @Test func `Upper case, signs and blanks are refused`() {
        #expect(Hex.decode("AB") == nil)
        #expect(Hex.decode("+1") == nil)
        #expect(Hex.decode("a ") == nil)
        #expect(Hex.decode("0x") == nil)
    }
}
