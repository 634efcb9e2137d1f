/// The name of a git object: the SHA-1 of its kind, size and bytes.
///
/// Twenty bytes held inline, so that sets and sorted lists of hundreds of thousands stay small and fast.
/// The order is that of the bytes, which is the order of pack indexes.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes in an id.
    public static let byteCount = 20
    /// The id that git writes where no object is meant.
    public static let zero = ObjectID(first: 0, second: 0, third: 0)

    // The bytes in big-endian words: comparing words is then comparing bytes.
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64
    @usableFromInline let third: UInt32

    init(first: UInt64, second: UInt64, third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Creates an id from exactly 40 lower-case hexadecimal digits; anything else is nil.
    public init?(hex: some StringProtocol) {
        self.init(hexBytes: hex.utf8)
    }

    /// Creates an id from exactly 40 lower-case hexadecimal digits given as bytes.
    public init?(hexBytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var digits = 0
        for byte in hexBytes {
            guard digits < 40, let value = Self.value(ofDigit: byte) else { return nil }
            switch digits {
            case ..<16: words.0 = words.0 << 4 | UInt64(value)
            case ..<32: words.1 = words.1 << 4 | UInt64(value)
            default: words.2 = words.2 << 4 | UInt64(value)
            }
            digits += 1
        }
        guard digits == 40 else { return nil }
        self.init(first: words.0, second: words.1, third: UInt32(words.2))
    }

    /// Creates an id from exactly 20 bytes; nil when there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self =
            bytes.withContiguousStorageIfAvailable { Self(loading: UnsafeRawBufferPointer($0), at: 0) }
            ?? Array(bytes).withUnsafeBytes { Self(loading: $0, at: 0) }
    }

    /// Creates an id from the 20 bytes at `offset`, which the caller has checked to be there.
    init(loading bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.init(
            first: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            second: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)),
            third: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)))
    }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            store(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            count = Self.byteCount
        }
    }

    /// Writes the 20 bytes at `offset`, where the caller has made room.
    func store(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        buffer.storeBytes(of: first.bigEndian, toByteOffset: offset, as: UInt64.self)
        buffer.storeBytes(of: second.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
        buffer.storeBytes(of: third.bigEndian, toByteOffset: offset + 16, as: UInt32.self)
    }

    /// The 40 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 40) { buffer in
            for index in 0..<16 {
                buffer[index] = Self.digit(UInt8(truncatingIfNeeded: first >> UInt64(60 - 4 * index)) & 15)
                buffer[16 + index] = Self.digit(UInt8(truncatingIfNeeded: second >> UInt64(60 - 4 * index)) & 15)
            }
            for index in 0..<8 {
                buffer[32 + index] = Self.digit(UInt8(truncatingIfNeeded: third >> UInt32(28 - 4 * index)) & 15)
            }
            return 40
        }
    }

    /// The first byte, which picks the folder of a loose object and the row of a pack index's fan-out.
    var firstByte: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }

    /// Whether this is the id that stands for no object.
    public var isZero: Bool { self == .zero }

    /// Whether the id's digits begin with these; upper case never matches.
    public func hasPrefix(hex prefix: some StringProtocol) -> Bool {
        hex.utf8.starts(with: prefix.utf8)
    }

    /// The 40 digits.
    public var description: String { hex }

    /// Compares the bytes.
    @inlinable
    public static func == (left: ObjectID, right: ObjectID) -> Bool {
        left.first == right.first && left.second == right.second && left.third == right.third
    }

    /// Orders ids by their bytes.
    @inlinable
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        return left.third < right.third
    }

    // Ids are spread evenly already, so eight of the bytes tell as much as twenty.
    /// Hashes the id.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(first)
    }

    static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
