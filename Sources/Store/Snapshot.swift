import Blobs
public import Catalog
import Digest
import Git

/// One version of a store: immutable, and shareable between threads. Reading it never waits for a writer.
public struct Snapshot: Sendable {
    /// The version.
    public let version: Version

    let root: ObjectID
    let repository: Repository

    init(version: Version, root: ObjectID, repository: Repository) {
        self.version = version
        self.root = root
        self.repository = repository
    }

    // MARK: Trees and blobs

    func tree(_ id: ObjectID) throws(StoreError) -> Tree {
        try StoreError.wrapping("read", "tree \(id.hex)") { () throws(GitError) in try repository.readTree(id) }
    }

    /// The entry at a path, or nil. The cost is one tree for each step.
    func entry(at path: String) throws(StoreError) -> TreeEntry? {
        var tree = try tree(root)
        let steps = path.split(separator: "/")
        for (index, step) in steps.enumerated() {
            guard let name = EntryName(String(step)), let entry = tree[name] else { return nil }
            if index == steps.count - 1 { return entry }
            guard entry.mode == .tree else { return nil }
            tree = try self.tree(entry.id)
        }
        return nil
    }

    /// The folder at a path as a tree, or nil where there is none.
    func folder(at path: String) throws(StoreError) -> Tree? {
        guard let entry = try entry(at: path), entry.mode == .tree else { return nil }
        return try tree(entry.id)
    }

    /// The bytes of a file at the root that is no record; nil where there is none, or a larger one.
    public func file(atRoot name: String, limit: Int) throws(StoreError) -> [UInt8]? {
        guard let entry = try entry(at: name), entry.mode == .blob || entry.mode == .executable else { return nil }
        return try StoreError.wrapping("read", name) { () throws(GitError) in
            try repository.readBlob(entry.id, upTo: limit)
        }
    }

    /// The bytes of a record. One that is larger than any record may be is refused before it is read.
    func record(_ id: ObjectID, at path: String) throws(StoreError) -> [UInt8] {
        try StoreError.wrapping("read", path) { () throws(GitError) in
            try repository.readBlob(id, limit: Catalog.recordLimit)
        }
    }

    /// The fields of the record at a path; none where there is no record, or one that is no JSON object.
    public func fields(at path: String) throws(StoreError) -> JSONObject {
        guard let entry = try entry(at: path), let value = try? JSON.parse(record(entry.id, at: path)) else {
            return JSONObject()
        }
        return value.asObject ?? JSONObject()
    }

    func pointer(_ entry: TreeEntry) throws(StoreError) -> Pointer? {
        guard entry.mode == .blob || entry.mode == .executable else { return nil }
        let bytes = try? repository.readBlob(entry.id, limit: Pointer.sizeLimit)
        return bytes.flatMap { Pointer.parse($0)?.pointer }
    }

    /// The files that pointers in a folder name, at any depth; of a pointer itself the one.
    func pointers(below entry: TreeEntry) throws(StoreError) -> [Pointer] {
        guard entry.isTree else { return try [pointer(entry)].compactMap(\.self) }
        var found: [Pointer] = []
        for entry in try tree(entry.id).entries { found += try pointers(below: entry) }
        return found
    }

    // MARK: The store's own record

    /// What the store says of itself.
    public func info() throws(StoreError) -> StoreRecord {
        let path = RecordPath.store.description
        guard let entry = try entry(at: path) else {
            throw StoreError(
                .notAStore, "version \(version.short) has no \(path)",
                hint: "this is a git repository, but no Offbeat store")
        }
        let bytes = try record(entry.id, at: path)
        do { return try StoreRecord.readStore(bytes) } catch {
            if error.code == .newerFormat {
                throw StoreError(.newerFormat, error.reason, hint: "install a newer Offbeat; nothing was changed")
            }
            throw StoreError(
                .damaged, "\(path) of version \(version.short) cannot be read: \(error.reason)",
                hint: "`offbeat fsck --repair` takes it back from an earlier version")
        }
    }
}
