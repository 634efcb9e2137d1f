import Files
import Git

extension Store {
    /// Takes a remote's rewritten history for the truth: the head becomes what the remote holds, with what was changed here
    /// since the remote was last seen done again on top.
    ///
    /// What the old history held and the new one does not is gone from the head; its versions are still in the repository.
    ///
    /// - Parameter seen: where the remote was last seen.
    @discardableResult
    public func replay(onto theirs: Version, since seen: Version?, because reason: String) throws -> TakenIn {
        try exclusively { writer in try replay(onto: theirs, since: seen, because: reason, writer) }
    }

    private func replay(
        onto theirs: Version, since seen: Version?, because reason: String, _ writer: borrowing Writer
    ) throws(StoreError) -> TakenIn {
        let head = try version()
        let (ours, target) = (try commit(of: head), try commit(of: theirs))
        let base = try seen.map { (version) throws(StoreError) in try commit(of: version).tree }
        let objects = ObjectOverlay(over: repository)
        let merge = TreeMerge(objects)
        let tree = try StoreError.wrapping("merge", "version \(theirs.short)") { () throws(GitError) in
            try merge.merge(Branches(base: base, one: ours.tree, other: target.tree)) ?? objects.make(Tree())
        }
        guard tree != target.tree else {
            try move(from: head, to: theirs, because: reason, nil, writer)
            return TakenIn(from: head, to: theirs, isMerge: false, report: merge.report)
        }
        let author = signature(of: nil, at: try commitTime(after: theirs))
        let replayed = Commit(
            tree: tree, parents: [theirs.id], author: author, committer: author, message: Self.replayMessage)
        let version = Version(objects.make(replayed))
        try move(from: head, to: version, because: reason, objects, writer)
        return TakenIn(from: head, to: version, isMerge: false, report: merge.report)
    }

    private static let replayMessage = "Do again what was never synced\n"
}
