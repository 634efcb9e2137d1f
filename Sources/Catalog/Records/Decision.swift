public import Digest

/// What somebody decided about a post, and which content they had before them.
public struct Decision: Sendable, Hashable {
    /// What can be decided.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Handed in for approval.
        case submitted
        /// Approved.
        case approved
        /// Rejected.
        case rejected
        /// To be changed first.
        case changesRequested = "changes-requested"
        /// To go out at a time.
        case scheduled
        /// Not to go out at that time.
        case unscheduled
        /// Has gone out.
        case published
        /// Did not go out.
        case failed
        /// Nobody knows whether it went out, or it is too late.
        case needsAttention = "needs-attention"
        /// A person said what had happened.
        case settled

        /// How cautious a decision is among those that did not know of each other; the greatest wins.
        public var caution: Int {
            switch self {
            case .published: 4
            case .rejected: 3
            case .changesRequested: 2
            case .approved: 1
            case .submitted, .scheduled, .unscheduled, .failed, .needsAttention, .settled: 0
            }
        }
    }

    /// Which decision it is.
    public let id: DecisionID
    /// When.
    public let at: Stamp
    /// Who.
    public let by: PersonID
    /// What.
    public let kind: Kind
    /// The hash of the content that it speaks of.
    public let content: ContentHash
    /// The hash of that content's stamps.
    public let stamps: ContentHash
    /// The decisions that it had seen.
    public let saw: [DecisionID]
    /// Why.
    public let note: String?
    /// Which attempt at publishing it speaks of.
    public let attempt: Int?
    /// Which target it speaks of.
    public let target: String?

    /// Makes a decision.
    public init(
        id: DecisionID, at: Stamp, by: PersonID, kind: Kind, content: ContentHash, stamps: ContentHash,
        saw: [DecisionID], note: String? = nil, attempt: Int? = nil, target: String? = nil
    ) {
        self.id = id
        self.at = at
        self.by = by
        self.kind = kind
        self.content = content
        self.stamps = stamps
        self.saw = saw
        self.note = note
        self.attempt = attempt
        self.target = target
    }

    static let shape = Shape.sortedSet(
        .identifier,
        .init("attempt", .integer(1...1_000_000)),
        .init("by", .identifier, isRequired: true),
        .init("content", .hash, isRequired: true),
        .init("kind", .choice(Kind.allCases.map(\.rawValue)), isRequired: true),
        .init("note", .text(Limits.comment)),
        .init("saw", .list(.identifier)),
        .init("stamps", .hash, isRequired: true),
        .init("target", .line(Limits.tag)))

    /// Takes an element of the set; `nil` for a kind that only a newer program knows.
    init?(id: String, values: JSONObject) {
        guard let id = DecisionID(id), let at = values["at"]?.asString.flatMap({ Stamp($0) }),
            let by = values["by"]?.asString.flatMap({ PersonID($0) }),
            let kind = values["kind"]?.asString.flatMap(Kind.init),
            let content = values["content"]?.asString.flatMap({ ContentHash(hex: $0) }),
            let stamps = values["stamps"]?.asString.flatMap({ ContentHash(hex: $0) })
        else { return nil }
        self.init(
            id: id, at: at, by: by, kind: kind, content: content, stamps: stamps,
            saw: (values["saw"]?.asArray ?? []).compactMap { $0.asString.flatMap { DecisionID($0) } },
            note: values["note"]?.asString, attempt: values["attempt"]?.asInteger.flatMap { Int(exactly: $0) },
            target: values["target"]?.asString)
    }

    /// The fields, without a stamp.
    var values: JSONObject {
        var values: JSONObject = [
            "by": .string(by.hex), "content": .string(content.hex), "kind": .string(kind.rawValue),
            "saw": .array(saw.map { .string($0.hex) }), "stamps": .string(stamps.hex),
        ]
        if let note, !note.isEmpty { values["note"] = .string(note) }
        if let attempt { values["attempt"] = .integer(Int64(attempt)) }
        if let target { values["target"] = .string(target) }
        return values
    }
}
