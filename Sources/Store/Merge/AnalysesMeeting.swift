import Catalog
import Git

/// Decides what becomes of two versions of the analyses.
///
/// The history of analyses is of no worth, and somebody may begin it anew, which he says by an *epoch*: a number in the
/// root. Nothing leads from the earlier history to the later one, so that two versions of different epochs cannot be
/// merged as others are. The later epoch stands, and what the earlier one has besides is carried over to it.
struct AnalysesMeeting {
    /// What was carried over looks like this, whoever does it and wherever.
    static let message = "Carry over the analyses that were not sent yet\n"
    /// The file in the root that holds the epoch.
    static let epochFile = EntryName("epoch.json")
    private static let epochSizeLimit = 4096
    private static let epochs: ClosedRange<Int64> = 0...1_000_000_000

    private let repository: Repository
    let objects: ObjectOverlay
    private let merge: VersionMerge

    init(in repository: Repository) {
        self.repository = repository
        merge = VersionMerge(in: repository, by: AnalysesMerge.self)
        objects = merge.objects
    }

    /// Decides what our version becomes.
    ///
    /// - Parameter lastSeen: what the other was last seen at before this: what it had then, we know of, and it knows of.
    func meet(own: ObjectID, other: ObjectID, lastSeen: ObjectID?) throws(GitError) -> VersionMerge.Outcome {
        let epochs = try (epoch(of: own), epoch(of: other))
        let bases = try repository.mergeBases(own, other)
        if epochs.0 == epochs.1 || bases.contains(own) || bases.contains(other) {
            return try merge.merge(own, other)
        }
        let (later, earlier) = epochs.0 > epochs.1 ? (own, other) : (other, own)
        let known = try lastSeen.map { (seen) throws(GitError) in try repository.mergeBases(seen, earlier) } ?? []
        // What the other has besides is told from what was left out on purpose only by what was seen before.
        if later == own, known.isEmpty { return .later(Version(own)) }
        return try carryOver(from: earlier, known: known, to: later)
    }

    /// What a version has changed since it was known, put on top of another.
    private func carryOver(
        from earlier: ObjectID, known: [ObjectID], to later: ObjectID
    ) throws(GitError) -> VersionMerge.Outcome {
        let commit = try repository.readCommit(later)
        var origin = CommonOrigin(in: repository, objects, by: AnalysesMerge.self)
        let trees = Branches(
            base: try origin.tree(of: known), one: try repository.readCommit(earlier).tree, other: commit.tree)
        let merge = AnalysesMerge(objects)
        var root = try merge.merge(trees).map { (id) throws(GitError) in try objects.readTree(id) } ?? Tree()
        // The sides may have come by their epochs in whatever way: it is the later one's that goes on.
        if let name = Self.epochFile {
            root.remove(name)
            if let entry = try objects.readTree(commit.tree)[name] { root.set(entry) }
        }
        let tree = objects.make(root)
        if tree == commit.tree { return .later(Version(later)) }
        let author = VersionMerge.author(at: commit.committer.seconds)
        return .merged(
            Commit(tree: tree, parents: [later], author: author, committer: author, message: Self.message),
            merge.report)
    }

    /// The epoch of a version; zero where none is told that makes sense.
    private func epoch(of version: ObjectID) throws(GitError) -> Int64 {
        let root = try repository.readTree(repository.readCommit(version).tree)
        let entry = Self.epochFile.flatMap { root[$0] }
        let reading = TreeMerge(objects, knowsRecords: false)
        guard let bytes = try reading.bytes(of: entry, limit: Self.epochSizeLimit),
            let epoch = try? JSON.parse(bytes)["epoch"]?.asInteger, Self.epochs.contains(epoch)
        else { return 0 }
        return epoch
    }
}
