import Blobs
public import Cache
public import Catalog
public import Store

/// Which tracks to list, and how.
public struct ListRequest: Sendable {
    /// What the tracks must match.
    public var query: String
    /// Only this person's.
    public var owner: String?
    /// Only with these tags.
    public var tags: [String] = []
    /// What to sort by.
    public var sort = SortKey.added
    /// At most so many.
    public var limit: Int?
    /// Where an earlier list ended.
    public var cursor: String?
    /// Not the first so many of what would be listed: where a window on a long list is moved at once to somewhere else.
    public var skip = 0

    /// Asks for the tracks that a query matches.
    public init(query: String = "") { self.query = query }
}

/// A page of tracks.
public struct TrackList: Sendable {
    /// The version that was listed.
    public let version: Version
    /// How many match in all.
    public let total: Int
    /// The tracks of this page.
    public let tracks: [TrackSummary]
    /// Where to go on, if there are more.
    public let next: String?
    /// How it came about.
    public let freshness: Index.Freshness
}

extension Session {
    /// Lists tracks.
    public func list(_ request: ListRequest) throws(Failure) -> TrackList {
        do {
            let query = try Query(parsing: request.query)
            return try library.indexed { index in try self.list(request, query, from: index) }
                ?? listWithoutIndex(request, query)
        } catch { throw Failure(error) }
    }

    private func list(_ request: ListRequest, _ query: Query, from index: Index) throws -> TrackList {
        let cursor = try request.cursor.map { (text) throws(Failure) in
            guard let id = TrackID(text) else { throw Self.noSuchPlace(text) }
            return id
        }
        var view = try view()
        while true {
            var wanted = self.wanted(query, in: view)
            wanted.owner = request.owner
            wanted.tags = request.tags
            wanted.sort = request.sort
            wanted.limit = request.limit
            wanted.after = cursor
            wanted.skip = request.skip
            let answer = try index.page(wanted)
            if answer.version != view.snapshot.version {
                // The head moved meanwhile, and with it perhaps who may see what.
                view = try View(store.snapshot(of: answer.version), for: self)
                if view.scope != wanted.scope { continue }
            }
            guard let page = answer.value else { throw Self.noSuchPlace(request.cursor ?? "") }
            let tracks = try page.rows.compactMap { row in
                try view.read(row).map { TrackSummary($0, session: self, in: view) }
            }
            return TrackList(
                version: answer.version, total: page.total, tracks: tracks,
                next: page.hasMore ? page.rows.last?.id.description : nil, freshness: answer.freshness)
        }
    }

    /// Asks the index for the tracks of a view that match a query.
    func wanted(_ query: Query, in view: View) -> TrackRequest {
        var request = TrackRequest(query, in: view.scope, now: Int64(library.context.now())) { [store] in
            store.blobs.contains($0)
        }
        request.person = person?.id
        return request
    }

    // MARK: Where there is no index

    /// The same by looking through the whole library: what the index must agree with, and what is done where there is none.
    func listWithoutIndex(_ request: ListRequest, _ query: Query) throws -> TrackList {
        let view = try view()
        let now = Int64(library.context.now())
        var folders: [TrackID: TrackFolder] = [:]
        var subjects: [QuerySubject] = []
        let summaries = view.summaries.loaded()
        try view.forEachTrack { folder in
            let subject = self.subject(folder, in: view, query, summaries)
            guard query.matches(subject, now: now), self.isWanted(folder, request, in: view) else { return }
            folders[folder.id] = folder
            subjects.append(subject)
        }
        let found = request.sort.sorted(subjects).map(\.id)
        let first = try request.cursor.map { try self.place(after: $0, in: found) } ?? 0
        let start = first + min(found.count - first, max(0, request.skip))
        let end = start + min(found.count - start, max(0, request.limit ?? found.count))
        let page = found[start..<end].compactMap { folders[$0] }.map {
            TrackSummary($0, session: self, in: view)
        }
        let next = end < found.count ? page.last?.id.description : nil
        return TrackList(
            version: view.snapshot.version, total: found.count, tracks: page, next: next, freshness: .built)
    }

    private func isWanted(_ folder: TrackFolder, _ request: ListRequest, in view: View) -> Bool {
        if let owner = request.owner, folder.track.owner.map({ view.handle(of: $0) }) != owner { return false }
        let tags = folder.track.tags
        return request.tags.allSatisfy { wanted in tags.contains { $0.utf8.elementsEqual(wanted.utf8) } }
    }

    private func place(after cursor: String, in found: [TrackID]) throws(Failure) -> Int {
        guard let index = TrackID(cursor).flatMap({ found.firstIndex(of: $0) }) else {
            throw Self.noSuchPlace(cursor)
        }
        return index + 1
    }

    private static func noSuchPlace(_ cursor: String) -> Failure {
        Failure(.notFound, "the list does not have \(cursor) any more", hint: "list again from the beginning")
    }
}
