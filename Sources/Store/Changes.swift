public import Catalog
import Git

/// How one record differs between two versions.
public struct RecordChange: Sendable, Hashable {
    /// What happened to it.
    public enum Kind: String, Sendable { case added, changed, removed }

    /// The track, post, person… as a whole; nil for what lies outside the grammar.
    public let folder: RecordFolder?
    /// The folder's path, or that of the entry outside the grammar.
    public let path: String
    /// What happened.
    public let kind: Kind
    /// The files that differ, as paths below the folder; none where the record is a file by itself.
    public let files: [String]
}

extension Store {
    /// What differs between two versions, by record, in the order of paths. Equal subtrees are never read, so the
    /// cost follows the change.
    public func changes(from old: Version?, to new: Version?) throws(StoreError) -> [RecordChange] {
        let oldRoot = try old.map { (version) throws(StoreError) in try commit(of: version).tree }
        let newRoot = try new.map { (version) throws(StoreError) in try commit(of: version).tree }
        return try StoreError.wrapping("compare", "two versions") { () throws(GitError) in
            var diff = TreeDiff(from: oldRoot, to: newRoot, in: repository)
            var grouping = ChangeGrouping()
            while let change = try diff.next() { grouping.add(change) }
            return grouping.changes
        }
    }
}

extension Snapshot {
    /// How one record differs from what it was in an earlier version; nil where it does not. Only its own folder is read.
    func change(of folder: RecordFolder, since old: Snapshot) throws(StoreError) -> RecordChange? {
        let (old, new) = (try old.entry(at: folder.path), try entry(at: folder.path))
        guard old != new else { return nil }
        return try StoreError.wrapping("compare", folder.path) { () throws(GitError) in
            var grouping = ChangeGrouping()
            let path = TreePath(folder)
            let (files, folders) = (
                [old, new].map { $0?.isTree == false ? $0 : nil }, [old, new].map(\.?.folderID)
            )
            if files[0] != nil || files[1] != nil {
                grouping.add(TreeDiff.Change(path: path, old: files[0], new: files[1]))
            }
            var diff = TreeDiff(from: folders[0], to: folders[1], in: repository)
            while let change = try diff.next() {
                let names = path.names + change.path.names
                grouping.add(TreeDiff.Change(path: TreePath(names), old: change.old, new: change.new))
            }
            return grouping.changes.first { $0.folder == folder }
        }
    }
}

extension TreeEntry {
    fileprivate var folderID: ObjectID? { isTree ? id : nil }
}

/// Gathers the changes of files into changes of records.
struct ChangeGrouping {
    /// A record's folder, or the path of an entry outside the grammar.
    private enum Key: Hashable {
        case folder(RecordFolder)
        case entry(TreePath)
    }

    private struct Group {
        let key: Key
        var kind = RecordChange.Kind.changed
        var files: [String] = []
    }

    private var groups: [Group] = []
    private var places: [Key: Int] = [:]

    mutating func add(_ change: TreeDiff.Change) {
        let path = RecordPath(bytes: change.path.bytes)
        let key = path.folder.map(Key.folder) ?? .entry(change.path)
        let place = places[key] ?? groups.count
        if place == groups.count {
            groups.append(Group(key: key))
            places[key] = place
        }
        // What became of the record itself is what became of its folder; an entry alone is its own record.
        if path.folder.map({ path == $0.record }) ?? true { groups[place].kind = Self.kind(of: change) }
        groups[place].files.append(change.path.description)
    }

    private static func kind(of change: TreeDiff.Change) -> RecordChange.Kind {
        switch (change.old, change.new) {
        case (nil, .some): .added
        case (.some, nil): .removed
        default: .changed
        }
    }

    var changes: [RecordChange] {
        groups.map { group in
            switch group.key {
            case .folder(let folder):
                let prefix = folder.path.utf8.count + 1
                return RecordChange(
                    folder: folder, path: folder.path, kind: group.kind,
                    files: folder.isDirectory ? group.files.map { String($0.dropFirst(prefix)) } : [])
            case .entry(let path):
                return RecordChange(folder: nil, path: path.description, kind: group.kind, files: [])
            }
        }
    }
}
