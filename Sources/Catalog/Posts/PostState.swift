/// How a post stands. It is computed from what was decided, and never stored.
public enum PostState: String, Sendable, Hashable, CaseIterable {
    /// Being written.
    case draft
    /// Waiting for somebody to decide.
    case pending
    /// To go out, at no time so far.
    case approved
    /// Not to go out as it is.
    case rejected
    /// To be changed first.
    case changesRequested = "changes-requested"
    /// To go out at its time.
    case scheduled
    /// On its way; known only to the computer that publishes it.
    case publishing
    /// Out.
    case published
    /// It did not go out.
    case failed
    /// Nobody knows whether it went out, or it is too late for it.
    case needsAttention = "needs-attention"
}

/// What a person may do with a post.
public enum PostStep: String, Sendable, Hashable, CaseIterable {
    /// Hand it in.
    case submit
    /// Approve it.
    case approve
    /// Reject it.
    case reject
    /// Ask for changes.
    case requestChanges = "request-changes"
    /// Set the time at which it goes out.
    case schedule
    /// Take the time away.
    case unschedule
    /// Bring it out now.
    case publish
    /// Say what became of it where no computer can know.
    case settle
    /// Change what it says.
    case edit
    /// Remove it.
    case remove = "rm"

    /// The decision that the step leaves behind, whatever comes of it.
    public var decision: Decision.Kind? {
        switch self {
        case .submit: .submitted
        case .approve: .approved
        case .reject: .rejected
        case .requestChanges: .changesRequested
        case .schedule: .scheduled
        case .unschedule: .unscheduled
        case .settle: .settled
        case .publish, .edit, .remove: nil
        }
    }
}
