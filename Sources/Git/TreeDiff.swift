/// What is different between two trees, told file by file.
///
/// Folders with equal ids are skipped without being read, so the cost follows the changes and not the size. Changes
/// come in git's order, one at a time: stopping early costs nothing.
///
/// ```
/// var diff = TreeDiff(from: old, to: new, in: repository)
/// while let change = try diff.next() { … }
/// ```
public struct TreeDiff {
    /// One entry that was added (`old` is nil), removed (`new` is nil) or changed.
    ///
    /// Where a file took the place of a folder, or the other way round, the removed and the added entries are told
    /// each on its own.
    public struct Change: Hashable, Sendable {
        /// Where it is.
        public let path: TreePath
        /// What was there.
        public let old: TreeEntry?
        /// What is there now.
        public let new: TreeEntry?

        /// Creates a change.
        public init(path: TreePath, old: TreeEntry?, new: TreeEntry?) {
            self.path = path
            self.old = old
            self.new = new
        }
    }

    /// A folder that is being compared, and how far.
    private struct Level {
        let path: TreePath
        let old: [TreeEntry]
        let new: [TreeEntry]
        var oldIndex = 0
        var newIndex = 0
    }

    private let repository: Repository
    private let descend: ((Change) -> Bool)?
    private var start: (old: ObjectID?, new: ObjectID?)?
    private var levels: [Level] = []

    /// How many folders were read so far.
    public private(set) var treesRead = 0

    /// Prepares to compare two trees; nil stands for an empty one.
    ///
    /// - Parameter descend: asked for each folder that differs whether to go in; when not, the folder itself is told
    ///   as a change. Without it, all are entered. Folders deeper than `Git.maximumDepth` are never entered.
    public init(
        from old: ObjectID?, to new: ObjectID?, in repository: Repository, into descend: ((Change) -> Bool)? = nil
    ) {
        self.repository = repository
        self.descend = descend
        start = old == new ? nil : (old, new)
    }

    /// The next change; nil when there is none left.
    ///
    /// - Throws: `notFound` or `corrupt` with the id of a tree that cannot be read.
    public mutating func next() throws(GitError) -> Change? {
        if let roots = start {
            start = nil
            try enter(.root, roots.old, roots.new)
        }
        while !levels.isEmpty {
            guard let pair = nextPair() else {
                levels.removeLast()
                continue
            }
            guard let named = pair.new ?? pair.old, pair.old != pair.new else { continue }
            let change = Change(
                path: levels[levels.count - 1].path.appending(named.name), old: pair.old, new: pair.new)
            // A pair is either of two folders or of none, as git sorts the two kinds apart.
            guard named.isTree, levels.count < Git.maximumDepth, descend?(change) ?? true else { return change }
            // Only the modes differ, which for folders means nothing that could be told inside.
            if let old = change.old, let new = change.new, old.id == new.id { return change }
            try enter(change.path, change.old?.id, change.new?.id)
        }
        return nil
    }

    /// All changes at once.
    public static func changes(
        from old: ObjectID?, to new: ObjectID?, in repository: Repository
    ) throws(GitError) -> [Change] {
        var diff = TreeDiff(from: old, to: new, in: repository)
        var changes: [Change] = []
        while let change = try diff.next() { changes.append(change) }
        return changes
    }

    private mutating func enter(_ path: TreePath, _ old: ObjectID?, _ new: ObjectID?) throws(GitError) {
        levels.append(Level(path: path, old: try read(old), new: try read(new)))
    }

    private mutating func read(_ id: ObjectID?) throws(GitError) -> [TreeEntry] {
        guard let id else { return [] }
        treesRead += 1
        return try repository.readTree(id).entries
    }

    /// The next entry of the deepest level, from whichever side has it, or from both.
    private mutating func nextPair() -> (old: TreeEntry?, new: TreeEntry?)? {
        let top = levels.count - 1
        let old = levels[top].oldIndex < levels[top].old.count ? levels[top].old[levels[top].oldIndex] : nil
        let new = levels[top].newIndex < levels[top].new.count ? levels[top].new[levels[top].newIndex] : nil
        let order: Int
        switch (old, new) {
        case (nil, nil): return nil
        case (_?, nil): order = -1
        case (nil, _?): order = 1
        case (let old?, let new?):
            order = TreeEntry.compare(old.name.bytes, old.isTree, new.name.bytes, new.isTree)
        }
        if order <= 0 { levels[top].oldIndex += 1 }
        if order >= 0 { levels[top].newIndex += 1 }
        return (order <= 0 ? old : nil, order >= 0 ? new : nil)
    }
}
