public import Catalog

/// What a merge of two versions decided that a person should hear of.
public struct MergeReport: Sendable, Equatable {
    /// What lost and is kept until somebody decides, by the records that keep it.
    public var conflicts: [Kept] = []
    /// What lies outside the grammar, or cannot be read, and was changed on both sides: one of them stands, by chance.
    public var arbitrary: [String] = []
    /// Records of which both sides together would be too large: the later one stands.
    public var tooLarge: [String] = []

    /// Nothing was decided.
    public init() {}

    /// Notes what another merge decided, beside.
    public mutating func add(_ other: MergeReport) {
        conflicts += other.conflicts
        arbitrary += other.arbitrary
        tooLarge += other.tooLarge
    }

    /// A value that lost.
    public struct Kept: Sendable, Equatable {
        /// The record that keeps it.
        public let path: RecordPath
        /// What it is known by.
        public let key: Conflict.Key
    }
}
