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
        let answer = try read(views, by: person) { reader -> Found<Page> in
            let change = try changed(reader)
            let (known, generation): (Page?, UInt64) = pages.withLock {
                ($0.page(key, madeAt: change), $0.generation)
            }
            return Found(
                page: try known ?? make(reader), isKept: known != nil, change: change, heads: reader.heads,
                generation: generation)
        }
        keep(answer.value, as: key)
        return Answer(
            value: answer.value.page, version: answer.version, freshness: answer.freshness, rows: answer.rows)
    }

    /// A page, and where it was read.
    private struct Found<Page: KeptPage>: Sendable {
        let page: Page?
        let isKept: Bool
        let change: ViewTable.Change?
        let heads: RemoteHeads
        let generation: UInt64
    }

    /// Keeps what was read, once it is known to be believed; not what somebody has asked to forget meanwhile.
    private func keep<Page: KeptPage>(_ found: Found<Page>, as key: PageMemory.Key) {
        guard let page = found.page else { return }
        let limit = memory()
        pages.withLock { pages in
            guard pages.generation == found.generation else { return }
            if found.isKept {
                pages.agree(key, madeAt: found.change, with: found.heads)
            } else {
                pages.remember(page, as: key, madeAt: found.change, at: found.heads, limit: limit)
            }
        }
    }
}
