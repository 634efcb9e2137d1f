import Catalog

/// What a store is written in, and whether that was raised just now.
public struct UpgradeOutcome: Sendable, Equatable {
    /// The version of the tree's layout.
    public let format: Int
    /// The version of the merge rules.
    public let mergeRules: Int
    /// Whether either was raised.
    public let isUpgraded: Bool

    /// Says what a store is written in.
    public init(format: Int, mergeRules: Int, isUpgraded: Bool) {
        self.format = format
        self.mergeRules = mergeRules
        self.isUpgraded = isUpgraded
    }
}

extension Store {
    /// Raises the store to the newest format and the newest merge rules that this program writes. Nothing else does.
    ///
    /// There is one of each so far, so there is nothing to raise. Throws `.newerFormat` for a store that is beyond them.
    public func upgrade() throws(StoreError) -> UpgradeOutcome {
        let info = try snapshot().info()
        return UpgradeOutcome(format: info.format, mergeRules: info.mergeRules, isUpgraded: false)
    }
}
