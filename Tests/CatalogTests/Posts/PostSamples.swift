import Catalog
import Digest
import Testing

/// A post that steps are taken with, as a session takes them, with a clock that only moves on.
struct PostBench {
    var post: Post
    var track: Track?
    var workspace: Workspace
    private var ticks: UInt64
    private let replica: ReplicaID

    static let cara = Samples.id(PersonIDKind.self, 5)

    /// A draft of Cara's; Ana owns the workspace, Ben approves.
    init(
        approval: Workspace.Approval = .required, selfApproval: Bool = false, hasTime: Bool = false,
        replica: ReplicaID = Samples.replica
    ) throws {
        self.replica = replica
        let start = Samples.stamp(1_000)
        workspace = Workspace(
            id: Samples.band, slug: try #require(Slug("band")), owner: Samples.ana, created: start)
        try workspace.set("approval", to: .string(approval.rawValue), at: start)
        try workspace.set("selfApproval", to: .bool(selfApproval), at: start)
        post = Post(id: Samples.id(PostIDKind.self, 9), author: Self.cara, text: "Out now", created: start)
        ticks = 2_000
        if hasTime { try setTime("2027-01-01T00:00:00") }
    }

    var content: PostContent {
        PostContent(of: post, image: post.image, about: track.map { .track($0, audio: $0.audio.oid) } ?? .none)
    }

    var review: PostReview { PostReview(of: post, content: content, in: workspace) }
    var place: PostPlace {
        PostPlace(state, approval: workspace.approval, hasOpenAttempt: !review.openAttempts.isEmpty)
    }
    var state: PostState { review.state }

    mutating func stamp() -> Stamp {
        ticks += 1
        return Stamp(milliseconds: ticks, replica: replica)
    }

    mutating func setTime(_ text: String?) throws {
        let schedule = try text.map { Post.Schedule(local: try #require(LocalTime($0)), zone: "Europe/Berlin") }
        try post.setSchedule(schedule, at: stamp())
    }

    mutating func edit(_ text: String) throws { try post.set("text", to: .string(text), at: stamp()) }

    /// Adds a decision that had seen all before it, or only these.
    @discardableResult
    mutating func decide(
        _ kind: Decision.Kind, saw: [DecisionID]? = nil, attempt: Int? = nil, at target: String? = nil
    ) throws -> DecisionID {
        let at = stamp()
        let id = try #require(DecisionID(ContentHash(of: Array("\(at)".utf8)).hex.prefix(32)))
        let content = content
        try post.decide(
            Decision(
                id: id, at: at, by: Samples.ben, kind: kind, content: content.hash, stamps: content.stamps,
                saw: saw ?? post.lastDecisions, attempt: attempt, target: target))
        return id
    }

    /// Takes a step, allowed or not, with all that belongs to it.
    mutating func take(_ step: PostStep) throws {
        switch step {
        case .edit: try edit("Changed at \(ticks)")
        case .schedule: try setTime("2027-02-0\(ticks % 9 + 1)T00:00:00")
        case .unschedule: try setTime(nil)
        case .publish: try decide(.published, attempt: post.handOffs.next(at: "feed"), at: "feed")
        case .settle:
            let attempt = review.openAttempts.first
            try decide(.settled, attempt: attempt?.number, at: attempt?.target)
            try decide(.published, attempt: attempt?.number, at: attempt?.target ?? "feed")
            return
        default: break
        }
        if let kind = step.decision { try decide(kind) }
    }

    /// Brings a new draft into a state by what leads there.
    mutating func bring(to state: PostState) throws {
        switch state {
        case .draft: break
        case .pending:
            try decide(.submitted)
            // Where submitting approves, an edit is what makes it pending.
            if workspace.approval == .none { try edit("Edited") }
        case .approved, .scheduled:
            if state == .scheduled, post.schedule == nil { try setTime("2027-01-01T00:00:00") }
            try decide(.submitted)
            if workspace.approval == .required { try decide(.approved) }
        case .rejected, .changesRequested:
            try decide(.submitted)
            try decide(state == .rejected ? .rejected : .changesRequested)
        case .published, .failed, .needsAttention:
            try decide(.submitted)
            try decide(.approved)
            switch state {
            case .published: try decide(.published, attempt: 1, at: "feed")
            case .failed: try decide(.failed, attempt: 1, at: "feed")
            default:
                // It is too late for one that has a time; of another nobody knows what became of it.
                let isLate = post.schedule != nil
                try decide(.needsAttention, attempt: isLate ? nil : 1, at: isLate ? nil : "feed")
            }
        case .publishing: Issue.record("no decision says that a post is publishing")
        }
        try #require(self.state == state)
    }
}
