public import Blobs
import Digest

/// The one answer to the question whether a file's bytes may go: who collects, drops or cleans asks here.
///
/// It holds for the moment in which it was made, and for the files that were asked about. Age alone lets nothing go; it
/// only protects.
public struct FileNeeds: Sendable {
    /// Why a file must stay.
    public enum Reason: Sendable, Hashable {
        /// This branch, tag or the like names it, or what its reflog remembers does.
        case head(String)
        /// This version names it, and no remote has confirmed the version.
        case unsynced(Version)
        /// This version names it, and is younger than history is kept, or was the head when that time began.
        case recent(Version)
        /// Somebody who is at work has put it, or has a lease on it.
        case runningImport
        /// This version of the past names it, and no other place is known to hold its bytes.
        case onlyCopy(Version)
        /// Nobody has asked about it.
        case unknown
    }

    /// The answer.
    public enum Verdict: Sendable, Hashable {
        case mayGo
        case mustStay(Reason)
    }

    /// Where a version's need comes from; the earlier ones go before the later.
    enum Origin: Sendable, Hashable {
        case head(String)
        case unsynced(Version)
        case recent(Version)
        /// A version that remotes have confirmed, and older than history is kept.
        case past(Version)
    }

    private let origins: [ContentHash: Origin?]
    private let claimed: Set<ContentHash>

    init(_ origins: [ContentHash: Origin?], claimed: Set<ContentHash>) {
        self.origins = origins
        self.claimed = claimed
    }

    /// Whether a file may go. `isElsewhere` is asked only where that decides.
    public func verdict(on file: Pointer, isElsewhere: () throws -> Bool) rethrows -> Verdict {
        guard let origin = origins[file.oid] else { return .mustStay(.unknown) }
        if claimed.contains(file.oid) { return .mustStay(.runningImport) }
        switch origin {
        case nil: return .mayGo
        case .head(let name)?: return .mustStay(.head(name))
        case .unsynced(let version)?: return .mustStay(.unsynced(version))
        case .recent(let version)?: return .mustStay(.recent(version))
        case .past(let version)?: return try isElsewhere() ? .mayGo : .mustStay(.onlyCopy(version))
        }
    }
}
