/// Who sees and edits which tracks.
public enum Sharing: String, Sendable, Hashable, CaseIterable {
    /// Each person of the store sees and edits every track.
    case everyone
    /// A person sees and edits their own tracks, and those shared with a workspace that they belong to.
    case workspaces

    /// Tells whether a person may see and edit a track.
    ///
    /// This stops mistakes; it is no protection against somebody who can read the repository's files.
    ///
    /// - Parameters:
    ///   - track: the track.
    ///   - person: who asks.
    ///   - memberships: the workspaces that this person belongs to.
    public func mayUse(_ track: Track, person: PersonID, memberships: Set<WorkspaceID>) -> Bool {
        switch self {
        case .everyone: true
        case .workspaces: track.owner == person || track.shares.contains { memberships.contains($0) }
        }
    }
}

/// What a person may do in a workspace, the most powerful first.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// May do everything, members included.
    case owner
    /// May decide on posts, schedule and publish.
    case approver
    /// May write and submit.
    case editor
    /// May read.
    case viewer

    private var power: Int {
        switch self {
        case .owner: 3
        case .approver: 2
        case .editor: 1
        case .viewer: 0
        }
    }

    /// Orders roles by what they allow: `viewer < editor < approver < owner`.
    public static func < (left: Role, right: Role) -> Bool { left.power < right.power }
}
