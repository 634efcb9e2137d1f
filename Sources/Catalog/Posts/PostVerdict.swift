/// Weighs decisions about a post against each other.
struct PostVerdict {
    let decisions: [Decision]
    let handOffs: HandOffs
    private let post: Post
    private let seen: SeenDecisions
    private let content: PostContent
    private let approval: Workspace.Approval

    init(on post: Post, content: PostContent, approval: Workspace.Approval) {
        self.post = post
        self.content = content
        self.approval = approval
        decisions = post.decisions
        handOffs = HandOffs(decisions)
        seen = SeenDecisions(of: post)
    }

    // MARK: The state

    var state: PostState {
        if !handOffs.open.isEmpty { return .needsAttention }
        if decisions.contains(where: isStandingFailure) { return .failed }
        if decisions.contains(where: { $0.kind == .published }) { return .published }
        let review = stateOfReview
        return review == .scheduled && decisions.contains(where: isStandingLateness) ? .needsAttention : review
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
        if !isApproved { return .pending }
        return post.schedule == nil ? .approved : .scheduled
    }

    /// Whether the present content is approved. Where somebody removed the post while others went on with it, what had been
    /// decided by then went with it, a rejection perhaps: nothing counts before a person has decided whether it stays.
    var isApproved: Bool {
        !post.isPerhapsRemoved
            && decisions.contains {
                ($0.kind == .approved || approval == .none && $0.kind == .submitted) && isValid($0)
            }
    }

    /// Where it is still to come out. What is out at one target follows at those that were there when it came out, as
    /// long as it still says what was approved: a target that is added later gets no old posts.
    func remaining(of targets: [Workspace.Target]) -> [String] {
        let firstOut = decisions.first { $0.kind == .published }
        return targets.filter { target in
            if handOffs.isOut(at: target.name) { return false }
            guard let firstOut else { return true }
            return isApproved && content.isMeant(by: firstOut) && target.at.map { $0 < firstOut.at } ?? false
        }
        .map(\.name)
    }

    // MARK: Single decisions

    func isValid(_ decision: Decision) -> Bool {
        switch decision.kind {
        case .published, .settled: true
        case .failed: isStandingFailure(decision)
        case .needsAttention:
            decision.attempt.map { handOffs.open.contains(.init($0, at: decision.target ?? "")) }
                ?? isStandingLateness(decision)
        case .submitted, .approved: content.isMeant(by: decision) && hasSeenEveryNo(decision)
        case .rejected, .changesRequested:
            content.isMeant(by: decision) && !isOverruled(decision) { Self.isReview($0.kind) }
        case .scheduled, .unscheduled:
            // The time itself is a field of the post, and an undo may have put it back.
            content.isMeant(by: decision) && (post.schedule != nil) == (decision.kind == .scheduled)
                && !decisions.contains { Self.isAboutTime($0.kind) && $0.at > decision.at }
        }
    }

    /// A failure stands until something is tried again, the content is another, or somebody who knew of it set a time.
    private func isStandingFailure(_ decision: Decision) -> Bool {
        handOffs.isLastFailure(decision) && content.isMeant(by: decision)
            && !isOverruled(decision) { Self.isAboutTime($0.kind) }
    }

    /// That it was too late for a post speaks of the time that it had.
    private func isStandingLateness(_ decision: Decision) -> Bool {
        guard decision.kind == .needsAttention, decision.attempt == nil, content.isMeant(by: decision) else {
            return false
        }
        return post.stamp(of: "schedule") < decision.at
            && !isOverruled(decision) { Self.isAboutTime($0.kind) || $0.kind == .settled || $0.kind == .failed }
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

    private static func isAboutTime(_ kind: Decision.Kind) -> Bool { [.scheduled, .unscheduled].contains(kind) }
}
