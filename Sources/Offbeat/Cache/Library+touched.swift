import Cache
import Catalog
import Store

extension Library {
    /// Names the views that a sync touched, and brings the index to what it brought; neither can fail the sync.
    func noteArrival(from old: Version, to new: Version, haveAnalysesChanged: Bool) -> [CacheView] {
        let changed = old == new ? [] : (try? store.changes(from: old, to: new).compactMap(\.folder)) ?? []
        if !changed.isEmpty || haveAnalysesChanged, index.exists {
            _ = try? indexed { index in try index.refresh { $0.version } }
        }
        let views = self.views(touchedBy: changed, at: new) + (haveAnalysesChanged ? [.analysis] : [])
        return views.sorted { $0.description < $1.description }
    }

    /// The views that show any of these records, in the order of names; what cannot be told is left out.
    func views(touchedBy changed: [RecordFolder], at version: Version) -> [CacheView] {
        var views = (try? self.views(showing: changed, at: version)) ?? []
        // A post is shown with its track; which posts those are, the index knows.
        let tracks = changed.compactMap { if case .track(let id) = $0 { id } else { nil } }
        if !tracks.isEmpty, index.exists {
            let about = try? indexed { index in try index.survey { try $0.histories(about: tracks) } }
            views.formUnion((about ?? nil) ?? [])
        }
        return views.sorted { $0.description < $1.description }
    }

    private func views(showing folders: [RecordFolder], at version: Version) throws -> Set<CacheView> {
        guard !folders.isEmpty else { return [] }
        let workspaces = try store.snapshot(of: version).workspaces()
        let histories = Dictionary(
            workspaces.map { ($0.id, CacheView(historyOf: $0)) }, uniquingKeysWith: { $1 })
        var found: Set<CacheView> = []
        for folder in folders {
            switch folder {
            case .track, .person, .store: found.insert(.picker)
            case .workspace(let id):
                found.insert(.picker)
                if let history = histories[id] { found.insert(history) }
            case .post(let id, _): if let history = histories[id] { found.insert(history) }
            }
        }
        return found
    }
}
