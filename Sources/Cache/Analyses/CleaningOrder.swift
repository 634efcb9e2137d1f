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

/// An analysis that may be given up, and why it is its turn.
public struct CleaningCandidate: Sendable, Hashable {
    /// Which one.
    public let key: AnalysisKey
    /// How it was used.
    public let use: AnalysisUse
    /// Why it is its turn.
    public let cause: EvictionCause
}

extension CleaningRules {
    /// All whose bytes are here in the order in which they are given up: those of no use, those that nobody asked for in
    /// long, and the others, the ones first that were not asked for the longest.
    ///
    /// The last part is given up only as far as space is needed. What was used in the future counts as used now.
    public func order(_ uses: [AnalysisKey: AnalysisUse]) -> [CleaningCandidate] {
        let candidates = uses.filter { $0.value.isHere }.map { key, use in
            CleaningCandidate(key: key, use: use, cause: cause(of: key, use))
        }
        return candidates.sorted { left, right in
            let ranks = (rank(left.cause), rank(right.cause))
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            let times = (min(left.use.lastAccess, now), min(right.use.lastAccess, now))
            return times.0 != times.1 ? times.0 < times.1 : left.key < right.key
        }
    }

    private func cause(of key: AnalysisKey, _ use: AnalysisUse) -> EvictionCause {
        if isOutdated(key.analyzer) { return .version }
        // No sum of two times: either may be anything.
        let (age, overflows) = now.subtractingReportingOverflow(min(use.lastAccess, now))
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
