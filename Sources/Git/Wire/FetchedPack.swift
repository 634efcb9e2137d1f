public import Files

/// What a pack that arrives may be at most.
public struct FetchLimits: Sendable, Hashable {
    /// How many bytes the pack has.
    public var packBytes = 64 << 30
    /// How many objects it has. Each takes about 80 bytes of memory while the pack is taken in.
    public var objects = 20 << 20
    /// How many bytes an object has, unpacked. One that is stored as a difference is held in memory, and what it is the
    /// difference to as well.
    public var objectBytes = ObjectTransfer.blobLimit
    /// How many bytes are unpacked in all: what a small pack can be made to keep a processor busy with.
    public var unpackedBytes = 1 << 40

    /// The limits that are far beyond anything sound.
    public init() {}
}

/// A pack that has arrived, with its index.
public struct FetchedPack: Sendable, Hashable {
    /// The pack, `pack-<checksum>.pack`.
    public let pack: FilePath
    /// Its index, beside it.
    public let index: FilePath
    /// How many objects it has.
    public let objects: Int
    /// How many bytes the pack has.
    public let bytes: Int
    /// Whether all that its objects name is in it too, in the forms that are read here. Of one that continues what is here
    /// already that is not known; and of another it is no proof that something is lacking: there may be more in it than was
    /// asked for.
    public let isClosed: Bool
}
