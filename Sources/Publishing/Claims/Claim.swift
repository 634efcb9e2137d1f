public import Catalog
public import Digest

/// What one computer says when it is about to hand a post to a target: nobody else does then.
///
/// It stands at the store's one arbiter, as a reference that is made only where there is none. No merge touches it.
public struct Claim: Sendable, Hashable {
    /// What goes out.
    public let key: PublicationKey
    /// The hash of the approved content that goes out, and that of its stamps.
    public let content: ContentHash, stamps: ContentHash
    /// Which attempt it is.
    public let attempt: HandOffs.Attempt
    /// The post.
    public let post: PostID
    /// The workspace that it belongs to.
    public let workspace: WorkspaceID
    /// Whose computer it is.
    public let person: PersonID
    /// Random: two computers never make the same claim.
    public let nonce: Identifier<NonceKind>
    /// When it was made, by that computer's clock.
    public let at: Timestamp

    /// How long a claim holds: nothing is sent after that, and others may think that its computer is gone.
    public static let length = 600

    /// Makes a claim.
    public init(
        on attempt: HandOffs.Attempt, of post: PostID, in workspace: WorkspaceID, content: ContentHash,
        stamps: ContentHash, by person: PersonID, nonce: Identifier<NonceKind>, at time: Timestamp
    ) {
        key = PublicationKey(of: post, content: content, for: attempt.target)
        self.content = content
        self.stamps = stamps
        self.attempt = attempt
        self.post = post
        self.workspace = workspace
        self.person = person
        self.nonce = nonce
        at = time
    }

    /// Whether its computer must have given up by now.
    public func isOver(at now: Timestamp) -> Bool {
        now.milliseconds - at.milliseconds > Int64(Self.length) * 1_000
    }

    /// Whether it is about the same post at the same target, whatever the post says and whichever attempt it is.
    public func isAboutTheSame(as other: Claim) -> Bool {
        post == other.post && attempt.target == other.attempt.target
    }

    // MARK: As it is written

    /// Where claims stand.
    public static let folder = "refs/offbeat/claims/"

    /// The name of its reference.
    public var name: String { Self.folder + mark }

    /// What tells it from the claims on other things.
    var mark: String { "\(key)-\(attempt.number)" }

    /// What its reference stands for.
    public var encoded: [UInt8] { JSON.object(fields).canonical() }

    var fields: JSONObject {
        [
            "at": .string(at.description), "attempt": .integer(Int64(attempt.number)), "by": .string(person.hex),
            "content": .string(content.hex), "key": .string(key.description), "nonce": .string(nonce.hex),
            "post": .string(post.hex), "seconds": .integer(Int64(Self.length)), "stamps": .string(stamps.hex),
            "target": .string(attempt.target),
            "workspace": .string(workspace.hex),
        ]
    }

    /// Reads a claim; nil for what is none.
    public init?(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes) else { return nil }
        self.init(value)
    }

    init?(_ value: JSON) {
        guard let content = value["content"]?.asString.flatMap({ ContentHash(hex: $0) }),
            let stamps = value["stamps"]?.asString.flatMap({ ContentHash(hex: $0) }),
            let number = value["attempt"]?.asInteger.flatMap({ Int(exactly: $0) }),
            let target = value["target"]?.asString,
            let post = value["post"]?.asString.flatMap({ PostID($0) }),
            let workspace = value["workspace"]?.asString.flatMap({ WorkspaceID($0) }),
            let person = value["by"]?.asString.flatMap({ PersonID($0) }),
            let nonce = value["nonce"]?.asString.flatMap({ Identifier<NonceKind>($0) }),
            let at = value["at"]?.asString.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            on: HandOffs.Attempt(number, at: target), of: post, in: workspace, content: content, stamps: stamps,
            by: person, nonce: nonce, at: at)
    }
}

/// The kind of a claim's nonce.
public enum NonceKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "claim"
}
