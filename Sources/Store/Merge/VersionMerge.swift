import Catalog
import Git

/// Merges two versions of a store, so that each laptop that merges the same two makes the same commit.
struct VersionMerge {
    /// What is to be done about two versions.
    enum Outcome {
        /// They are one, or one leads to the other: the later one stands.
        case later(Version)
        /// They hold the same, and what each has alone is only merges: the one with more of them stands, of two with as
        /// many the one of the smaller id.
        case same(Version)
        /// A new version, whose commit is yet to be written.
        case merged(Commit, MergeReport)
    }

    /// Merges look like this, whoever makes them and wherever.
    static let message = "Merge what was done apart\n"
    let repository: Repository
    let objects: ObjectOverlay
    private let rules: any RootMerge.Type

    /// Prepares to merge versions of the library, or of another branch by the rules of its trees.
    init(in repository: Repository, by rules: any RootMerge.Type = TreeMerge.self) {
        self.repository = repository
        self.rules = rules
        objects = ObjectOverlay(over: repository)
    }

    /// Decides what two versions become. Which is whose makes no difference from the first line on.
    func merge(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> Outcome {
        if left == right { return .later(Version(left)) }
        let (one, other) = (min(left, right), max(left, right))
        let bases = try repository.mergeBases(one, other)
        if bases.contains(one) { return .later(Version(other)) }
        if bases.contains(other) { return .later(Version(one)) }
        let commits = try (repository.readCommit(one), repository.readCommit(other))
        let merges = try repository.aheadBehind(one, other, ifAll: Self.isMerge)
        if let merges, commits.0.tree == commits.1.tree || rules.settlesByHistory {
            // One order for all that hold the same, in which a version comes before those that lead to it: by the ids
            // alone, of three laptops in a ring each could find the next one's better, for ever.
            return .same(Version(merges.behind > merges.ahead ? other : one))
        }
        // Where each has all changes of the other, they differ by what was merged with what before. That would go on
        // for ever, if every base that is found could turn the choice again; without one, choices only climb.
        let base = merges == nil ? try origin(of: bases) : nil
        let merge = rules.init(objects)
        let root = try merge.merge(Branches(base: base, one: commits.0.tree, other: commits.1.tree))
        let tree = root ?? objects.make(Tree())
        return .merged(Self.commit(tree, of: [(one, commits.0), (other, commits.1)]), merge.report)
    }

    /// The tree that both were made from.
    private func origin(of bases: [ObjectID]) throws(GitError) -> ObjectID? {
        var origin = CommonOrigin(in: repository, objects, by: rules)
        return try origin.tree(of: bases)
    }

    static func commit(_ tree: ObjectID, of parents: [(id: ObjectID, commit: Commit)]) -> Commit {
        let seconds = parents.map(\.commit.committer.seconds).max() ?? 0
        let author = author(at: seconds)
        return Commit(
            tree: tree, parents: parents.map(\.id).sorted(), author: author, committer: author, message: message)
    }

    /// Who makes what every laptop makes alike.
    static func author(at seconds: Int64) -> Signature {
        Signature(name: "Offbeat", email: "offbeat@invalid", seconds: seconds)
    }

    /// Whether a commit is such a merge, which says nothing that its parents do not say.
    static func isMerge(_ commit: Commit) -> Bool {
        commit.parents.count == 2 && commit.message == message && commit.author.email == "offbeat@invalid"
    }
}
