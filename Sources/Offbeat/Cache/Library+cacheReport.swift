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
    ///
    /// - Parameter isMeant: whether what was counted of a view is told, also in the sums.
    public func cacheReport(where isMeant: (CacheView) -> Bool = { _ in true }) -> CacheReport {
        index.analyses.catchUp()
        return CacheReport(
            counts: index.statistics.counts(where: isMeant), analyses: index.analyses.totals(),
            indexBytes: index.size)
    }
}

extension Session {
    /// The same for a person: of histories, of those that are theirs.
    public func cacheReport() throws(Failure) -> CacheReport {
        do {
            let own = Set(try view().workspaces.own().map { CacheView(historyOf: $0) })
            return library.cacheReport { view in if case .history = view { own.contains(view) } else { true } }
        } catch { throw Failure(error) }
    }
}
