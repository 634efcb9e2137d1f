import Catalog
import Store

/// The pages that were asked for last, so that one which did not change is not made again.
struct PageMemory {
    /// What makes one page another.
    enum Key: Hashable {
        case tracks(TrackKey)
        case posts(HistoryRequest)
    }

    /// What makes one page of tracks another.
    struct TrackKey: Hashable {
        let scope: TrackRequest.Scope
        let query: Query
        let owner: String?
        let tags: [String]
        let sort: SortKey
        let limit: Int?
        let after: TrackID?
        let skip: Int
        /// Whose analyses it shows.
        var analyzer = ""

        /// Nil for a page that depends on more than versions: on the clock, or on which files are here.
        init?(_ request: TrackRequest) {
            if request.query.dependsOnClock || request.query.dependsOnFiles { return nil }
            scope = request.scope
            query = request.query
            owner = request.owner
            tags = request.tags
            sort = request.sort
            limit = request.limit
            after = request.after
            skip = request.skip
        }
    }

    /// A page, and where it was seen to be right.
    struct Entry {
        let page: any KeptPage
        /// The change by which it became what it is.
        let made: ViewTable.Change?
        /// The heads at which that was still so.
        var heads: RemoteHeads
        var lastUse: UInt64
    }

    /// How often all were forgotten.
    private(set) var generation: UInt64 = 0

    private var entries: [Key: Entry] = [:]
    private var size = 0
    private var clock: UInt64 = 0

    /// The page, if it is one of the present heads.
    mutating func page<Page: KeptPage>(_ key: Key, at heads: RemoteHeads) -> Page? {
        guard let entry = entries[key], entry.heads == heads else { return nil }
        clock += 1
        entries[key]?.lastUse = clock
        return entry.page as? Page
    }

    /// The page, if what it is made of has not changed since.
    func page<Page: KeptPage>(_ key: Key, madeAt change: ViewTable.Change?) -> Page? {
        guard let change, let entry = entries[key], entry.made == change else { return nil }
        return entry.page as? Page
    }

    /// Says that the page, if it is still the one that was made then, is also one of these heads.
    mutating func agree(_ key: Key, madeAt change: ViewTable.Change?, with heads: RemoteHeads) {
        guard let entry = entries[key], entry.made == change else { return }
        clock += 1
        entries[key]?.heads = heads
        entries[key]?.lastUse = clock
    }

    /// Keeps a page; where there are more than so many bytes then, those that nobody asked for longest go.
    mutating func remember(
        _ page: any KeptPage, as key: Key, madeAt version: ViewTable.Change?, at heads: RemoteHeads, limit: Int
    ) {
        forget(key)
        if page.weight <= limit / 4 {
            clock += 1
            entries[key] = Entry(page: page, made: version, heads: heads, lastUse: clock)
            size += page.weight
        }
        while size > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            forget(oldest)
        }
    }

    private mutating func forget(_ key: Key) { size -= entries.removeValue(forKey: key)?.page.weight ?? 0 }

    mutating func forgetAll() {
        entries = [:]
        size = 0
        generation += 1
    }
}

/// A page that may be kept.
protocol KeptPage: Sendable {
    /// About how many bytes of memory it takes.
    var weight: Int { get }
}

extension TrackPage: KeptPage {
    var weight: Int { rows.reduce(512) { $0 + $1.weight } }
}

extension TrackRow {
    fileprivate var weight: Int {
        let texts = [title, artist, album, key].compactMap { $0?.utf8.count } + tags.map { $0.utf8.count + 32 }
        return texts.reduce(384, +)
    }
}

extension HistoryPage: KeptPage {
    var weight: Int {
        unreadable.reduce(512 + 128 * rows.count) { $0 + 64 + $1.path.utf8.count + $1.reason.utf8.count }
    }
}
