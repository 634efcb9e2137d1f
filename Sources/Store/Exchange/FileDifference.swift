public import Blobs
import Git

/// Finds the files that one tree names and another does not name at the same place.
///
/// A tree from elsewhere may hold one folder in very many places, so each pair of folders is compared once, and each blob
/// read once.
struct FileDifference {
    private let repository: Repository
    private var compared: Set<Pair> = []
    private var read: Set<ObjectID> = []
    private var found: Set<Pointer> = []

    /// Two folders that stand at one place.
    private struct Pair: Hashable {
        let old: ObjectID?
        let new: ObjectID
    }

    /// How many pairs of folders were compared.
    var pairsCompared: Int { compared.count }

    init(in repository: Repository) { self.repository = repository }

    /// The files that `new` names and `old` does not; nil stands for an empty tree.
    mutating func files(of new: ObjectID, butNotOf old: ObjectID?) throws(GitError) -> [Pointer] {
        // Not by recursion: a folder from elsewhere may be nested without end.
        var pending = [Pair(old: old, new: new)]
        while let pair = pending.popLast() {
            guard pair.old != pair.new, compared.insert(pair).inserted else { continue }
            let before = try pair.old.map { (id) throws(GitError) in try repository.readTree(id) } ?? Tree()
            for entry in try repository.readTree(pair.new).entries {
                let old = before[entry.name]
                if entry == old { continue }
                if entry.isTree {
                    pending.append(Pair(old: old.flatMap { $0.isTree ? $0.id : nil }, new: entry.id))
                } else {
                    try look(at: entry)
                }
            }
        }
        return found.sorted { $0.oid < $1.oid }
    }

    private mutating func look(at entry: TreeEntry) throws(GitError) {
        guard entry.mode == .blob || entry.mode == .executable,
            !entry.name.bytes.suffix(5).elementsEqual(".json".utf8), read.insert(entry.id).inserted,
            let bytes = try repository.readBlob(entry.id, upTo: Pointer.sizeLimit),
            let pointer = Pointer.parse(bytes)?.pointer, !pointer.isEmpty
        else { return }
        found.insert(pointer)
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
}
