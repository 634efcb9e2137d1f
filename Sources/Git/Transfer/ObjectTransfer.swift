/// Brings versions of one repository into another, with all that they consist of and the other lacks.
///
/// What is new is found by comparing each version with the ones that it was made from, so the cost follows the change
/// and not the size of either repository. What a version names but neither repository has, such as the commit of a
/// submodule, is none of its objects.
///
/// The target is believed to have all of a version that one of its branches leads to. What only lies there, of a
/// transfer that was cut off, is not believed, and comes again. A target that cannot be looked into from here is stood for
/// by the source itself: then its branches alone tell what it has.
public struct ObjectTransfer {
    /// What a transfer brought.
    public struct Outcome: Hashable, Sendable {
        /// How many versions came.
        public internal(set) var commits = 0
        /// How many objects came, commits included.
        public internal(set) var objects = 0
        /// How many bytes they have, uncompressed.
        public internal(set) var bytes = 0
    }

    private let source: Repository
    private let target: Repository
    private let writer: ObjectWriter
    private let tips: [ObjectID]
    private let visit: ((ObjectID, [UInt8]) throws(GitError) -> Void)?
    private var outcome = Outcome()
    /// Folders and files that were brought or are being brought.
    private var brought: Set<ObjectID> = []

    /// The largest file that is brought. A small object may unfold to any size, and is held in memory whole.
    public static let blobLimit = 512 << 20

    /// Prepares to bring objects.
    ///
    /// - Parameters:
    ///   - writer: writes into the target; what it has taken is there once its batch is published.
    ///   - tips: what branches of the target lead to now. Those that the source does not know are of no use, and do no
    ///     harm.
    ///   - visit: is told of each file that is brought, its id and its bytes, before it is written.
    public init(
        from source: Repository, to target: Repository, known tips: [ObjectID], writer: ObjectWriter,
        visit: ((ObjectID, [UInt8]) throws(GitError) -> Void)? = nil
    ) {
        self.source = source
        self.target = target
        self.writer = writer
        self.tips = tips
        self.visit = visit
    }

    /// Brings the commits that lead to `heads`, and themselves.
    ///
    /// - Throws: `notFound` or `corrupt` with the id of what the source should have and has not, `tooLarge` with that of
    ///   a file beyond `blobLimit`.
    public mutating func bring(_ heads: [ObjectID]) throws(GitError) -> Outcome {
        for commit in try newCommits(leadingTo: heads) { try bring(commit) }
        return outcome
    }

    /// Brings one folder with all that is in it, but not what a folder consists of that the target has whole.
    ///
    /// - Throws: as for versions.
    @discardableResult
    public mutating func bring(tree: ObjectID, besides known: ObjectID?) throws(GitError) -> Outcome {
        if tree != known { try bring(tree: tree, against: [known].compactMap(\.self)) }
        return outcome
    }

    // MARK: Versions

    /// The commits that the target does not have, each after those that it was made from.
    ///
    /// Times say nothing of that order: many commits may be of one second. And it is needed, since a version that puts
    /// everything back has the very folders of an earlier one, of which it brings only what is new to it.
    private func newCommits(leadingTo heads: [ObjectID]) throws(GitError) -> [Commit] {
        let lacking = try commitsAlone(leadingTo: heads)
        var seen = Set(tips)
        var sorted: [Commit] = []
        // Not by recursion: a history may be of any length.
        var stack: [(commit: Commit, next: Int)] = []
        func reach(_ id: ObjectID) throws(GitError) {
            guard seen.insert(id).inserted else { return }
            if let lacking {
                guard lacking.contains(id) else { return }
            } else if try isKnown(id) {
                return
            }
            stack.append((try source.readCommit(id), 0))
        }
        for head in heads {
            try reach(head)
            while let last = stack.indices.last {
                let (commit, next) = stack[last]
                if next < commit.parents.count {
                    stack[last].next += 1
                    try reach(commit.parents[next])
                } else {
                    sorted.append(commit)
                    stack.removeLast()
                }
            }
        }
        return sorted
    }

    /// Where the source stands for the target: all commits that the target lacks, found in one walk.
    private func commitsAlone(leadingTo heads: [ObjectID]) throws(GitError) -> Set<ObjectID>? {
        guard source === target else { return nil }
        let known = tips.filter(source.contains)
        return known.isEmpty ? nil : try source.alone(leadingTo: heads, andNotTo: known)
    }

    /// Whether a branch of the target leads to a commit.
    private func isKnown(_ id: ObjectID) throws(GitError) -> Bool {
        guard target.contains(id) else { return false }
        for tip in tips where target.contains(tip) {
            if try target.isAncestor(id, of: tip) { return true }
        }
        return false
    }

    private mutating func bring(_ commit: Commit) throws(GitError) {
        var earlier: [ObjectID] = []
        for parent in commit.parents { earlier.append(try source.readCommit(parent).tree) }
        if !earlier.contains(commit.tree) { try bring(tree: commit.tree, against: earlier) }
        guard let id = commit.id else { return }
        try write(.commit, id)
        outcome.commits += 1
    }

    // MARK: Folders

    /// A folder that is being brought: what is in it comes first, so that whoever finds it finds all.
    private struct Folder {
        let id: ObjectID
        let bytes: [UInt8]
        let entries: [TreeEntry]
        /// What stood in its place in the versions before.
        let earlier: [Tree]
        var next = 0
    }

    private mutating func bring(tree root: ObjectID, against earlier: [ObjectID]) throws(GitError) {
        guard brought.insert(root).inserted else { return }
        // Not by recursion: a folder from elsewhere may be nested without end.
        var stack = [try open(root, against: earlier)]
        while let last = stack.indices.last {
            guard stack[last].next < stack[last].entries.count else {
                let done = stack.removeLast()
                count(done.bytes)
                try writer.write(.tree, done.bytes)
                continue
            }
            let entry = stack[last].entries[stack[last].next]
            stack[last].next += 1
            let before = stack[last].earlier.compactMap { $0[entry.name] }
            if entry.mode == .submodule || before.contains(where: { $0.id == entry.id }) { continue }
            guard brought.insert(entry.id).inserted else { continue }
            if entry.isTree {
                stack.append(try open(entry.id, against: before.filter(\.isTree).map(\.id)))
            } else {
                try write(.blob, entry.id)
            }
        }
    }

    private func open(_ id: ObjectID, against earlier: [ObjectID]) throws(GitError) -> Folder {
        let bytes = try read(.tree, id)
        var trees: [Tree] = []
        for id in earlier { trees.append(try source.readTree(id)) }
        return Folder(id: id, bytes: bytes, entries: try Tree(parsing: bytes).entries, earlier: trees)
    }

    // MARK: Objects

    private func read(_ kind: ObjectKind, _ id: ObjectID) throws(GitError) -> [UInt8] {
        let object = try source.readObject(id, limit: kind == .blob ? Self.blobLimit : Repository.structureLimit)
        guard object.kind == kind else {
            throw GitError(.wrongKind, "not a \(kind.word)", call: "ObjectTransfer", subject: id.hex)
        }
        return object.bytes
    }

    private mutating func write(_ kind: ObjectKind, _ id: ObjectID) throws(GitError) {
        let bytes = try read(kind, id)
        if kind == .blob { try visit?(id, bytes) }
        count(bytes)
        try writer.write(kind, bytes)
    }

    private mutating func count(_ bytes: [UInt8]) {
        outcome.objects += 1
        outcome.bytes += bytes.count
    }
}
