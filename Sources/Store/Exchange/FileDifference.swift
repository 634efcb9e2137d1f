public import Blobs
public import Catalog
import Git

/// A file that a version names, and the record that it belongs to.
public struct FileOfRecord: Sendable, Hashable {
    /// The file.
    public let pointer: Pointer
    /// The track or post in whose folder it is named; nil for what lies outside the grammar.
    public let folder: RecordFolder?

    /// Names a file and its record.
    public init(_ pointer: Pointer, of folder: RecordFolder?) {
        self.pointer = pointer
        self.folder = folder
    }
}

/// Finds the files that one tree names and another does not name at the same place.
///
/// A tree from elsewhere may hold one folder in very many places, so each pair of folders is compared once for each record
/// that it belongs to, and each blob read once.
struct FileDifference {
    private let repository: Repository
    /// Whether it is told to which records the files belong.
    private let tellsFolders: Bool
    private var compared: Set<Pair> = []
    private var read: [ObjectID: Pointer?] = [:]
    private var found: Set<FileOfRecord> = []

    /// Two folders that stand at one place, and the record in whose folder they do.
    private struct Pair: Hashable {
        let old: ObjectID?
        let new: ObjectID
        var record: RecordFolder?
    }

    /// A pair, and where it stands as long as that is above the folders of records.
    private typealias Step = (pair: Pair, path: [String]?)

    /// How many pairs of folders were compared.
    var pairsCompared: Int { compared.count }

    init(in repository: Repository, tellingFolders: Bool = false) {
        self.repository = repository
        tellsFolders = tellingFolders
    }

    /// The files that `new` names and `old` does not; nil stands for an empty tree.
    mutating func files(of new: ObjectID, butNotOf old: ObjectID?) throws(GitError) -> [Pointer] {
        try compare(new, with: old)
        return Set(found.map(\.pointer)).sorted { $0.oid < $1.oid }
    }

    /// The same with the records that they belong to: a file once for each.
    mutating func filesOfRecords(of new: ObjectID, butNotOf old: ObjectID?) throws(GitError) -> [FileOfRecord] {
        try compare(new, with: old)
        return found.sorted { $0.pointer.oid < $1.pointer.oid }
    }

    private mutating func compare(_ new: ObjectID, with old: ObjectID?) throws(GitError) {
        // Not by recursion: a folder from elsewhere may be nested without end.
        var pending: [Step] = [(Pair(old: old, new: new), tellsFolders ? [] : nil)]
        while let (pair, path) = pending.popLast() {
            guard pair.old != pair.new, compared.insert(pair).inserted else { continue }
            let before = try pair.old.map { (id) throws(GitError) in try repository.readTree(id) } ?? Tree()
            for entry in try repository.readTree(pair.new).entries {
                let old = before[entry.name]
                if entry == old { continue }
                if entry.isTree {
                    let inner = Pair(
                        old: old.flatMap { $0.isTree ? $0.id : nil }, new: entry.id, record: pair.record)
                    pending.append(Self.step(into: inner, path, entry.name))
                } else if let pointer = try pointer(in: entry) {
                    found.insert(FileOfRecord(pointer, of: pair.record))
                }
            }
        }
    }

    private static func step(into pair: Pair, _ path: [String]?, _ name: EntryName) -> Step {
        guard let path else { return (pair, nil) }
        let inner = path + [name.string]
        guard inner.count == depthOfRecords else { return (pair, inner) }
        var pair = pair
        pair.record = RecordFolder(path: inner.joined(separator: "/"))
        return (pair, nil)
    }

    /// The folders of tracks and of posts lie equally deep.
    private static let depthOfRecords = 5

    private mutating func pointer(in entry: TreeEntry) throws(GitError) -> Pointer? {
        guard entry.mode == .blob || entry.mode == .executable,
            !entry.name.bytes.suffix(5).elementsEqual(".json".utf8)
        else { return nil }
        if let known = read[entry.id] { return known }
        let bytes = try repository.readBlob(entry.id, upTo: Pointer.sizeLimit)
        let pointer = bytes.flatMap { Pointer.parse($0)?.pointer }.flatMap { $0.isEmpty ? nil : $0 }
        read[entry.id] = .some(pointer)
        return pointer
    }
}

extension Store {
    /// The files that one version names and another does not. The cost follows what differs between the two.
    public func files(namedBy version: Version, andNotBy other: Version?) throws(StoreError) -> [Pointer] {
        let old = try other.map { (version) throws(StoreError) in try commit(of: version).tree }
        let new = try commit(of: version).tree
        return try StoreError.wrapping("compare", "two versions") { () throws(GitError) in
            var difference = FileDifference(in: repository)
            return try difference.files(of: new, butNotOf: old)
        }
    }

    /// The same with the records that they belong to: a file once for each that names it anew.
    public func filesOfRecords(
        namedBy version: Version, andNotBy other: Version?
    ) throws(StoreError) -> [FileOfRecord] {
        let old = try other.map { (version) throws(StoreError) in try commit(of: version).tree }
        let new = try commit(of: version).tree
        return try StoreError.wrapping("compare", "two versions") { () throws(GitError) in
            var difference = FileDifference(in: repository, tellingFolders: true)
            return try difference.filesOfRecords(of: new, butNotOf: old)
        }
    }

    /// Whether two versions hold something else at a path; where that cannot be told, they do.
    public func differs(at path: String, between old: Version?, and new: Version) -> Bool {
        do throws(StoreError) {
            let before = try old.map { (version) throws(StoreError) in try snapshot(of: version).entry(at: path) }
            return try (before ?? nil)?.id != snapshot(of: new).entry(at: path)?.id
        } catch { return true }
    }

    /// The version that a branch is at, `main` or `analyses`; nil where there is no such branch.
    public func version(ofBranch name: String) throws(StoreError) -> Version? {
        try StoreError.wrapping("read", "the branch \(name)") { () throws(GitError) in
            try repository.resolve("refs/heads/\(name)").map { Version($0) }
        }
    }
}

extension Snapshot {
    /// The files that are named in the folder of a track or post: audio, stems, what lost a merge.
    public func files(of folder: RecordFolder) throws(StoreError) -> [Pointer] {
        guard let entry = try entry(at: folder.path), entry.isTree else { return [] }
        return try StoreError.wrapping("read", folder.path) { () throws(GitError) in
            var difference = FileDifference(in: repository)
            return try difference.files(of: entry.id, butNotOf: nil)
        }
    }
}
