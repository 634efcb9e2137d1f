import Blobs
import Cache
import Catalog
import Digest
import Files
import Store

extension Session {
    /// Brings analyses of the tracks that a query matches, the most used first, within a budget.
    func warmAnalyses(
        _ query: Query, in view: View, _ progress: Progress
    ) throws -> (analyses: Int, bytes: Int64) {
        let ledger = library.index.analyses
        guard try store.analyses() != nil, ledger.catchUp() else { return (0, 0) }
        let wanted = try audio(of: query, in: view)
        let uses = ledger.uses().filter { wanted?.contains($0.key.audio) ?? true }
        return try library.bring(uses, within: .onDemand, progress)
    }

    /// The audio of the tracks that a query matches; nil for all there is.
    private func audio(of query: Query, in view: View) throws -> Set<ContentHash>? {
        if query.terms.isEmpty, !view.hidesTracks { return nil }
        return Set(try matches(of: query, in: view).flatMap(\.analysisTargets).map(\.audio.oid))
    }
}

/// How much may be brought so that nobody has to wait for it later.
struct WarmingBudget {
    let seconds: Double
    let bytes: Int64

    /// Somebody waits for it, and wants it.
    static let onDemand = WarmingBudget(seconds: 30, bytes: .max)
    /// Nobody asked for it.
    static let afterSync = WarmingBudget(seconds: 5, bytes: 32 << 20)
}

extension Library {
    /// So many are brought at once.
    private static let portion = 32

    /// Brings those that are not here, the most used first, as long as there is room.
    func bring(
        _ uses: [AnalysisKey: AnalysisUse], within budget: WarmingBudget, _ progress: Progress
    ) throws -> (analyses: Int, bytes: Int64) {
        let ledger = index.analyses
        let absent = uses.filter { key, use in
            !use.isHere && (!key.analyzer.isOwn || key.analyzer == ownAnalyzer)
        }.sorted { left, right in
            if left.value.hits != right.value.hits { return left.value.hits > right.value.hits }
            if left.value.lastAccess != right.value.lastAccess {
                return left.value.lastAccess > right.value.lastAccess
            }
            return left.key < right.key
        }
        var room = min(budget.bytes, cacheLimit - ledger.totals().bytes)
        var next = absent.map(\.value.pointer)[...]
        var came: Set<Pointer> = []
        let watch = Stopwatch()
        while !next.isEmpty, room > 0, watch.seconds < budget.seconds {
            let portion = next.prefix(Self.portion).filter { blob in
                guard blob.size <= room else { return false }
                room -= blob.size
                return true
            }
            next = next.dropFirst(Self.portion)
            let fault = try fetch(portion, progress)
            let here = portion.filter(store.blobs.contains)
            ledger.noteArrival(of: here)
            came.formUnion(here)
            if fault != nil, here.isEmpty { break }
        }
        return (came.count, came.reduce(0) { $0 + $1.size })
    }

    /// Brings what a sync changed of the analyses of audio that somebody has looked at here; it fails nobody's sync.
    func warmAnalyses(since old: AnalysesSnapshot?, _ progress: Progress) {
        let ledger = index.analyses
        guard settings.isCacheEnabled, let touched = try? store.analyses()?.audio(touchedSince: old),
            !touched.isEmpty,
            ledger.catchUp()
        else { return }
        var uses: [AnalysisKey: AnalysisUse] = [:]
        for audio in touched {
            let known = ledger.uses(of: audio)
            if known.values.contains(where: { $0.hits > 0 }) { uses.merge(known) { $1 } }
        }
        _ = try? bring(uses, within: .afterSync, progress)
    }
}
