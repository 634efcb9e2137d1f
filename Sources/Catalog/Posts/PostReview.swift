/// What the decisions about a post come to.
///
/// Decisions are a set: the order in which they arrived makes no difference. Of those that did not know of each other
/// the most cautious counts, and a decision that had seen another takes its place. An approval counts only while it
/// speaks of the present content, and if it had seen every rejection and every request for changes.
public struct PostReview: Sendable {
    /// How the post stands.
    public let state: PostState
    /// What was decided, in the order of stamps, and whether it still holds.
    public let decisions: [(decision: Decision, isValid: Bool)]

    /// Computes the state of a post.
    ///
    /// - Parameters:
    ///   - post: the post.
    ///   - content: its present content.
    ///   - approval: whether its workspace asks for approval.
    public init(of post: Post, content: PostContent, approval: Workspace.Approval) {
        let verdict = Verdict(
            decisions: post.decisions, seen: SeenDecisions(of: post), content: content,
            hasTime: post.schedule != nil, approval: approval)
        decisions = verdict.decisions.map { ($0, verdict.isValid($0)) }
        state = verdict.state
    }
}

/// Weighs decisions against each other.
private struct Verdict {
    let decisions: [Decision]
    let seen: SeenDecisions
    let content: PostContent
    let hasTime: Bool
    let approval: Workspace.Approval

    var state: PostState {
        if decisions.contains(where: { $0.kind == .published }) { return .published }
        let attempts = standing { Self.isAboutPublishing($0.kind) }
        if attempts.contains(where: { $0.kind == .needsAttention }) { return .needsAttention }
        if attempts.contains(where: { $0.kind == .failed && content.isMeant(by: $0) }) { return .failed }
        return stateOfReview
    }

    private var stateOfReview: PostState {
        let last = standing { Self.isReview($0.kind) }
        let caution = last.map(\.kind.caution).max()
        let decisive = last.filter { $0.kind.caution == caution }
        switch decisive.first?.kind {
        case nil: return .draft
        case .rejected: return decisive.contains(where: content.isMeant) ? .rejected : .draft
        case .changesRequested: return .changesRequested
        default: break
        }
        let isApproved = decisions.contains {
            ($0.kind == .approved || approval == .none && $0.kind == .submitted) && isValid($0)
        }
        if !isApproved { return .pending }
        return hasTime ? .scheduled : .approved
    }

    func isValid(_ decision: Decision) -> Bool {
        switch decision.kind {
        case .published: true
        case .failed, .needsAttention, .settled:
            !isOverruled(decision) { Self.isAboutPublishing($0.kind) }
        case .submitted, .approved: content.isMeant(by: decision) && hasSeenEveryNo(decision)
        case .rejected, .changesRequested:
            content.isMeant(by: decision) && !isOverruled(decision) { Self.isReview($0.kind) }
        case .scheduled, .unscheduled:
            // The time itself is a field of the post, and an undo may have put it back.
            content.isMeant(by: decision) && hasTime == (decision.kind == .scheduled)
                && !decisions.contains { Self.isAboutTime($0.kind) && $0.at > decision.at }
        }
    }

    private func hasSeenEveryNo(_ decision: Decision) -> Bool {
        decisions.allSatisfy {
            $0.kind != .rejected && $0.kind != .changesRequested || seen.contains($0.id, by: decision.id)
        }
    }

    /// Those of a kind that no other of that kind had seen.
    private func standing(where isMeant: (Decision) -> Bool) -> [Decision] {
        let meant = decisions.filter(isMeant)
        return meant.filter { one in !meant.contains { seen.contains(one.id, by: $0.id) } }
    }

    private func isOverruled(_ decision: Decision, by isMeant: (Decision) -> Bool) -> Bool {
        decisions.contains { isMeant($0) && seen.contains(decision.id, by: $0.id) }
    }

    private static func isReview(_ kind: Decision.Kind) -> Bool {
        [.submitted, .approved, .rejected, .changesRequested].contains(kind)
    }

    private static func isAboutPublishing(_ kind: Decision.Kind) -> Bool {
        [.published, .failed, .needsAttention, .settled].contains(kind)
    }

    private static func isAboutTime(_ kind: Decision.Kind) -> Bool { [.scheduled, .unscheduled].contains(kind) }
}
