public import Catalog

/// What a blob is made of.
public struct BlobFacts: Sendable, Equatable {
    /// How it is packed.
    public var codec: Codec
    /// How many bytes it has.
    public var size: Int
    /// How many bytes it holds when it is unpacked.
    public var rawSize: Int
    /// The CRC-32 of the unpacked bytes.
    public var checksum: UInt32
    /// How many bytes of the unpacked ones are JSON.
    public var jsonSize: Int
    /// The part that is JSON, with the descriptions of the arrays.
    public var json: JSONObject
    /// The arrays behind it, in their order.
    public var arrays: [Column]

    /// How a blob is packed.
    public enum Codec: UInt8, Sendable {
        /// Not at all.
        case raw = 0
        /// As a zlib stream.
        case zlib = 1
    }

    /// How the numbers of an array lie in a blob.
    public enum Kind: String, Sendable {
        /// Whole numbers with and without a sign.
        case i8, u8, i16, u16, i32, u32, i64
        /// Numbers of single precision.
        case f32

        /// How many bytes a number takes.
        public var width: Int {
            switch self {
            case .i8, .u8: 1
            case .i16, .u16: 2
            case .i32, .u32, .f32: 4
            case .i64: 8
            }
        }
    }

    /// The description of one array.
    public struct Column: Sendable, Equatable {
        /// What it tells.
        public var name: String
        /// How its numbers lie.
        public var kind: Kind
        /// What one step of a number means.
        public var scale: Double
        /// What the number 0 means.
        public var offset: Double
        /// How many numbers it has.
        public var count: Int
        /// Whether each number but the first is the difference from the one before.
        public var isDelta: Bool
        /// Where it begins in the unpacked bytes.
        public var start: Int

        /// How many bytes it takes.
        public var size: Int { count * kind.width }
    }
}
