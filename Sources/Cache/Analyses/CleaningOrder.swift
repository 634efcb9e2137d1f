public import Blobs
public import Store

/// What cleaning goes by.
public struct CleaningRules: Sendable {
    /// Milliseconds since 1970.
    public var now: Int64
    /// For how many milliseconds what nobody asks for is kept.
    public var ttl: Int64
    /// Whether the results of an analyzer are of no use any more.
    public var isOutdated: @Sendable (Analyzer) -> Bool

    /// Sets the rules.
    public init(now: Int64, ttl: Int64, isOutdated: @escaping @Sendable (Analyzer) -> Bool) {
        self.now = now
        self.ttl = ttl
        self.isOutdated = isOutdated
    }
}

/// A blob that may be given up, and why it is its turn.
///
/// The same audio is the same analysis: several keys may be answered from one blob, and it goes for all of them or for none.
public struct CleaningCandidate: Sendable, Hashable {
    /// The blob.
    public let pointer: Pointer
    /// Which analyses it holds.
    public let keys: [AnalysisKey]
    /// When somebody last asked for one of them; never later than now.
    public let lastAccess: Int64
    /// Why it is its turn.
    public let cause: EvictionCause
}

extension CleaningRules {
    /// All blobs that are here in the order in which they are given up: those of no use, those that nobody asked for in
    /// long, and the others, the ones first that were not asked for the longest.
    ///
    /// The last part is given up only as far as space is needed. What was used in the future counts as used now.
    public func order(_ uses: [AnalysisKey: AnalysisUse]) -> [CleaningCandidate] {
        let candidates = Dictionary(grouping: uses, by: \.value.pointer).compactMap { pointer, uses in
            uses.contains(where: \.value.isHere) ? candidate(pointer, uses) : nil
        }
        return candidates.sorted { left, right in
            let ranks = (rank(left.cause), rank(right.cause))
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            return left.lastAccess != right.lastAccess
                ? left.lastAccess < right.lastAccess : left.pointer.oid < right.pointer.oid
        }
    }

    private func candidate(
        _ pointer: Pointer, _ uses: [(key: AnalysisKey, value: AnalysisUse)]
    ) -> CleaningCandidate {
        let lastAccess = min(uses.map(\.value.lastAccess).max() ?? now, now)
        return CleaningCandidate(
            pointer: pointer, keys: uses.map(\.key).sorted(), lastAccess: lastAccess,
            cause: uses.allSatisfy { isOutdated($0.key.analyzer) } ? .version : cause(ofLastAccess: lastAccess))
    }

    private func cause(ofLastAccess lastAccess: Int64) -> EvictionCause {
        // No sum of two times: either may be anything.
        let (age, overflows) = now.subtractingReportingOverflow(lastAccess)
        return overflows || age >= ttl ? .expired : .size
    }

    private func rank(_ cause: EvictionCause) -> Int {
        switch cause {
        case .version: 0
        case .expired: 1
        case .size: 2
        }
    }
}
