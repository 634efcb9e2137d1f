public import Catalog
public import Files

/// One of the places where a workspace's posts are brought out, as every surface shows it: never with a token.
public struct TargetSummary: Sendable {
    /// What is said for everybody.
    public let target: Workspace.Target
    /// The folder that a feed is written to here.
    public let folder: FilePath?
    /// The program that posts are handed to here. Only its name: among the other words there may be secrets.
    public let program: String?
    /// Where the token is: `here`, `file` or `environment`.
    public let tokenSource: String?
    /// The one host that it is sent to.
    public let tokenHost: String?

    init(_ target: Workspace.Target, _ local: LocalTargets.Settings) {
        self.target = target
        folder = target.kind == .feed ? local.feedFolder : nil
        program =
            target.kind == .command ? local.commandWords?.first.map { String(decoding: $0, as: UTF8.self) } : nil
        let token = target.kind == .http ? local.token : nil
        (tokenSource, tokenHost) = (token?.source.description, token?.host)
    }

    /// Whether the token is for the service that the workspace names now.
    public var isTokenUsed: Bool { tokenHost != nil && tokenHost == target.text("url").flatMap(LocalTargets.host) }

    /// What is said for everybody, by the names of the fields.
    public var settings: [(name: String, value: String)] {
        Self.fields(of: target.kind).compactMap { field in
            if let text = target.text(field) { return (field, text) }
            return target.settings[field]?.asBool.map { (field, $0 ? "yes" : "no") }
        }
    }

    /// The document that scripts read: every key of its kind is always there.
    var json: JSON {
        var document = JSONObject()
        for field in Self.fields(of: target.kind) {
            document[field] = target.text(field).map(JSON.string) ?? .null
        }
        switch target.kind {
        case .feed:
            document["explicit"] = target.settings["explicit"]?.asBool.map(JSON.bool) ?? .null
            document["dir"] = folder.map { .string($0.string) } ?? .null
        case .http:
            document["token"] = tokenSource.map(JSON.string) ?? .null
            document["tokenHost"] = tokenHost.map(JSON.string) ?? .null
        case .command: document["program"] = program.map(JSON.string) ?? .null
        }
        return .object(document)
    }

    private static func fields(of kind: TargetKind) -> [String] {
        switch kind {
        case .feed: ["title", "baseUrl", "image", "language", "category", "explicit"]
        case .http: ["url", "mediaUrlBase", "profile"]
        case .command: []
        }
    }
}
