public import Files

/// What a scratch store has of the store that it lies over: its objects by git's alternates, its files by falling through.
///
/// Nothing is ever written to the store below, and none of its locks is taken.
public struct Loan: Sendable {
    /// The directory of the store below.
    public let base: FilePath
    /// What its branches stood at when the scratch store was made.
    public let origin: RemoteHeads
    /// How much may be made over it; nil for any amount.
    public let quota: Quota?

    /// Describes a loan.
    public init(of base: FilePath, at origin: RemoteHeads, within quota: Quota?) {
        self.base = base
        self.origin = origin
        self.quota = quota
    }
}

/// How much may be made in a scratch store.
public struct Quota: Sendable, Hashable {
    /// How many bytes its files and git objects may have, what is derived aside.
    public var bytes: Int64
    /// How many records may differ from those of the store below.
    public var records: Int

    /// Sets both bounds.
    public init(bytes: Int64, records: Int) {
        self.bytes = bytes
        self.records = records
    }
}

/// How much was made in a scratch store.
public struct ScratchUsage: Sendable, Hashable {
    /// The bytes of its files and git objects.
    public let bytes: Int64
    /// The records that differ from those of the store below as it was.
    public let records: Int
}
