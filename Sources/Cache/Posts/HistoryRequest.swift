public import Catalog
public import Store

/// Which page of the histories of which workspaces. Whoever asks sees to it that they are theirs.
public struct HistoryRequest: Sendable, Hashable {
    /// Where a post stands in a history: the newest are first.
    public struct Place: Sendable, Hashable {
        /// When the post was made.
        public let created: Stamp
        /// Which post it is.
        public let id: PostID

        /// Names a place, whether there is a post or not.
        public init(created: Stamp, id: PostID) { (self.created, self.id) = (created, id) }
    }

    /// The posts of one workspace, as far as they are asked for.
    struct History: Sendable, Hashable {
        let workspace: WorkspaceID
        let view: CacheView
        /// Which of them wait for somebody; nil where that is not asked.
        let awaited: AwaitedPosts?
    }

    let histories: [History]
    /// Only those of this state.
    public var state: PostState?
    /// At most so many.
    public var limit: Int?
    /// Those behind this place.
    public var after: Place?

    /// Asks for the posts of workspaces.
    ///
    /// - Parameters:
    ///   - workspaces: the workspaces.
    ///   - person: only what waits for this one; nil for all.
    public init(of workspaces: [Workspace], awaitedBy person: PersonID? = nil) {
        histories = workspaces.map { workspace in
            History(
                workspace: workspace.id, view: CacheView(historyOf: workspace),
                awaited: person.map { AwaitedPosts(by: $0, in: workspace) })
        }
    }

    /// The views that it is answered from.
    public var views: [CacheView] { histories.map(\.view) }
}

/// Which posts of a workspace wait for a person: in some states those that are theirs, in others those that are not.
struct AwaitedPosts: Sendable, Hashable {
    let person: PersonID
    let statesOfOwn: [PostState]
    let statesOfOthers: [PostState]

    /// Asks the table of steps and roles, state by state.
    init(by person: PersonID, in workspace: Workspace) {
        self.person = person
        func states(isAuthor: Bool) -> [PostState] {
            guard let role = workspace.standing(of: person) else { return [] }
            let actor = PostActor(role: role, isAuthor: isAuthor)
            return PostState.allCases.filter { actor.isAwaited(in: $0, of: workspace) }
        }
        statesOfOwn = states(isAuthor: true)
        statesOfOthers = states(isAuthor: false)
    }
}

/// A page of posts.
public struct HistoryPage: Sendable {
    /// How many there are in all.
    public let total: Int
    /// Those of this page, the newest first.
    public let rows: [PostRow]
    /// Whether there are more behind them.
    public let hasMore: Bool
    /// What of the histories cannot be read.
    public let unreadable: [UnreadableRecord]
}
