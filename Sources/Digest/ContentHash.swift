/// The SHA-256 of a content, which is its name.
///
/// Ordered like the hexadecimal text.
public struct ContentHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many bytes it has.
    public static let byteCount = 32
    /// The hash of nothing.
    public static let ofNothing = ContentHash(of: [])

    // Four words, the most significant first, instead of an array: no allocation, and comparing is cheap.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// Takes exactly 32 bytes; nil for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(checked: bytes)
    }

    /// The same for bytes that lie in memory.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(loading: bytes)
    }

    /// Reads exactly 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        self.init(hex: hex.utf8)
    }

    /// The same for digits that come as bytes.
    public init?(hex: some Collection<UInt8>) {
        guard hex.count == Self.byteCount * 2, let bytes = Hex.decode(hex) else { return nil }
        self.init(checked: bytes)
    }

    /// Hashes the bytes.
    public init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Self.init(of: $0) }
    }

    /// Hashes the bytes.
    public init(of bytes: UnsafeRawBufferPointer) {
        let digest = SHA256()
        digest.update(bytes)
        self = digest.finish()
    }

    private init(loading bytes: UnsafeRawBufferPointer) {
        func word(_ place: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
        }
        (word0, word1, word2, word3) = (word(0), word(1), word(2), word(3))
    }

    /// Takes bytes that are known to be 32.
    init(checked bytes: some Collection<UInt8>) {
        self =
            bytes.withContiguousStorageIfAvailable { Self(loading: UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { Self(loading: $0) }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(Self.byteCount)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return bytes
    }

    /// The 64 lower-case hexadecimal digits.
    public var hex: String { String(decoding: hexDigits, as: UTF8.self) }

    /// The 64 lower-case hexadecimal digits as bytes, for names of files.
    public var hexDigits: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount * 2) { buffer, count in
            for word in [word0, word1, word2, word3] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    buffer[count] = Hex.digits[Int(word >> shift & 15)]
                    count += 1
                }
            }
        }
    }

    /// The 64 lower-case hexadecimal digits.
    public var description: String { hex }

    /// Whether `left` comes first, byte by byte.
    public static func < (left: ContentHash, right: ContentHash) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}
