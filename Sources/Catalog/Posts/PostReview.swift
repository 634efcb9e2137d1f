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
    /// Whether it may go out as it is, says who had to say so, wherever it is out already.
    public let isApproved: Bool
    /// The attempts of which nobody knows what became of them; before a person has said so, nothing else is tried.
    public let openAttempts: [HandOffs.Attempt]
    /// The targets where it is still to come out, by name: of one that is out, those that it was meant for then.
    public let remainingTargets: [String]

    /// Computes the state of a post.
    ///
    /// - Parameters:
    ///   - post: the post.
    ///   - content: its present content.
    ///   - workspace: the workspace that it belongs to; nil for one that cannot be read.
    public init(of post: Post, content: PostContent, in workspace: Workspace?) {
        let verdict = PostVerdict(on: post, content: content, approval: workspace?.approval ?? .required)
        decisions = verdict.decisions.map { ($0, verdict.isValid($0)) }
        state = verdict.state
        isApproved = verdict.isApproved
        openAttempts = verdict.handOffs.open
        remainingTargets = verdict.remaining(of: workspace?.publishingTargets ?? [])
    }

    /// Whether it is to go out by itself: at its time, where it has one, or what is left of it now.
    public var isToGoOut: Bool {
        state == .scheduled || state == .published && !remainingTargets.isEmpty
    }
}
