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
    /// The posts of this page, the newest first.
    public let posts: [PostSummary]
    /// How many there are in all.
    public let total: Int
    /// Where to go on, if there are more.
    public let next: String?
    /// Posts that cannot be read.
    public let unreadable: [UnreadableRecord]
}

extension Session {
    /// Lists posts. Those of the workspaces that are meant are read, all of them.
    public func posts(_ request: PostListRequest) throws(Failure) -> PostList {
        do {
            _ = try requirePerson()
            let view = try view()
            let workspaces = try request.workspace.map { [try view.workspaces.one(named: $0)] }
            let found = try view.posts(of: workspaces ?? view.workspaces.own())
            let wanted = found.posts.filter { isWanted($0, request) }
                .sorted { ($0.post.created, $0.post.id) > ($1.post.created, $1.post.id) }
            let start = try request.cursor.map { try place(after: $0, in: wanted) } ?? 0
            let end = start + min(wanted.count - start, max(0, request.limit ?? wanted.count))
            let page = wanted[start..<end]
            let zones = Zones()
            return PostList(
                posts: try page.map { try PostSummary($0, in: view, zones: zones) }, total: wanted.count,
                next: end < wanted.count ? page.last?.cursor : nil, unreadable: found.unreadable)
        } catch { throw Failure(error) }
    }

    private func isWanted(_ post: ReviewedPost, _ request: PostListRequest) -> Bool {
        (request.state.map { post.review.state == $0 } ?? true)
            && (!request.onlyAwaited || post.isAwaited(by: person))
    }

    /// The cursor says after which post to go on, also if that one is listed no more.
    private func place(after cursor: String, in posts: [ReviewedPost]) throws(Failure) -> Int {
        let parts = cursor.split(separator: "/")
        guard parts.count == 2, let created = Stamp(parts[0]), let id = PostID(parts[1]) else {
            throw Failure(.usage, "\(cursor) is where no list ended", hint: "list again from the beginning")
        }
        return posts.firstIndex { ($0.post.created, $0.post.id) < (created, id) } ?? posts.count
    }
}

extension ReviewedPost {
    fileprivate var cursor: String { "\(post.created)/\(post.id.hex)" }
}
