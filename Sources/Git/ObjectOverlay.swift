/// Objects that were made and lie in memory, over those of a repository.
///
/// A merge reads what it has just put together, and much of that is never needed again. What is needed in the end is
/// handed to an `ObjectWriter`. Not for two threads at once.
public final class ObjectOverlay {
    private let repository: Repository
    private let naming = ObjectNaming()
    private var made: [ObjectID: (kind: ObjectKind, bytes: [UInt8])] = [:]

    /// Begins with nothing made.
    public init(over repository: Repository) { self.repository = repository }

    /// Reads a folder, made or stored.
    public func readTree(_ id: ObjectID) throws(GitError) -> Tree {
        guard let object = made[id], object.kind == .tree else { return try repository.readTree(id) }
        return try Tree(parsing: object.bytes)
    }

    /// Reads a file, made or stored, of at most so many bytes.
    public func readBlob(_ id: ObjectID, limit: Int = .max) throws(GitError) -> [UInt8] {
        guard let object = made[id], object.kind == .blob else { return try repository.readBlob(id, limit: limit) }
        guard object.bytes.count <= limit else {
            throw GitError(
                .tooLarge, "\(object.bytes.count) bytes, where \(limit) are the most", call: "readBlob",
                subject: id.hex)
        }
        return object.bytes
    }

    /// Takes a file in.
    public func make(blob bytes: [UInt8]) -> ObjectID { make(.blob, bytes) }

    /// Takes a folder in.
    public func make(_ tree: Tree) -> ObjectID { make(.tree, tree.encoded()) }

    /// Takes a commit in.
    public func make(_ commit: Commit) -> ObjectID { make(.commit, commit.encoded()) }

    private func make(_ kind: ObjectKind, _ bytes: [UInt8]) -> ObjectID {
        let id = naming.id(of: kind, bytes)
        made[id] = (kind, bytes)
        return id
    }

    /// Writes what was made of an object and of all below it. What is stored is not entered.
    public func write(_ root: ObjectID, to writer: ObjectWriter) throws(GitError) {
        guard let object = made.removeValue(forKey: root) else { return }
        switch object.kind {
        case .commit: try write(Commit(parsing: object.bytes).tree, to: writer)
        case .tree: for entry in try Tree(parsing: object.bytes).entries { try write(entry.id, to: writer) }
        default: break
        }
        try writer.write(object.kind, object.bytes)
    }
}
