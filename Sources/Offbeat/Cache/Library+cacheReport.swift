public import Cache
import Store

/// How much is kept, and what became of what was asked.
public struct CacheReport: Sendable {
    /// What was counted.
    public let counts: CacheCounts
    /// Analyses that are kept here.
    public let analyses: AnalysisTotals
    /// The bytes of the index.
    public let indexBytes: Int64
}

extension Library {
    /// Says how much is kept, and what became of what was asked.
    public func cacheReport() -> CacheReport {
        index.analyses.catchUp()
        return CacheReport(
            counts: index.statistics.counts(), analyses: index.analyses.totals(), indexBytes: index.size)
    }
}
