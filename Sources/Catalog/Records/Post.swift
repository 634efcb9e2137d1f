public import Digest

/// The kind of a post's record.
public enum PostKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = PostID
    /// What it is, in a word.
    public static let noun = "post"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        .init("author", .identifier),
        Schema.conflicts,
        .init("decisions", Decision.shape, merging: .settled),
        .init("id", .identifier, isRequired: true, isFixed: true),
        .init("image", .sortedObject(.init("oid", .hash, isRequired: true))),
        .init("links", .object([]), merging: .united),
        .init("platforms", .set(.line(Limits.tag), [])),
        .init(
            "schedule",
            .sortedObject(.init("local", .localTime, isRequired: true), .init("zone", .line(Limits.zone)))),
        .init("text", .text(Limits.postText), merging: .lines),
        .init("title", .line(Limits.title)),
        .init("track", .identifier)
    )
}

/// A post of a workspace.
public typealias Post = Record<PostKind>

extension Record where Kind == PostKind {
    /// When a post goes out: a local time in a zone, so that a change of daylight saving time moves nothing.
    public struct Schedule: Sendable, Hashable {
        /// The time on the clock there.
        public let local: LocalTime
        /// The IANA name of the zone; `nil` for the workspace's.
        public let zone: String?

        /// Makes a schedule.
        public init(local: LocalTime, zone: String?) {
            self.local = local
            self.zone = zone
        }
    }

    /// Makes a new post.
    public init(id: PostID, author: PersonID, text: String, title: String? = nil, created: Stamp) {
        var values: JSONObject = ["author": .string(author.hex), "text": .string(text)]
        if let title, !title.isEmpty { values["title"] = .string(title) }
        self.init(id: id, created: created, with: values)
    }

    /// Who wrote it.
    public var author: PersonID? { parsed("author") }
    /// Its title.
    public var title: String? { text("title") }
    /// What it says.
    public var body: String { text("text") ?? "" }
    /// The track that it is about.
    public var track: TrackID? { parsed("track") }
    /// The hash of its image.
    public var image: ContentHash? { fields["image"]?["oid"]?.asString.flatMap { ContentHash(hex: $0) } }
    /// Where it is to appear.
    public var platforms: [String] { elements(of: "platforms").map(\.element) }
    /// Where it has appeared.
    public var links: JSONObject { fields["links"]?.asObject ?? JSONObject() }

    /// When it is to go out.
    public var schedule: Schedule? {
        guard let value = fields["schedule"], let local = value["local"]?.asString.flatMap({ LocalTime($0) }) else {
            return nil
        }
        return Schedule(local: local, zone: value["zone"]?.asString)
    }

    /// What was decided about it, in the order of stamps; decisions that only a newer program knows are left out.
    public var decisions: [Decision] {
        elements(of: "decisions").compactMap { Decision(id: $0.element, values: $0.values) }
            .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// Adds a decision.
    @discardableResult
    public mutating func decide(_ decision: Decision) throws(CatalogError) -> Bool {
        try add(decision.id.hex, to: "decisions", at: decision.at, with: decision.values)
    }

    /// Sets or takes away the time at which it goes out.
    @discardableResult
    public mutating func setSchedule(_ schedule: Schedule?, at stamp: Stamp) throws(CatalogError) -> Bool {
        var value = schedule.map { JSONObject([("local", .string($0.local.description))]) }
        if let zone = schedule?.zone { value?["zone"] = .string(zone) }
        return try set("schedule", to: value.map(JSON.object), at: stamp)
    }

    /// Sets or takes away the image.
    @discardableResult
    public mutating func setImage(_ oid: ContentHash?, at stamp: Stamp) throws(CatalogError) -> Bool {
        try set("image", to: oid.map { ["oid": .string($0.hex)] }, at: stamp)
    }
}

extension Record where Kind == PostKind {
    /// Whether somebody removed it while somebody else changed it, and nobody has said yet which of the two holds.
    public var isPerhapsRemoved: Bool { conflicts.contains { $0.field == Conflict.removal } }
}
