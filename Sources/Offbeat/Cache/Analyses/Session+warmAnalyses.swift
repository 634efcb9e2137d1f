import Blobs
import Cache
import Catalog
import Digest
import Files
import Store

extension Session {
    /// How long analyses are brought, in seconds, and how many at once.
    private static let warming = (patience: 30.0, portion: 32)

    /// Brings analyses of the tracks that a query matches, the most used first, within a budget.
    func warmAnalyses(
        _ query: Query, in view: View, _ progress: Progress
    ) throws -> (analyses: Int, bytes: Int64) {
        let ledger = library.index.analyses
        guard try store.analyses() != nil, ledger.catchUp() else { return (0, 0) }
        let wanted = try audio(of: query, in: view)
        let absent = ledger.uses().filter { key, use in
            !use.isHere && wanted?.contains(key.audio) ?? true && isUsed(key.analyzer)
        }.sorted { left, right in
            if left.value.hits != right.value.hits { return left.value.hits > right.value.hits }
            if left.value.lastAccess != right.value.lastAccess {
                return left.value.lastAccess > right.value.lastAccess
            }
            return left.key < right.key
        }
        var room = library.cacheLimit - ledger.totals().bytes
        var next = absent.map(\.value.pointer)[...]
        var came: Set<Pointer> = []
        let watch = Stopwatch()
        while !next.isEmpty, room > 0, watch.seconds < Self.warming.patience {
            let portion = next.prefix(Self.warming.portion).filter { blob in
                guard blob.size <= room else { return false }
                room -= blob.size
                return true
            }
            next = next.dropFirst(Self.warming.portion)
            let fault = try library.fetch(portion, progress)
            let here = portion.filter(store.blobs.contains)
            ledger.noteArrival(of: here)
            came.formUnion(here)
            if fault != nil, here.isEmpty { break }
        }
        return (came.count, came.reduce(0) { $0 + $1.size })
    }

    private func isUsed(_ analyzer: Analyzer) -> Bool { !analyzer.isOwn || analyzer == library.ownAnalyzer }

    /// The audio of the tracks that a query matches; nil for all there is.
    private func audio(of query: Query, in view: View) throws -> Set<ContentHash>? {
        if query.terms.isEmpty, !view.hidesTracks { return nil }
        return Set(try matches(of: query, in: view).flatMap(\.analysisTargets).map(\.audio.oid))
    }
}
