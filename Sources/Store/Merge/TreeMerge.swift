import Blobs
import Catalog
import Git

/// Merges two trees that were made from one, and reads only what differs on both sides.
///
/// What is merged as one, a track with all its files for example, is a `FolderMerge`. What lies outside the grammar of
/// the store is carried as it is; where both sides changed it, one of them stands.
final class TreeMerge: RootMerge {
    /// A merge may keep what another did not meet.
    static let settlesByHistory = false

    let objects: ObjectOverlay
    private(set) var report = MergeReport()
    /// What came of folders outside the grammar, which a tree that was made up may hold in very many places.
    private var known: [OpaqueFolder: ObjectID?] = [:]

    private struct OpaqueFolder: Hashable {
        let ids: [ObjectID?]
        let depth: Int
    }

    /// Whether what lies at a record's place is one, or is carried as everything else.
    private let knowsRecords: Bool

    convenience init(_ objects: ObjectOverlay) { self.init(objects, knowsRecords: true) }

    init(_ objects: ObjectOverlay, knowsRecords: Bool) {
        self.objects = objects
        self.knowsRecords = knowsRecords
    }

    /// The root of both trees together; nil where nothing is left in it.
    func merge(_ roots: Branches<ObjectID?>) throws(GitError) -> ObjectID? {
        if let settled = roots.settled { return settled }
        return write(try entries(self.roots(roots), []))
    }

    /// The trees themselves; an empty one where there is none.
    func roots(_ ids: Branches<ObjectID?>) throws(GitError) -> Branches<Tree> {
        try ids.map { (id) throws(GitError) in
            if let id { try objects.readTree(id) } else { Tree() }
        }
    }

    // MARK: Entries

    private func entries(_ trees: Branches<Tree>, _ path: [EntryName]) throws(GitError) -> [TreeEntry] {
        var kept: [TreeEntry] = []
        for name in names(of: trees) {
            if let entry = try entry(trees.map({ $0[name] }), path + [name]) { kept.append(entry) }
        }
        return kept
    }

    func names(of trees: Branches<Tree>) -> [EntryName] {
        Set(trees.sides.flatMap { $0.entries.map(\.name) }).sorted()
    }

    /// What stands in one place.
    func entry(_ entries: Branches<TreeEntry?>, _ path: [EntryName]) throws(GitError) -> TreeEntry? {
        if let settled = entries.settled { return settled }
        if knowsRecords, let folder = RecordFolder(path: TreePath(path).description), Self.isPlain(entries, folder)
        {
            return try FolderMerge(of: folder, in: self).merge(entries)
        }
        let isFolder = entries.sides.allSatisfy { $0?.isTree ?? true }
        guard isFolder, path.count < Git.maximumDepth else { return choose(entries, path) }
        return try self.folder(entries, path)
    }

    /// A folder of both, each entry by itself.
    func folder(_ entries: Branches<TreeEntry?>, _ path: [EntryName]) throws(GitError) -> TreeEntry? {
        guard let name = path.last else { return nil }
        let place = OpaqueFolder(ids: entries.all.map { $0?.id }, depth: path.count)
        let isOpaque = !knowsRecords || Self.isOpaque(path)
        if isOpaque, let known = known[place] { return known.map { TreeEntry(mode: .tree, name: name, id: $0) } }
        let merged = write(try self.entries(trees(entries), path))
        if isOpaque { known[place] = .some(merged) }
        return merged.map { TreeEntry(mode: .tree, name: name, id: $0) }
    }

    /// Whether no record lies below a folder of that path, so that what comes of it follows from its entries alone.
    private static func isOpaque(_ path: [EntryName]) -> Bool {
        let names = path.map(\.string)
        switch names.first {
        case "people": return names.count > 1
        case "tracks":
            return names.count > 4
                || !names.dropFirst().allSatisfy { $0.utf8.count == 1 && $0.first?.isHexDigit == true }
        case "workspaces":
            return names.count > 4 || names.count > 1 && WorkspaceID(names[1]) == nil
                || names.count > 2 && names[2] != "posts" || names.count > 3 && names[3].utf8.count != 2
        default: return true
        }
    }

    // MARK: Reading

    /// A file's bytes; nil where there is no file, or a larger one.
    ///
    /// - Throws: what the repository cannot read now. That is no reason to take the other side, since another laptop may
    ///   well read it.
    func bytes(of entry: TreeEntry?, limit: Int) throws(GitError) -> [UInt8]? {
        guard let entry, entry.mode == .blob || entry.mode == .executable else { return nil }
        do throws(GitError) { return try objects.readBlob(entry.id, limit: limit) } catch {
            if error.code == .tooLarge || error.code == .wrongKind { return nil }
            throw error
        }
    }

    /// What a file says as a pointer; nil where it is none.
    func pointer(_ entry: TreeEntry) throws(GitError) -> Pointer? {
        try bytes(of: entry, limit: Pointer.sizeLimit).flatMap { Pointer.parse($0)?.pointer }
    }

    /// Files with what they say as pointers.
    func pointers(_ entries: [TreeEntry]) throws(GitError) -> [(entry: TreeEntry, pointer: Pointer?)] {
        try entries.map { (entry) throws(GitError) in (entry, try pointer(entry)) }
    }

    /// The folder behind an entry; nil where there is none.
    func tree(_ entry: TreeEntry?) throws(GitError) -> Tree? {
        guard let entry, entry.isTree else { return nil }
        return try objects.readTree(entry.id)
    }

    /// The folders behind entries; an empty one where there is none.
    func trees(_ entries: Branches<TreeEntry?>) throws(GitError) -> Branches<Tree> {
        try entries.map { (entry) throws(GitError) in try tree(entry) ?? Tree() }
    }

    /// Whether what lies at a record's place is of the sort that it should be.
    private static func isPlain(_ entries: Branches<TreeEntry?>, _ folder: RecordFolder) -> Bool {
        entries.sides.allSatisfy { entry in
            entry.map { $0.isTree == folder.isDirectory } ?? true
        }
    }

    /// Of what cannot be put together one stands: a change rather than a removal, a folder rather than a file, else the
    /// one of the greater id.
    func choose(_ entries: Branches<TreeEntry?>, _ path: [EntryName]) -> TreeEntry? {
        guard let one = entries.one, let other = entries.other else { return entries.one ?? entries.other }
        if one == other { return one }
        tellArbitrary(path)
        if one.isTree != other.isTree { return one.isTree ? one : other }
        return (one.id, one.mode.rawValue) > (other.id, other.mode.rawValue) ? one : other
    }

    // MARK: Writing

    func write(_ entries: [TreeEntry]) -> ObjectID? {
        entries.isEmpty ? nil : objects.make(Tree(entries))
    }

    /// A folder of these entries; nil where there are none.
    func folder(of entries: [TreeEntry], named name: EntryName?) -> TreeEntry? {
        guard let name, let id = write(entries) else { return nil }
        return TreeEntry(mode: .tree, name: name, id: id)
    }

    // MARK: Telling

    func tellArbitrary(_ path: [EntryName]) { report.arbitrary.append(TreePath(path).description) }

    func tell(_ lost: [Conflict], in path: RecordPath) {
        report.conflicts += lost.map { MergeReport.Kept(path: path, key: $0.key) }
    }

    func tellTooLarge(_ path: RecordPath) { report.tooLarge.append(path.text) }
}
