import Glibc

/// Chance that comes out the same for the same seed (SplitMix64).
///
/// A test that uses it names ``seed`` in what it says when it fails; `OFFBEAT_SEED` in the environment repeats the run.
public struct SeededRandom: RandomNumberGenerator, CustomStringConvertible, Sendable {
    /// What the sequence was begun with.
    public let seed: UInt64
    private var state: UInt64

    /// Begins the sequence of `seed`, which is `OFFBEAT_SEED` or a new one unless given.
    public init(seed: UInt64 = Seed.current) {
        self.seed = seed
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// So many bytes of chance.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// How to repeat the run.
    public var description: String { "OFFBEAT_SEED=\(seed)" }
}

/// Where seeds come from.
public enum Seed {
    /// `OFFBEAT_SEED` where the environment has it, else a new one each time.
    public static var current: UInt64 {
        getenv("OFFBEAT_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: .min ... .max)
    }
}
