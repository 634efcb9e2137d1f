import Cache
import Catalog
import Store

extension Library {
    /// Names the views that a sync touched, and brings the index to what it brought; neither can fail the sync.
    func noteArrival(from old: Version, to new: Version, haveAnalysesChanged: Bool) -> [CacheView] {
        var views: Set<CacheView> = haveAnalysesChanged ? [.analysis] : []
        let changed = old == new ? [] : (try? store.changes(from: old, to: new).compactMap(\.folder)) ?? []
        if let touched = try? self.views(touchedBy: changed, at: new) { views.formUnion(touched) }
        if !views.isEmpty, index.exists {
            // A post is shown with its track.
            let tracks = changed.compactMap { if case .track(let id) = $0 { id } else { nil } }
            let answer = try? indexed { index in try index.refresh { try $0.histories(about: tracks) } }
            if let histories = answer?.value { views.formUnion(histories) }
        }
        return views.sorted { $0.description < $1.description }
    }

    private func views(touchedBy folders: [RecordFolder], at version: Version) throws -> Set<CacheView> {
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
