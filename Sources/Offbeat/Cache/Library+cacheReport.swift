public import Cache
import Store

/// How much is kept, and what became of what was asked.
public struct CacheReport: Sendable {
    /// What was counted.
    public let counts: CacheCounts
    /// Analyses that are kept here.
    public let entries = 0
    /// The bytes that they take here.
    public let bytes: Int64 = 0
    /// The bytes that they would take as they were computed.
    public let rawBytes: Int64 = 0
    /// The bytes of the index.
    public let indexBytes: Int64
}

extension Library {
    /// Says how much is kept, and what became of what was asked.
    public func cacheReport() -> CacheReport {
        CacheReport(counts: index.statistics.counts(), indexBytes: index.size)
    }
}
