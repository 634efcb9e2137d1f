extension Repository {
    /// How many commits lead to each of two that do not lead to the other.
    ///
    /// libgit2's own count is wrong where histories cross within one second. This one is right as long as no commit
    /// is older than its parents, and reads little more than the commits that it counts.
    public func aheadBehind(_ local: ObjectID, _ upstream: ObjectID) throws(GitError) -> (ahead: Int, behind: Int) {
        var walk = SideWalk(repository: self)
        try walk.reach(local, .local)
        try walk.reach(upstream, .upstream)
        return try walk.count()
    }

    /// The same, where all of these commits are of a kind; else nil.
    public func aheadBehind(
        _ local: ObjectID, _ upstream: ObjectID, ifAll isOfKind: (Commit) -> Bool
    ) throws(GitError) -> (ahead: Int, behind: Int)? {
        var walk = SideWalk(repository: self)
        try walk.reach(local, .local)
        try walk.reach(upstream, .upstream)
        let counts = try walk.count()
        for id in walk.alone(.local) + walk.alone(.upstream) where !isOfKind(try readCommit(id)) { return nil }
        return counts
    }

    /// The commits that lead to each of two and not to the other.
    public func alone(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> (one: [ObjectID], other: [ObjectID]) {
        var walk = SideWalk(repository: self)
        try walk.reach(one, .local)
        try walk.reach(other, .upstream)
        _ = try walk.count()
        return (walk.alone(.local), walk.alone(.upstream))
    }

    /// The commits that lead to any of some and to none of others.
    func alone(leadingTo heads: [ObjectID], andNotTo others: [ObjectID]) throws(GitError) -> Set<ObjectID> {
        var walk = SideWalk(repository: self)
        for head in heads { try walk.reach(head, .local) }
        for other in others { try walk.reach(other, .upstream) }
        _ = try walk.count()
        return Set(walk.alone(.local))
    }
}

/// Walks back from commits of two sides, noting to which of the sides each commit leads.
private struct SideWalk {
    struct Sides: OptionSet {
        let rawValue: UInt8
        static let local = Sides(rawValue: 1)
        static let upstream = Sides(rawValue: 2)
        static let both: Sides = [.local, .upstream]
    }

    let repository: Repository
    private var sides: [ObjectID: Sides] = [:]
    private var queue = CommitQueue()
    /// The waiting commits that are known to lead to one side only.
    private var open: Set<ObjectID> = []
    /// The time of the oldest commit that was passed as leading to one side only.
    private var oldest = Int64.max

    init(repository: Repository) {
        self.repository = repository
    }

    /// Notes that a commit leads to these sides, and has it looked at if that is news.
    mutating func reach(_ id: ObjectID, _ side: Sides) throws(GitError) {
        let known = sides[id] ?? []
        let now = known.union(side)
        guard now != known else { return }
        sides[id] = now
        if now == .both { open.remove(id) } else { open.insert(id) }
        let commit = try repository.readCommit(id)
        queue.push(commit, id, at: commit.committer.seconds)
    }

    /// The commits that lead to one side only, once all are counted.
    func alone(_ side: Sides) -> [ObjectID] { sides.filter { $0.value == side }.map(\.key) }

    mutating func count() throws(GitError) -> (ahead: Int, behind: Int) {
        // What leads to both may still lead down to one that was passed too early, within the same second.
        while let next = queue.first, !open.isEmpty || next.time >= oldest {
            _ = queue.pop()
            open.remove(next.id)
            let reached = sides[next.id] ?? []
            if reached != .both { oldest = min(oldest, next.time) }
            for parent in next.commit.parents { try reach(parent, reached) }
        }
        return (sides.values.count { $0 == .local }, sides.values.count { $0 == .upstream })
    }
}
