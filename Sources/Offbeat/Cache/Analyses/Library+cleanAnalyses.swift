import Cache
import Files
import Store

extension Library {
    /// Cleans as the settings say, also where nothing is too much; what nobody asked for in long goes.
    func cleanAnalyses() throws -> AnalysisCleaningOutcome {
        try clean(ttl: settings.cacheTTL, goal: cacheLimit)
    }

    /// Cleans where the ledger knows of too much, as after something was written. It fails nobody's write.
    func cleanAnalysesIfTooMany() {
        let (ledger, limit) = (index.analyses, cacheLimit)
        guard ledger.totals().bytes > limit, !ledger.wasInVain else { return }
        // What is used little goes first, whatever the time: a clock that is wrong would have all of it go. And a little
        // more than must go, so that the next write need not clean again.
        _ = try? clean(ttl: .max, goal: limit / 10 * 9)
        ledger.noteCleanup(isInVain: ledger.totals().bytes > limit)
    }

    private func clean(ttl: Int64, goal: Int64) throws -> AnalysisCleaningOutcome {
        let own = ownAnalyzer
        let rules = CleaningRules(now: Int64(clamping: context.now()), ttl: ttl) { analyzer in
            analyzer.isOwn && analyzer != own && !analyzer.isLater(than: own)
        }
        var cleaning = try AnalysisCleaning(of: self, rules: rules, goal: goal)
        try cleaning.carryOut()
        return cleaning.outcome
    }

    /// How many bytes of analyses may be here.
    var cacheLimit: Int64 {
        if let limit = settings.cacheMaxSize { return limit }
        let disk = (try? FileSystem.capacity(at: path)) ?? 0
        return max(Self.usualLimit, disk / 20)
    }

    private static let usualLimit: Int64 = 2048 << 20
}

extension Analyzer {
    /// Whether a later program of ours says so: its results are of use to who has that.
    func isLater(than other: Analyzer) -> Bool {
        let numbers = [self, other].map { Int($0.version.prefix { $0.isNumber }) ?? 0 }
        return numbers[0] > numbers[1]
    }
}
