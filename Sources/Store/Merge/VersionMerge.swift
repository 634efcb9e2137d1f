import Catalog
import Git

/// Merges two versions of a store, so that each laptop that merges the same two makes the same commit.
struct VersionMerge {
    /// What is to be done about two versions.
    enum Outcome {
        /// They are one, or one leads to the other: the later one stands.
        case later(Version)
        /// They hold the same, and what each has alone is only merges: the one of the smaller id stands.
        case same(Version)
        /// A new version, whose commit is yet to be written.
        case merged(Commit, MergeReport)
    }

    /// Merges look like this, whoever makes them and wherever.
    static let message = "Merge what was done apart\n"
    /// More levels of histories that crossed again and again are not looked into.
    private static let depthLimit = 12

    let repository: Repository
    let objects: ObjectOverlay

    init(in repository: Repository) {
        self.repository = repository
        objects = ObjectOverlay(over: repository)
    }

    /// Decides what two versions become.
    func merge(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> Outcome {
        if one == other { return .later(Version(one)) }
        let bases = try repository.mergeBases(one, other).sorted()
        if bases == [one] { return .later(Version(other)) }
        if bases == [other] { return .later(Version(one)) }
        let commits = try (repository.readCommit(one), repository.readCommit(other))
        if commits.0.tree == commits.1.tree, try areMergesAlone(one, other) {
            return .same(Version(min(one, other)))
        }
        let base = try tree(of: bases, depth: 0)
        let merge = TreeMerge(objects)
        let root = try merge.merge(Branches(base: base, one: commits.0.tree, other: commits.1.tree))
        let tree = root ?? objects.make(Tree())
        return .merged(Self.commit(tree, of: [(one, commits.0), (other, commits.1)]), merge.report)
    }

    static func commit(_ tree: ObjectID, of parents: [(id: ObjectID, commit: Commit)]) -> Commit {
        let seconds = parents.map(\.commit.committer.seconds).max() ?? 0
        let author = Signature(name: "Offbeat", email: "offbeat@invalid", seconds: seconds)
        return Commit(
            tree: tree, parents: parents.map(\.id).sorted(), author: author, committer: author, message: message)
    }

    /// Whether a commit is such a merge, which says nothing that its parents do not say.
    static func isMerge(_ commit: Commit) -> Bool {
        commit.parents.count == 2 && commit.message == message && commit.author.email == "offbeat@invalid"
    }

    /// Whether nothing but merges leads to one of two commits that does not lead to the other.
    private func areMergesAlone(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> Bool {
        try repository.areAllAlone(one, other, Self.isMerge)
    }

    // MARK: What both were made from

    /// The tree that both sides were made from. Where their histories met in several places that is what a merge of
    /// those makes.
    private func tree(of bases: [ObjectID], depth: Int) throws(GitError) -> ObjectID? {
        guard let first = bases.first else { return nil }
        var tree: ObjectID? = try repository.readCommit(first).tree
        if depth >= Self.depthLimit { return tree }
        for (index, next) in bases.enumerated().dropFirst() {
            var below: Set<ObjectID> = []
            for earlier in bases[..<index] { below.formUnion(try repository.mergeBases(earlier, next)) }
            let base = try self.tree(of: best(of: below.sorted()), depth: depth + 1)
            let other = try repository.readCommit(next).tree
            tree = try TreeMerge(objects).merge(Branches(base: base, one: tree, other: other))
        }
        return tree
    }

    /// Those of some commits that lead to no other of them.
    private func best(of ids: [ObjectID]) throws(GitError) -> [ObjectID] {
        var best: [ObjectID] = []
        for id in ids {
            var isBest = true
            for other in ids where other != id && isBest { isBest = try !repository.isAncestor(id, of: other) }
            if isBest { best.append(id) }
        }
        return best
    }
}
