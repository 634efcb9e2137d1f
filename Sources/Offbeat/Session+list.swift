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
}

extension Session {
    /// Lists tracks. The whole library is looked through.
    public func list(_ request: ListRequest) throws(Failure) -> TrackList {
        do {
            let view = try view()
            let query = try Query(parsing: request.query)
            let now = Int64(library.context.now())
            var folders: [TrackID: TrackFolder] = [:]
            var subjects: [QuerySubject] = []
            try view.forEachTrack { folder in
                let subject = self.subject(folder, in: view, query)
                guard query.matches(subject, now: now), self.isWanted(folder, request, in: view) else { return }
                folders[folder.id] = folder
                subjects.append(subject)
            }
            let found = request.sort.sorted(subjects).map(\.id)
            let start = try request.cursor.map { try self.place(after: $0, in: found) } ?? 0
            let end = start + min(found.count - start, max(0, request.limit ?? found.count))
            let page = found[start..<end].compactMap { folders[$0] }.map {
                TrackSummary($0, session: self, in: view)
            }
            let next = end < found.count ? page.last?.id.description : nil
            return TrackList(version: view.snapshot.version, total: found.count, tracks: page, next: next)
        } catch { throw Failure(error) }
    }

    private func isWanted(_ folder: TrackFolder, _ request: ListRequest, in view: View) -> Bool {
        if let owner = request.owner, folder.track.owner.map({ view.handle(of: $0) }) != owner { return false }
        let tags = folder.track.tags
        return request.tags.allSatisfy { wanted in tags.contains { $0.utf8.elementsEqual(wanted.utf8) } }
    }

    private func place(after cursor: String, in found: [TrackID]) throws(Failure) -> Int {
        guard let index = TrackID(cursor).flatMap({ found.firstIndex(of: $0) }) else {
            throw Failure(
                .notFound, "the list does not have \(cursor) any more", hint: "list again from the beginning")
        }
        return index + 1
    }
}
