import Cache
import Catalog
import Store

extension Library {
    /// The views that differ between two versions, by name.
    func views(touchedFrom old: Version, to new: Version) throws -> [CacheView] {
        guard old != new else { return [] }
        var found: Set<CacheView> = []
        let snapshot = try store.snapshot(of: new)
        let slugs = Dictionary(try snapshot.workspaces().map { ($0.id, $0.slug) }, uniquingKeysWith: { $1 })
        for change in try store.changes(from: old, to: new) {
            switch change.folder {
            case .track, .person, .store: found.insert(.picker)
            case .workspace(let id):
                found.insert(.picker)
                if let slug = slugs[id] ?? nil { found.insert(.history(slug.text)) }
            case .post(let id, _): if let slug = slugs[id] ?? nil { found.insert(.history(slug.text)) }
            case nil: break
            }
        }
        return found.sorted { $0.description < $1.description }
    }

    /// Names the views that a sync touched, and brings the index to what it brought; neither can fail the sync.
    func noteArrival(from old: Version, to new: Version, haveAnalysesChanged: Bool) -> [CacheView] {
        var views = (try? views(touchedFrom: old, to: new)) ?? []
        if haveAnalysesChanged { views = [.analysis] + views }
        if !views.isEmpty, index.exists { _ = try? indexed { index in try index.refresh { _ in } } }
        return views
    }
}
