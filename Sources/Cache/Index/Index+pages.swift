public import Catalog
import Store
import Synchronization

extension Index {
    /// A page of tracks, or nil when the track that it is to begin behind is gone. One that did not change is not made again.
    public func page(_ request: TrackRequest) throws -> Answer<TrackPage?> {
        guard var key = PageMemory.TrackKey(request) else {
            return try read(by: request.person) { try $0.tracks(request) }
        }
        let heads = try store.heads()
        key.analyzer = analyzerName(at: heads)
        return try page(
            .tracks(key), of: [.picker], by: request.person, at: heads,
            changed: { try $0.change(ofPickerIn: request.scope) }, make: { try $0.tracks(request) })
    }

    /// A page of posts. One that did not change is not made again.
    ///
    /// - Parameter person: who asks; only for the statistics.
    public func page(_ request: HistoryRequest, by person: PersonID?) throws -> Answer<HistoryPage?> {
        try page(
            .posts(request), of: request.views, by: person, at: store.heads(),
            changed: { try $0.change(ofHistoriesOf: request.histories.map(\.workspace)) },
            make: { try $0.posts(request) })
    }

    /// - Parameters:
    ///   - changed: where that of which the page is made last changed.
    ///   - make: makes the page.
    private func page<Page: KeptPage>(
        _ key: PageMemory.Key, of views: [CacheView], by person: PersonID?, at heads: RemoteHeads,
        changed: (IndexReader) throws -> ViewTable.Change?, make: (IndexReader) throws -> Page?
    ) throws -> Answer<Page?> {
        if let main = heads.main, let page: Page = pages.withLock({ $0.page(key, at: heads) }) {
            for view in views { statistics.note(view, for: person, isReady: true, at: store.context.now()) }
            return Answer(value: page, version: Version(main), freshness: .hit, rows: 0)
        }
        return try read(views, by: person) { reader in
            let change = try changed(reader)
            if let page: Page = pages.withLock({ $0.page(key, madeAt: change, at: reader.heads) }) { return page }
            let page = try make(reader)
            if let page {
                let limit = memory()
                pages.withLock { $0.remember(page, as: key, madeAt: change, at: reader.heads, limit: limit) }
            }
            return page
        }
    }
}
