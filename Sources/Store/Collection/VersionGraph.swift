import Git

/// The versions that can still be asked for, of one repository and of those that borrow from it.
struct VersionGraph {
    /// What is known of a version.
    struct Node {
        let tree: ObjectID
        let parents: [ObjectID]
        /// In milliseconds since 1970, by the clock of who made it.
        let at: Int64
    }

    private(set) var nodes: [ObjectID: Node] = [:]
    /// The versions that remotes have confirmed.
    private(set) var confirmed: Set<ObjectID> = []

    /// Reads the versions that lead to one and were not met before; gives them.
    mutating func add(from start: ObjectID, in repository: Repository) throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        var pending = [start]
        while let id = pending.popLast() {
            guard nodes[id] == nil else { continue }
            let commit = try repository.readCommit(id)
            let (at, overflows) = commit.committer.seconds.multipliedReportingOverflow(by: 1000)
            nodes[id] = Node(tree: commit.tree, parents: commit.parents, at: overflows ? .max : at)
            found.append(id)
            pending += commit.parents
        }
        return found
    }

    /// Notes that a remote has confirmed a version, and with it all that led to it.
    mutating func confirm(_ version: ObjectID) {
        var pending = [version]
        while let id = pending.popLast() {
            guard confirmed.insert(id).inserted else { continue }
            pending += nodes[id]?.parents ?? []
        }
    }

    /// The versions that history is kept of: those young enough, and what each was made from, which was the head until
    /// then.
    func recent(_ isYoung: (Int64) -> Bool) -> Set<ObjectID> {
        var recent: Set<ObjectID> = []
        for (id, node) in nodes where isYoung(node.at) {
            recent.insert(id)
            recent.formUnion(node.parents)
        }
        return recent
    }
}
