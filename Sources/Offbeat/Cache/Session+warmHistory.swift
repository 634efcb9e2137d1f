import Blobs
import Cache
public import Catalog
import Store

extension Session {
    /// Makes ready what somebody who opens a workspace will ask for, within a small budget, and names the tracks of its posts.
    public func warmHistory(of name: String, progress: Progress = .none) throws(Failure) -> [TrackID] {
        do {
            let view = try view()
            let workspace = try view.workspaces.one(named: name)
            let posts = try view.posts(of: [workspace]).posts.sorted { $0.post.id > $1.post.id }
            var tracks: [TrackID] = []
            for post in posts.prefix(Self.postsToWarm) {
                if let id = post.post.track, !tracks.contains(id), try view.readable(id) != nil {
                    tracks.append(id)
                }
            }
            let ledger = library.index.analyses
            guard library.settings.isCacheEnabled, ledger.catchUp() else { return tracks }
            var uses: [AnalysisKey: AnalysisUse] = [:]
            for id in tracks {
                for target in try view.readable(id)?.analysisTargets ?? [] {
                    uses.merge(ledger.uses(of: target.audio.oid)) { $1 }
                }
            }
            _ = try library.bring(uses, within: .afterSync, progress)
            return tracks
        } catch { throw Failure(error) }
    }

    private static let postsToWarm = 200
}
