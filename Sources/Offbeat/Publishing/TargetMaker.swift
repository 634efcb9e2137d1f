import Catalog
import Files
import Publishing
import Store

/// Makes of what is said of a target, for everybody and here, something that posts can be handed to.
struct TargetMaker {
    let session: Session
    let environment: @Sendable (String) -> String?

    /// The target of a workspace.
    ///
    /// - Throws: what is missing on this computer, and how to say it.
    func target(_ target: Workspace.Target, of workspace: Workspace) throws -> any PublishingTarget {
        let local = try session.library.localTargets[workspace.id]
        switch target.kind {
        case .feed: return try feed(target, of: workspace, local)
        case .http: return try service(target, of: workspace, local)
        case .command:
            guard let words = local.commandWords else {
                throw missing("no program is named", "command -- PROGRAM", workspace)
            }
            return ProgramTarget(words: words)
        }
    }

    /// A feed, as things are now.
    func feed(
        _ target: Workspace.Target, of workspace: Workspace, _ local: LocalTargets.Settings
    ) throws -> FeedTarget {
        let isSaid = workspace.contains(target.name, in: "targets")
        // Where nothing at all is said, there is a feed all the same; it lies beside what else is said of publishing.
        let usual = isSaid ? nil : LocalTargets.folder(in: session.library.path).appending("feeds/\(workspace.id)")
        guard let folder = local.feedFolder ?? usual else {
            throw missing("no folder is named for the feed", "feed --dir DIR", workspace)
        }
        if local.feedFolder == nil { try FileSystem.makeDirectories(folder.parent) }
        let session = session
        return FeedTarget(Self.settings(of: target, workspace), in: folder) {
            let view = try session.view()
            guard let workspace = try view.snapshot.workspace(workspace.id) else { return [] }
            let maker = PublicationMaker(session: session)
            return try PublishedPosts(maker: maker, target: target.name).find(of: workspace, in: view)
        }
    }

    private static func settings(of target: Workspace.Target, _ workspace: Workspace) -> FeedSettings {
        let title = target.text("title") ?? workspace.name ?? workspace.slug?.text ?? "Posts"
        return FeedSettings(
            title: title, baseURL: target.text("baseUrl"), image: target.text("image"),
            language: target.text("language"), category: target.text("category"),
            isExplicit: target.settings["explicit"]?.asBool ?? false)
    }

    private func missing(_ what: String, _ words: String, _ workspace: Workspace) -> Failure {
        Failure(
            .notFound, "\(what) on this computer",
            hint: "`offbeat workspace target \(workspace.slug?.text ?? workspace.id.hex) \(words)` says it")
    }

    private func service(
        _ target: Workspace.Target, of workspace: Workspace, _ local: LocalTargets.Settings
    ) throws -> any PublishingTarget {
        let url = target.text("url") ?? ServiceSettings.standardURL
        let profile = target.text("profile") ?? (workspace.profiles.count == 1 ? workspace.profiles.first : nil)
        if profile == nil, workspace.profiles.count > 1 {
            throw Failure(
                .wrongState,
                "the workspace has \(workspace.profiles.count) profile keys, and it is not said which is meant",
                hint: "`offbeat workspace target \(workspace.slug?.text ?? "") http --profile KEY` says it")
        }
        let token = try LocalTargets.host(of: url).flatMap { (host) throws(Failure) in
            guard let token = try local.token(forHost: host, environment: environment) else {
                throw missing("there is no token for \(host)", "http --token-file FILE", workspace)
            }
            return token
        }
        return ServiceTarget(
            ServiceSettings(url: url, profileKey: profile, mediaURLBase: target.text("mediaUrlBase")), token: token)
    }
}
