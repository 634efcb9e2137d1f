import Blobs
public import Catalog
import Digest
public import Store

/// A post as every surface shows it.
public struct PostSummary: Sendable {
    /// The record.
    public let post: Post
    /// The workspace that it belongs to.
    public let workspace: Workspace
    /// How it stands.
    public let state: PostState
    /// The author's handle.
    public let author: String?
    /// When it goes out; nil without a time, and where this computer does not know the zone.
    public let scheduledAt: Timestamp?
    /// What was decided, by whose handle, and whether it still holds.
    public let decisions: [(decision: Decision, by: String, isValid: Bool)]
    /// The title of its track, if this person may see that.
    public let trackTitle: String?
    /// Whether its track is there, for this person to see.
    public let hasTrack: Bool

    private let image: PostFolder.ImageFile?
    private let conflicts: Int

    init(_ found: ReviewedPost, in view: View, zones: Zones) throws {
        post = found.post
        workspace = found.workspace
        state = view.onTheirWay.ids.contains(post.id) ? .publishing : found.review.state
        author = post.author.map { view.handle(of: $0) }
        scheduledAt = post.schedule.flatMap { zones.moment(of: $0, in: found.workspace) }
        decisions = found.review.decisions.map { ($0.decision, view.handle(of: $0.decision.by), $0.isValid) }
        let track = try post.track.flatMap { try view.readable($0) }
        trackTitle = track?.track.title
        hasTrack = track != nil
        image = found.folder.image
        conflicts = post.disputes.count
    }

    /// What kind of image it has, and of how many bytes.
    public var imageFacts: (format: String, size: Int64)? {
        image.map { ($0.fileExtension.text, $0.pointer.size) }
    }

    /// The document that scripts read: every key is always there.
    public var json: JSON {
        [
            "id": .string(post.id.hex), "workspace": .string(workspace.slug?.text ?? workspace.id.hex),
            "title": post.title.map(JSON.string) ?? .null, "text": .string(post.body),
            "track": post.track.map { .string($0.hex) } ?? .null,
            "platforms": .array(post.platforms.map(JSON.string)), "author": author.map(JSON.string) ?? .null,
            "state": .string(state.rawValue), "schedule": schedule,
            "scheduledAt": scheduledAt.map { .string($0.description) } ?? .null,
            "image": image.map(Self.document) ?? .null, "links": .object(post.links),
            "decisions": .array(decisions.map { Self.document($0, $1, isValid: $2) }),
            "conflicts": .integer(Int64(conflicts)), "created": .string(post.created.time.description),
            "modified": .string(post.modified.time.description),
        ]
    }

    private var schedule: JSON {
        guard let schedule = post.schedule else { return .null }
        return [
            "local": .string(schedule.local.description),
            "zone": (schedule.zone ?? workspace.zone).map(JSON.string) ?? .null,
        ]
    }

    private static func document(_ image: PostFolder.ImageFile) -> JSON {
        [
            "oid": .string(image.pointer.oid.hex), "size": .integer(image.pointer.size),
            "format": .string(image.fileExtension.text),
        ]
    }

    private static func document(_ decision: Decision, _ by: String, isValid: Bool) -> JSON {
        [
            "id": .string(decision.id.hex), "by": .string(by), "at": .string(decision.at.time.description),
            "kind": .string(decision.kind.rawValue), "note": decision.note.map(JSON.string) ?? .null,
            "valid": .bool(isValid), "attempt": decision.attempt.map { .integer(Int64($0)) } ?? .null,
            "target": decision.target.map(JSON.string) ?? .null,
        ]
    }
}

/// A post after a change, and what there is to say about it beside.
public struct PostOutcome: Sendable {
    /// The version.
    public let version: Version
    /// The post as it is now; a removed one as it was.
    public let post: PostSummary
    /// What the person should know, in sentences.
    public let remarks: [String]
}
