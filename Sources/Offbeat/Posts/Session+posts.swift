public import Cache
public import Catalog
public import Store

/// Which posts to list.
public struct PostListRequest: Sendable {
    /// What names the only workspace that is meant.
    public var workspace: String?
    /// Only those of this state.
    public var state: PostState?
    /// Only those that wait for who asks.
    public var onlyAwaited = false
    /// At most so many.
    public var limit: Int?
    /// Where an earlier list ended.
    public var cursor: String?

    /// Asks for all posts of all workspaces that the person belongs to.
    public init() {}
}

/// A page of posts.
public struct PostList: Sendable {
    /// The version that was listed.
    public let version: Version
    /// The posts of this page, the newest first.
    public let posts: [PostSummary]
    /// How many there are in all.
    public let total: Int
    /// Where to go on, if there are more.
    public let next: String?
    /// Posts that cannot be read.
    public let unreadable: [UnreadableRecord]
    /// How it came about.
    public let freshness: Index.Freshness
}

extension Session {
    /// Lists posts of the workspaces that this person belongs to.
    public func posts(_ request: PostListRequest) throws(Failure) -> PostList {
        guard let list = try posts(request, unless: { _ in false }).list else {
            throw Failure(.io, "no posts were listed")
        }
        return list
    }

    /// The same, with what the list is known by: as long as that stays the same, so does the list. Of a list that the caller
    /// has already no post is read, and it is left out. Nil where only the list itself can tell.
    public func posts(
        _ request: PostListRequest, unless isKnown: (String) -> Bool
    ) throws(Failure) -> (mark: String?, list: PostList?) {
        do {
            _ = try requirePerson()
            // No row says it: it is known only here, and only for as long as it lasts.
            if request.state == .publishing { return (nil, try postsWithoutIndex(request)) }
            return try library.indexed { index in try self.posts(request, from: index, unless: isKnown) }
                ?? (nil, postsWithoutIndex(request))
        } catch { throw Failure(error) }
    }

    private func posts(
        _ request: PostListRequest, from index: Index, unless isKnown: (String) -> Bool
    ) throws -> (mark: String?, list: PostList?) {
        let start = try request.cursor.map { (text) throws(Failure) in try Self.place(text) }
        var view = try view()
        while true {
            let workspaces = try view.workspaces(of: request)
            let wanted = history(of: workspaces, request, from: start)
            let answer = try index.page(wanted, by: person?.id)
            guard let page = answer.value else { return (nil, try postsWithoutIndex(request)) }
            if answer.version != view.snapshot.version {
                // The head moved meanwhile, and with it perhaps who belongs to what.
                view = try View(store.snapshot(of: answer.version), for: self)
                let present = try view.workspaces(of: request)
                if history(of: present, request, from: start) != wanted { continue }
            }
            let mark = try mark(of: request, in: view, by: index)
            if let mark, isKnown(mark) { return (mark, nil) }
            let zones = Zones()
            let posts = try view.read(page.rows).map { try PostSummary($0, in: view, zones: zones) }
            let list = PostList(
                version: answer.version, posts: posts, total: page.total,
                next: page.hasMore ? page.rows.last?.place.cursor : nil,
                unreadable: page.unreadable, freshness: answer.freshness)
            return (mark, list)
        }
    }

    private func history(
        of workspaces: [Workspace], _ request: PostListRequest, from start: HistoryRequest.Place?
    ) -> HistoryRequest {
        var wanted = HistoryRequest(of: workspaces, awaitedBy: request.onlyAwaited ? person?.id : nil)
        wanted.state = request.state
        wanted.limit = request.limit
        wanted.after = start
        return wanted
    }

    /// The cursor says after which post to go on, also if that one is listed no more.
    private static func place(_ cursor: String) throws(Failure) -> HistoryRequest.Place {
        let parts = cursor.split(separator: "/")
        guard parts.count == 2, let created = Stamp(parts[0]), let id = PostID(parts[1]) else {
            throw Failure(.usage, "\(cursor) is where no list ended", hint: "list again from the beginning")
        }
        return HistoryRequest.Place(created: created, id: id)
    }

    // MARK: Where there is no index

    /// The same by reading all posts of these workspaces: what the index must agree with, and what is done where there is
    /// none.
    func postsWithoutIndex(_ request: PostListRequest) throws -> PostList {
        let view = try view()
        let found = try view.posts(of: view.workspaces(of: request))
        let wanted = found.posts.filter { isWanted($0, request, in: view) }
            .sorted { ($0.post.created, $0.post.id) > ($1.post.created, $1.post.id) }
        let start = try request.cursor.map { try place(after: $0, in: wanted) } ?? 0
        let end = start + min(wanted.count - start, max(0, request.limit ?? wanted.count))
        let page = wanted[start..<end]
        let zones = Zones()
        return PostList(
            version: view.snapshot.version,
            posts: try page.map { try PostSummary($0, in: view, zones: zones) }, total: wanted.count,
            next: end < wanted.count ? page.last?.place.cursor : nil, unreadable: found.unreadable,
            freshness: .built)
    }

    private func isWanted(_ post: ReviewedPost, _ request: PostListRequest, in view: View) -> Bool {
        let isOnItsWay = request.state == .publishing && view.onTheirWay.ids.contains(post.post.id)
        return (request.state.map { post.review.state == $0 || isOnItsWay } ?? true)
            && (!request.onlyAwaited || post.isAwaited(by: person))
    }

    private func place(after cursor: String, in posts: [ReviewedPost]) throws(Failure) -> Int {
        let start = try Self.place(cursor)
        return posts.firstIndex { ($0.post.created, $0.post.id) < (start.created, start.id) } ?? posts.count
    }
}

extension View {
    /// The workspaces whose posts are asked for.
    func workspaces(of request: PostListRequest) throws -> [Workspace] {
        try request.workspace.map { [try workspaces.one(named: $0)] } ?? workspaces.own()
    }
}

extension ReviewedPost {
    fileprivate var place: HistoryRequest.Place { HistoryRequest.Place(created: post.created, id: post.id) }
}

extension HistoryRequest.Place {
    fileprivate var cursor: String { "\(created)/\(id.hex)" }
}
