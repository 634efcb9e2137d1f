import Blobs
import Cache
import Catalog
import Digest
import Files
import Store

extension Session {
    /// The analyses of some audio, and whether each is ready.
    func cachedAnalyses(of targets: [AnalysisTarget]) throws -> [CacheEntry] {
        guard let analyses = try store.analyses() else { return [] }
        return try targets.flatMap { target in
            try cached(analyses.entries(of: target.audio.oid), of: target)
        }
    }

    /// All analyses of tracks that this person may see.
    func cachedAnalyses(in view: View) throws -> [CacheEntry] {
        guard let analyses = try store.analyses() else { return [] }
        var entries: [ContentHash: [AnalysisEntry]] = [:]
        try analyses.forEach { found in entries[found[0].key.audio] = found }
        var found: [CacheEntry] = []
        try view.forEachTrack { folder in
            for target in folder.analysisTargets {
                found += cached(entries[target.audio.oid] ?? [], of: target)
            }
        }
        return found
    }

    private func cached(_ entries: [AnalysisEntry], of target: AnalysisTarget) -> [CacheEntry] {
        guard !entries.isEmpty else { return [] }
        let uses = library.index.analyses.uses(of: target.audio.oid)
        return entries.map { entry in
            CacheEntry(
                view: nil, id: target.track, stem: target.stem, analyzer: entry.key.analyzer,
                size: entry.pointer?.size ?? 0,
                use: uses[entry.key].map {
                    ViewUse(created: $0.created, lastUse: $0.lastAccess, hits: $0.hits)
                }, reason: reason(against: entry))
        }
    }

    /// Why an analysis is not ready; nil where it is.
    private func reason(against entry: AnalysisEntry) -> String? {
        let own = library.ownAnalyzer
        if entry.key.analyzer.isOwn, entry.key.analyzer != own { return "\(own) is used now" }
        guard let pointer = entry.pointer else { return "only the summary was kept" }
        return store.blobs.contains(pointer) ? nil : "its bytes are not here"
    }
}
