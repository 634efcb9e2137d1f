import Catalog
import Git

/// Makes a tree of which everything can be read from one of which something cannot.
///
/// What cannot be read comes from the latest earlier version in which it can; where there is none, it is left out.
struct TreeSalvage {
    private let repository: Repository
    private let writer: ObjectWriter
    private let history: [Commit]
    private var sound: Set<ObjectID> = []
    /// What became of each object that cannot be read.
    private(set) var outcomes: [ObjectID: String] = [:]

    /// So many versions are looked into.
    private static let limit = 2000

    /// Prepares to salvage the tree of a version.
    init(from version: Version, in repository: Repository, writing writer: ObjectWriter) {
        self.repository = repository
        self.writer = writer
        var history = repository.history(from: version.id)
        var commits: [Commit] = []
        // Where the history is damaged it ends for this purpose.
        while commits.count < Self.limit, let commit = try? history.next() { commits.append(commit) }
        self.history = commits
    }

    /// The tree's id with all that is readable; nil where nothing is.
    mutating func mend(_ root: ObjectID) throws(GitError) -> ObjectID? { try mendTree(root, at: .root) }

    private mutating func mendTree(_ id: ObjectID, at path: TreePath) throws(GitError) -> ObjectID? {
        if sound.contains(id) { return id }
        guard let tree = try? repository.readTree(id) else { return try replace(id, at: path, isTree: true) }
        var entries: [TreeEntry] = []
        for entry in tree.entries {
            let path = path.appending(entry.name)
            guard let kept = try mend(entry, at: path) else { continue }
            entries.append(TreeEntry(mode: entry.mode, name: entry.name, id: kept))
        }
        if entries == tree.entries {
            sound.insert(id)
            return id
        }
        return entries.isEmpty ? nil : try writer.write(Tree(entries))
    }

    private mutating func mend(_ entry: TreeEntry, at path: TreePath) throws(GitError) -> ObjectID? {
        if entry.mode == .submodule { return entry.id }
        if entry.isTree { return try mendTree(entry.id, at: path) }
        if sound.contains(entry.id) { return entry.id }
        guard (try? repository.readBlob(entry.id, limit: ReachableObjects.blobLimit)) != nil else {
            return try replace(entry.id, at: path, isTree: false)
        }
        sound.insert(entry.id)
        return entry.id
    }

    /// Looks for what was at a path before.
    private mutating func replace(_ id: ObjectID, at path: TreePath, isTree: Bool) throws(GitError) -> ObjectID? {
        var refused: Set<ObjectID> = [id]
        for commit in history {
            guard let entry = entry(at: path, from: commit.tree), entry.isTree == isTree,
                refused.insert(entry.id).inserted
            else { continue }
            let isReadable =
                isTree
                ? (try? repository.readTree(entry.id)) != nil
                : (try? repository.readBlob(entry.id, limit: ReachableObjects.blobLimit)) != nil
            guard isReadable else { continue }
            let version = commit.id.map { Version($0).short } ?? ""
            outcomes[id] = "\(path) is as it was in version \(version) now; what was changed there since is lost"
            return isTree ? try mendTree(entry.id, at: path) : entry.id
        }
        outcomes[id] = "\(path.isRoot ? "it" : path.description) is lost, no earlier version has it"
        // Without its own record there is no library, and so the place for it stays.
        return path == TreePath(RecordPath.store) ? id : nil
    }

    private func entry(at path: TreePath, from root: ObjectID) -> TreeEntry? {
        guard let start = EntryName("root") else { return nil }
        var tree = try? repository.readTree(root)
        // The root is treated like a folder; its name is nobody's.
        var found: TreeEntry? = TreeEntry(mode: .tree, name: start, id: root)
        for name in path.names {
            found = tree?[name]
            guard let found else { return nil }
            tree = found.isTree ? try? repository.readTree(found.id) : nil
        }
        return found
    }
}
