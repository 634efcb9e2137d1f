/// The commits that lead to one, newest first, read as they are asked for.
///
/// A commit comes after all that were made from it, as long as no clock ran backwards: each commit stands at its own
/// time or that of the earliest one made from it, whichever is earlier. Memory holds the ids seen and the commits
/// still waiting, never the history.
public struct History: Sendable {
    private let repository: Repository
    private var queue = CommitQueue()
    private var seen: Set<ObjectID> = []
    private var start: ObjectID?

    init(of repository: Repository, from start: ObjectID) {
        self.repository = repository
        self.start = start
    }

    /// The next commit; nil when there is none left.
    ///
    /// - Throws: `notFound` or `corrupt` with the id of a commit that cannot be read.
    public mutating func next() throws(GitError) -> Commit? {
        if let first = start {
            start = nil
            try add(first, below: .max)
        }
        guard let next = queue.pop() else { return nil }
        for parent in next.commit.parents { try add(parent, below: next.time) }
        return next.commit
    }

    private mutating func add(_ id: ObjectID, below limit: Int64) throws(GitError) {
        guard seen.insert(id).inserted else { return }
        let commit = try repository.readCommit(id)
        queue.push(commit, id, at: min(limit, commit.committer.seconds))
    }
}

extension Repository {
    /// The commits that lead to this one and itself, newest first.
    public func history(from id: ObjectID) -> History {
        History(of: self, from: id)
    }
}
