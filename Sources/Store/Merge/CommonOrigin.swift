import Git

/// Finds the tree that two versions were made from.
///
/// Where their histories met in several places that is what a merge of those makes, and what those were made from is found
/// in the same way. All of it follows from the history alone, its limits too, so each laptop finds the same.
struct CommonOrigin {
    private let repository: Repository
    private let objects: ObjectOverlay
    private let rules: any RootMerge.Type
    private var known: [[ObjectID]: ObjectID?] = [:]
    /// How many more times two commits are asked for what they have in common. A history may cross so often that
    /// looking into all of it would never end.
    private var patience = 256
    private var depth = 0
    /// More levels of histories that crossed again and again are not looked into.
    private static let depthLimit = 12
    /// Nor more places where two histories met.
    private static let widthLimit = 32

    init(
        in repository: Repository, _ objects: ObjectOverlay, by rules: any RootMerge.Type = TreeMerge.self
    ) {
        self.repository = repository
        self.objects = objects
        self.rules = rules
    }

    /// The tree of these commits together; nil where there are none.
    mutating func tree(of commits: [ObjectID]) throws(GitError) -> ObjectID? {
        let commits = commits.sorted()
        if let found = known[commits] { return found }
        depth += 1
        defer { depth -= 1 }
        let found = try merged(commits)
        known[commits] = .some(found)
        return found
    }

    private mutating func merged(_ commits: [ObjectID]) throws(GitError) -> ObjectID? {
        guard let first = commits.first else { return nil }
        var tree: ObjectID? = try repository.readCommit(first).tree
        if depth > Self.depthLimit { return tree }
        for (index, next) in commits.enumerated().dropFirst() {
            guard let below = try common(commits[..<index], next) else { return tree }
            let base = try self.tree(of: best(of: below.sorted()))
            let other = try repository.readCommit(next).tree
            tree = try rules.init(objects).merge(Branches(base: base, one: tree, other: other))
        }
        return tree
    }

    /// Where one commit met some others; nil when that would take too long.
    private mutating func common(
        _ earlier: ArraySlice<ObjectID>, _ next: ObjectID
    ) throws(GitError) -> Set<ObjectID>? {
        patience -= earlier.count
        if patience < 0 { return nil }
        var common: Set<ObjectID> = []
        for commit in earlier { common.formUnion(try repository.mergeBases(commit, next)) }
        return common
    }

    /// Those of some commits that lead to no other of them.
    private func best(of all: [ObjectID]) throws(GitError) -> [ObjectID] {
        let ids = all.prefix(Self.widthLimit)
        var best: [ObjectID] = []
        for id in ids {
            var isBest = true
            for other in ids where other != id && isBest { isBest = try !repository.isAncestor(id, of: other) }
            if isBest { best.append(id) }
        }
        return best
    }
}
