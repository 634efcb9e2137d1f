import Catalog
import Store

/// Why something that was kept had to be made again.
public enum InvalidationCause: String, Sendable, Hashable, CaseIterable {
    /// A change that was made on this computer.
    case change
    /// What a sync brought, or merged.
    case sync
    /// A change that was taken back.
    case undo
    /// What was kept was gone, damaged or of another program.
    case rebuild
    /// Somebody asked for it.
    case request
}

/// Why something that was kept is kept no longer, though it was right.
public enum EvictionCause: String, Sendable, Hashable, CaseIterable {
    /// Nobody had asked for it for long.
    case expired
    /// There was too much.
    case size
    /// Another version of what made it is used now.
    case version
}

extension Store {
    /// Among so many versions the cause is looked for; whoever slept longer hears of the last ones.
    private static let sightOfCauses = 256

    /// What led from one version to another. Of several causes the one from farthest away: a sync, then an undo.
    func cause(from old: Version, to new: Version) throws -> InvalidationCause {
        let own = inspectReplica()?.id
        var (cause, left, hasArrived) = (InvalidationCause.change, Self.sightOfCauses, false)
        try forEachVersion(from: new) { entry in
            if entry.version == old { hasArrived = true }
            left -= 1
            guard !hasArrived, left > 0 else { return false }
            if entry.parents.count > 1 || (entry.operation.map { $0.replica != own } ?? false) {
                cause = .sync
            } else if entry.undoes != nil, cause == .change {
                cause = .undo
            }
            return cause != .sync
        }
        // What was here is no part of the history any more: a sync took another one over.
        return hasArrived || left <= 0 ? cause : .sync
    }
}
