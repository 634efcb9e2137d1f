public import Catalog

/// What this copy of the store knows of itself.
public struct ReplicaInspection: Sendable {
    /// The id that stands in its stamps.
    public let id: ReplicaID
    /// The greatest stamp given or seen.
    public let clock: Stamp?
    /// The machine that it is bound to, hashed.
    public let machine: String
    /// The directory that it is bound to.
    public let inode: String
    /// Whether it belongs to this machine and directory; else the next change takes a new id.
    public let isOwn: Bool
}

extension Store {
    /// Looks at the replica's file; nil where it is missing or cannot be read.
    public func inspectReplica() -> ReplicaInspection? {
        Replica.stored(in: path, context: context).map { stored in
            ReplicaInspection(
                id: stored.replica.id, clock: stored.replica.last, machine: stored.machine, inode: stored.inode,
                isOwn: stored.isOwn)
        }
    }
}
