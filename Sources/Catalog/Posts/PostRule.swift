/// One row of the table of what may be done with a post: the step, from which states, by whom, and where it leads.
///
/// Sessions ask the table, its tests are made from it, and so is the table of the documentation.
public struct PostRule: Sendable, Hashable {
    /// Where a step leads.
    public enum Outcome: Sendable, Hashable {
        /// To a state.
        case state(PostState)
        /// To `approved`, or to `scheduled` where the post has a time.
        case approved
        /// To `pending`; where the workspace asks for no approval, as an approval does.
        case submitted
        /// Out, or to where one is when that could not be done.
        case published
        /// To `published` if it went out, else back to what it was approved for.
        case settled
        /// Nowhere else.
        case same
        /// The post is gone.
        case removed
    }

    /// The step.
    public let step: PostStep
    /// The states from which it is allowed.
    public let from: [PostState]
    /// The least role that may take it.
    public let role: Role
    /// Where it leads.
    public let to: Outcome
    /// Whether it is a decision about somebody's work, which is not for the author, unless the workspace allows it.
    public var isJudgement = false
    /// Whether it is allowed only where the workspace asks for no approval.
    public var needsNoApproval = false
    /// Whether it is not allowed where somebody must say first what became of an attempt.
    public var needsNoOpenAttempt = false

    /// The table.
    public static let table: [PostRule] = [
        PostRule(step: .submit, from: [.draft, .changesRequested], role: .editor, to: .submitted),
        PostRule(step: .submit, from: [.pending], role: .editor, to: .approved, needsNoApproval: true),
        PostRule(step: .approve, from: [.pending], role: .approver, to: .approved, isJudgement: true),
        PostRule(step: .reject, from: [.pending], role: .approver, to: .state(.rejected), isJudgement: true),
        PostRule(
            step: .requestChanges, from: [.pending], role: .approver, to: .state(.changesRequested),
            isJudgement: true),
        PostRule(
            step: .schedule, from: [.draft, .pending, .rejected, .changesRequested], role: .editor, to: .same),
        PostRule(step: .schedule, from: [.approved, .scheduled], role: .approver, to: .state(.scheduled)),
        PostRule(
            step: .unschedule, from: [.draft, .pending, .rejected, .changesRequested], role: .editor, to: .same),
        PostRule(step: .unschedule, from: [.scheduled], role: .approver, to: .state(.approved)),
        PostRule(step: .schedule, from: [.failed], role: .approver, to: .state(.scheduled)),
        PostRule(
            step: .schedule, from: [.needsAttention], role: .approver, to: .state(.scheduled),
            needsNoOpenAttempt: true),
        PostRule(
            step: .unschedule, from: [.needsAttention], role: .approver, to: .state(.approved),
            needsNoOpenAttempt: true),
        PostRule(step: .publish, from: [.approved, .scheduled, .failed], role: .approver, to: .published),
        PostRule(
            step: .publish, from: [.needsAttention], role: .approver, to: .published, needsNoOpenAttempt: true),
        PostRule(step: .settle, from: [.needsAttention], role: .approver, to: .settled),
        PostRule(step: .edit, from: [.draft, .pending, .changesRequested], role: .editor, to: .same),
        PostRule(step: .edit, from: [.approved, .scheduled, .failed], role: .editor, to: .state(.pending)),
        PostRule(
            step: .edit, from: [.needsAttention], role: .editor, to: .state(.pending), needsNoOpenAttempt: true),
        PostRule(step: .edit, from: [.rejected], role: .editor, to: .state(.draft)),
        PostRule(
            step: .remove, from: [.draft, .pending, .rejected, .changesRequested], role: .editor, to: .removed),
        PostRule(step: .remove, from: [.approved, .scheduled, .failed], role: .approver, to: .removed),
        PostRule(
            step: .remove, from: [.needsAttention], role: .approver, to: .removed, needsNoOpenAttempt: true),
    ]

    /// The row for a step from a state; nil where there is none.
    public static func of(_ step: PostStep, from place: PostPlace) -> PostRule? {
        table.first { $0.step == step && $0.from.contains(place.state) && $0.holds(at: place) }
    }

    fileprivate func holds(at place: PostPlace) -> Bool {
        (!needsNoApproval || place.approval == .none) && (!needsNoOpenAttempt || !place.hasOpenAttempt)
    }

    /// The state after the step, where all goes well; nil where the post is gone.
    public func state(from state: PostState, hasTime: Bool, approval: Workspace.Approval) -> PostState? {
        let approved = hasTime ? PostState.scheduled : .approved
        switch to {
        case .state(let next): return next
        case .approved: return approved
        case .submitted: return approval == .none ? approved : .pending
        case .published, .settled: return .published
        case .same: return state
        case .removed: return nil
        }
    }
}

/// How a post stands, as far as the table asks for it.
public struct PostPlace: Sendable, Hashable {
    /// Its state.
    public let state: PostState
    /// Whether its workspace asks for approval.
    public let approval: Workspace.Approval
    /// Whether nobody knows what became of an attempt to bring it out.
    public let hasOpenAttempt: Bool

    /// Describes how a post stands.
    public init(_ state: PostState, approval: Workspace.Approval, hasOpenAttempt: Bool = false) {
        self.state = state
        self.approval = approval
        self.hasOpenAttempt = hasOpenAttempt
    }
}

/// Why somebody may not take a step with a post.
public enum PostRefusal: Sendable, Hashable {
    /// Not in this state: the states from which the step is allowed, and the least role that takes it.
    case state(allowed: [PostState], role: Role)
    /// Not with this role: the one that it takes.
    case role(Role)
    /// Not with one's own post: the role that somebody else must have.
    case ownPost(Role)
    /// Not before somebody has said what became of an attempt to bring it out.
    case openAttempt
}

/// Who wants to take a step with a post, and how both stand to each other.
public struct PostActor: Sendable, Hashable {
    /// What they may do in the post's workspace.
    public let role: Role
    /// Whether they wrote the post.
    public let isAuthor: Bool

    /// Describes somebody who belongs to the post's workspace.
    public init(role: Role, isAuthor: Bool) {
        self.role = role
        self.isAuthor = isAuthor
    }

    /// Says why a step is refused; nil where it is allowed.
    public func refusal(of step: PostStep, from place: PostPlace, in workspace: Workspace) -> PostRefusal? {
        let settled = PostPlace(place.state, approval: place.approval)
        let rules = PostRule.table.filter { $0.step == step && $0.holds(at: settled) }
        let least = rules.map(\.role).min() ?? .owner
        guard let rule = rules.first(where: { $0.from.contains(place.state) }) else {
            return role < least ? .role(least) : .state(allowed: rules.flatMap(\.from), role: least)
        }
        if role < rule.role { return .role(rule.role) }
        if !rule.holds(at: place) { return .openAttempt }
        if rule.isJudgement, isAuthor, !workspace.allowsSelfApproval { return .ownPost(rule.role) }
        return nil
    }

    /// Whether the post waits for this person: for a decision that is theirs, or, as theirs, to be worked on.
    public func isAwaited(in state: PostState, of workspace: Workspace) -> Bool {
        switch state {
        case .pending:
            refusal(of: .approve, from: PostPlace(state, approval: workspace.approval), in: workspace) == nil
        case .changesRequested, .rejected: isAuthor && role >= .editor
        case .failed, .needsAttention: role >= .approver
        default: false
        }
    }
}
