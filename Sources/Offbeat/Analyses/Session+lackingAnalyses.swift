public import Catalog
import Blobs
import Store

extension Session {
    /// The audio of a track that is here and that our own analyzer has not analysed yet; nothing where analyses are not kept,
    /// and of what this person may not see.
    public func lackingAnalyses(of track: TrackID) throws(Failure) -> [AnalysisTarget] {
        do {
            guard library.settings.isCacheEnabled, let folder = try view().track(track) else { return [] }
            let analyses = try store.analyses()
            let analyzer = library.ownAnalyzer
            return try folder.analysisTargets.filter { target in
                try analyses?.entry(target.key(by: analyzer))?.pointer == nil && store.blobs.contains(target.audio)
            }
        } catch { throw Failure(error) }
    }

    /// Whether a track has audio that is neither analysed nor here, and may still come.
    public func awaitsAudio(of track: TrackID) throws(Failure) -> Bool {
        do {
            guard library.settings.isCacheEnabled, let folder = try view().track(track) else { return false }
            let analyses = try store.analyses()
            let analyzer = library.ownAnalyzer
            return try folder.analysisTargets.contains { target in
                try analyses?.entry(target.key(by: analyzer)) == nil && !store.blobs.contains(target.audio)
            }
        } catch { throw Failure(error) }
    }

    /// Whether this person may see a track now.
    public func maySee(_ track: TrackID) throws(Failure) -> Bool {
        do { return try view().track(track) != nil } catch { throw Failure(error) }
    }
}
