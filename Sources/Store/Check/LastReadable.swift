import Catalog
import Git

/// Looks back through the history for the last version in which something could be read.
struct LastReadable {
    let path: RecordPath
    let repository: Repository

    /// So far back it is looked; beyond that a person has other worries.
    private static let limit = 10_000

    init(path: RecordPath, in repository: Repository) {
        self.path = path
        self.repository = repository
    }

    /// The newest version before this one whose file at the path can be read and is such as `isReadable` wants.
    func find(before version: Version, where isReadable: ([UInt8]) -> Bool) throws -> Version? {
        var history = repository.history(from: version.id)
        var refused: Set<ObjectID> = []
        for _ in 0..<Self.limit {
            // Where the history is damaged it ends for this purpose.
            guard let commit = try? history.next(), let id = commit.id else { return nil }
            let snapshot = Snapshot(version: Version(id), root: commit.tree, repository: repository)
            guard let entry = try? snapshot.entry(at: path.text), refused.insert(entry.id).inserted else {
                continue
            }
            if let bytes = try? snapshot.record(entry.id, at: path.text), isReadable(bytes) {
                return snapshot.version
            }
        }
        return nil
    }
}
