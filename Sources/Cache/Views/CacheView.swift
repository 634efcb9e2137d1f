public import Catalog

/// What is kept so that it need not be computed again, by the name that people call it by.
public enum CacheView: Hashable, Sendable, CustomStringConvertible {
    /// The list of the tracks that somebody may use.
    case picker
    /// The posts of the workspace of this slug.
    case history(String)
    /// What was computed from audio.
    case analysis

    /// How many seconds it may go without asking the remote for news, where somebody who lives long looks at it. What is
    /// done here it shows at once.
    public var timeToLive: Double? {
        switch self {
        case .picker: 300
        case .history: 120
        case .analysis: nil
        }
    }

    private static let historyPrefix = "history:"

    /// The view of a workspace's posts.
    public init(historyOf workspace: Workspace) { self = .history(workspace.slug?.text ?? workspace.id.hex) }

    /// Takes the view of a name; nil where none is called that.
    public init?(_ name: String) {
        switch name {
        case "picker": self = .picker
        case "analysis": self = .analysis
        default:
            guard name.hasPrefix(Self.historyPrefix), name != Self.historyPrefix else { return nil }
            self = .history(String(name.dropFirst(Self.historyPrefix.count)))
        }
    }

    /// The name: `picker`, `history:<slug>` or `analysis`.
    public var description: String {
        switch self {
        case .picker: "picker"
        case .history(let slug): Self.historyPrefix + slug
        case .analysis: "analysis"
        }
    }
}
