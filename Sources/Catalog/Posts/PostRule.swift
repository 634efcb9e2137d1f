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
        PostRule(step: .edit, from: [.draft, .pending, .changesRequested], role: .editor, to: .same),
        PostRule(step: .edit, from: [.approved, .scheduled], role: .editor, to: .state(.pending)),
        PostRule(step: .edit, from: [.rejected], role: .editor, to: .state(.draft)),
        PostRule(
            step: .remove, from: [.draft, .pending, .rejected, .changesRequested], role: .editor, to: .removed),
        PostRule(step: .remove, from: [.approved, .scheduled], role: .approver, to: .removed),
    ]

    /// The row for a step from a state; nil where there is none.
    public static func of(_ step: PostStep, from state: PostState, approval: Workspace.Approval) -> PostRule? {
        table.first {
            $0.step == step && $0.from.contains(state) && (!$0.needsNoApproval || approval == .none)
        }
    }

    /// The state after the step; nil where the post is gone.
    public func state(from state: PostState, hasTime: Bool, approval: Workspace.Approval) -> PostState? {
        let approved = hasTime ? PostState.scheduled : .approved
        switch to {
        case .state(let next): return next
        case .approved: return approved
        case .submitted: return approval == .none ? approved : .pending
        case .same: return state
        case .removed: return nil
        }
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
    public func refusal(
        of step: PostStep, from state: PostState, in workspace: Workspace
    ) -> PostRefusal? {
        let rules = PostRule.table.filter {
            $0.step == step && (!$0.needsNoApproval || workspace.approval == .none)
        }
        let least = rules.map(\.role).min() ?? .owner
        guard let rule = rules.first(where: { $0.from.contains(state) }) else {
            return role < least ? .role(least) : .state(allowed: rules.flatMap(\.from), role: least)
        }
        if role < rule.role { return .role(rule.role) }
        if rule.isJudgement, isAuthor, !workspace.allowsSelfApproval { return .ownPost(rule.role) }
        return nil
    }

    /// Whether the post waits for this person: for a decision that is theirs, or, as theirs, to be worked on.
    public func isAwaited(in state: PostState, of workspace: Workspace) -> Bool {
        switch state {
        case .pending: refusal(of: .approve, from: state, in: workspace) == nil
        case .changesRequested, .rejected: isAuthor && role >= .editor
        default: false
        }
    }
}
