import Catalog
import Git

/// How the version that a remote stands at goes together with the one that it was last seen at.
public enum RemoteHistory: Sendable, Hashable {
    /// It leads on from there, or was never seen: nothing is gone.
    case continued
    /// So many versions that were seen there are gone, as when a backup was put back. What has come there since, if
    /// anything, Offbeat made, and it is new.
    case restored(gone: Int)
    /// So many versions that were seen there are gone, and others stand in their place.
    case rewritten(gone: Int)
}

extension Store {
    /// Compares where a remote stands with where it was last seen. What it stands at must have arrived.
    public func history(of remote: String, at head: Version) throws(StoreError) -> RemoteHistory {
        guard let seen = try lastSeen(Self.head, of: remote), seen != head else { return .continued }
        return try StoreError.wrapping("compare", "two versions of \(remote)") { () throws(GitError) in
            if try repository.isAncestor(seen.id, of: head.id) { return .continued }
            let alone = try repository.alone(seen.id, head.id)
            // A merge says nothing that its parents do not say, so one may give way to another.
            let gone = try commits(alone.one).filter { !VersionMerge.isMerge($0) }
            if gone.isEmpty { return .continued }
            let known = Set(gone.compactMap { Self.operation(of: $0) })
            let isNew = try commits(alone.other).allSatisfy { commit in
                VersionMerge.isMerge(commit) || Self.operation(of: commit).map { !known.contains($0) } ?? false
            }
            return isNew ? .restored(gone: gone.count) : .rewritten(gone: gone.count)
        }
    }

    private func commits(_ ids: [ObjectID]) throws(GitError) -> [Commit] {
        var commits: [Commit] = []
        for id in ids { commits.append(try repository.readCommit(id)) }
        return commits
    }

    /// What tells an operation from all others, however its commit is written anew.
    private static func operation(of commit: Commit) -> String? {
        Trailer.all(in: commit.message).first { $0.key == Trailer.operation }?.value
    }
}
