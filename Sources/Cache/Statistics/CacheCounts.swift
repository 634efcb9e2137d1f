public import Catalog
import Files

/// What was counted until now.
public struct CacheCounts: Sendable {
    /// What was counted of one view.
    public struct View: Sendable {
        /// How often the answer was ready.
        public internal(set) var hits: Int64 = 0
        /// How often something had to be made first.
        public internal(set) var misses: Int64 = 0
        /// Rows that were made again.
        public internal(set) var rows: Int64 = 0
        /// How often all rows were made.
        public internal(set) var built: Int64 = 0
    }

    /// By view; those that nobody asked for are not there.
    public internal(set) var views: [CacheView: View] = [:]
    /// How often something had to be made again, and why.
    public internal(set) var invalidations: [InvalidationCause: Int64] = [:]
    /// How often something was given up, and why.
    public internal(set) var evictions: [EvictionCause: Int64] = [:]
    /// When it was last cleaned, in milliseconds since 1970.
    public internal(set) var lastCleanup: Int64?

    /// Those of one view; zeros where nobody asked for it.
    public subscript(view: CacheView) -> View { views[view] ?? View() }

    /// In all views.
    public var hits: Int64 { views.values.reduce(0) { $0.saturatingSum($1.hits) } }
    /// In all views.
    public var misses: Int64 { views.values.reduce(0) { $0.saturatingSum($1.misses) } }

    /// - Parameter isMeant: whether what was counted of a view is told.
    init(_ counted: Counted, where isMeant: (CacheView) -> Bool) {
        for (tally, number) in counted.numbers {
            switch tally {
            case .hits(let view): views[view, default: View()].hits = number
            case .misses(let view): views[view, default: View()].misses = number
            case .rows(let view): views[view, default: View()].rows = number
            case .built(let view): views[view, default: View()].built = number
            case .invalidations(let cause): invalidations[cause] = number
            case .evictions(let cause): evictions[cause] = number
            }
        }
        views = views.filter { isMeant($0.key) }
        lastCleanup = counted.lastCleanup
    }
}

extension Statistics {
    /// What was counted until now, also by other processes that have written it down.
    ///
    /// - Parameter isMeant: whether what was counted of a view is told, also in the sums.
    public func counts(where isMeant: (CacheView) -> Bool = { _ in true }) -> CacheCounts {
        CacheCounts(all(), where: isMeant)
    }

    /// How somebody has used the views; nil is whoever acts where there are no people.
    public func uses(by person: PersonID?) -> [CacheView: ViewUse] {
        var found: [CacheView: ViewUse] = [:]
        for (user, use) in all().uses where user.person == person { found[user.view] = use }
        return found
    }

    /// Whether a view was ever made.
    func hasBuilt(_ view: CacheView) -> Bool { all().numbers[.built(view)] != nil }
}
