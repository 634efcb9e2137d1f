public import Catalog

/// What is to be brought out.
public enum PublishRequest: Sendable {
    /// These posts, now, whatever their time.
    case posts([String])
    /// All posts whose time has come, of the workspaces in which the person may publish.
    case due
}

/// What came of bringing posts out.
public struct PublishOutcome: Sendable {
    /// A post that did not come out at a target, and why.
    public struct Undone: Sendable {
        /// The post, as it is now.
        public let post: PostSummary
        /// Where it was to come out; nil where it never came to that.
        public let target: String?
        /// Why it did not, in a sentence.
        public let reason: String

        /// The document that scripts read.
        public var json: JSON {
            [
                "id": .string(post.post.id.hex), "target": target.map(JSON.string) ?? .null,
                "reason": .string(reason), "state": .string(post.state.rawValue),
            ]
        }
    }

    /// Those that are out, each once however many targets it has.
    public internal(set) var published: [PostSummary] = []
    /// Those that did not come out: what was refused, and what could not be tried from here.
    public internal(set) var failed: [Undone] = []
    /// Those that somebody else is bringing out, or has.
    public internal(set) var lost: [Undone] = []
    /// Those of which a person has to say what becomes, or became, of them.
    public internal(set) var attention: [Undone] = []
    /// Whether the person wanted an end before all were tried.
    public internal(set) var isInterrupted = false
    /// What else there is to say.
    public internal(set) var remarks: [String] = []

    /// The document that scripts read.
    public var json: JSON {
        [
            "published": .array(published.map(\.json)), "failed": .array(failed.map(\.json)),
            "lost": .array(lost.map(\.json)), "attention": .array(attention.map(\.json)),
        ]
    }
}
