/// Brings what a repository should have and cannot read, from others that have it.
///
/// From each object on it goes to all that this leads to: behind a folder that was lost others may be lost as well.
public struct ObjectPatch {
    private let target: Repository
    private let sources: [Repository]
    private let writer: ObjectWriter
    private var seen: Set<ObjectID> = []
    /// What was brought; it is there once the writer's batch is published.
    public private(set) var brought: Set<ObjectID> = []
    /// What is nowhere to be had.
    public private(set) var lacking: Set<ObjectID> = []

    /// Prepares to bring objects; the first of the sources that has one gives it.
    public init(of target: Repository, from sources: [Repository], writer: ObjectWriter) {
        self.target = target
        self.sources = sources
        self.writer = writer
    }

    /// Brings these and what they lead to, as far as that cannot be read.
    ///
    /// - Parameter isEnd: whether the history is left alone from this commit on; not asked about `ids`.
    public mutating func bring(_ ids: [ObjectID], endingAt isEnd: (ObjectID) throws -> Bool) throws {
        var pending = ids
        while let id = pending.popLast() {
            guard seen.insert(id).inserted, let (kind, bytes) = try content(of: id) else { continue }
            switch kind {
            case .blob: break
            case .tag:
                if let target = ObjectID(hexBytes: bytes.dropFirst(7).prefix(40)) { pending.append(target) }
            case .tree:
                pending += ((try? Tree(parsing: bytes))?.entries ?? []).filter { $0.mode != .submodule }.map(\.id)
            case .commit:
                guard let commit = try? Commit(parsing: bytes, id: id) else { continue }
                pending.append(commit.tree)
                for parent in commit.parents where try !isEnd(parent) { pending.append(parent) }
            }
        }
    }

    private mutating func content(of id: ObjectID) throws(GitError) -> (kind: ObjectKind, bytes: [UInt8])? {
        if let found = try? target.readObject(id, limit: ReachableObjects.blobLimit) { return found }
        for source in sources {
            guard let found = try? source.readObject(id, limit: ReachableObjects.blobLimit) else { continue }
            try writer.write(found.kind, found.bytes)
            brought.insert(id)
            return found
        }
        lacking.insert(id)
        return nil
    }
}
