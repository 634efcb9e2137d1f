public import Catalog
import Files
import Store

extension Session {
    /// Says where posts of a workspace are brought out, for everybody and for this computer.
    ///
    /// What is for everybody its owners say; what is for this computer, whoever may publish there, of a target that the
    /// workspace has.
    public func setTarget(_ name: String, _ request: TargetRequest) throws(Failure) -> WorkspaceOutcome {
        do {
            try library.refuseGuests("say where posts are brought out")
            let (values, words) = (try request.values(), try request.commandWords())
            try check(request)
            // What cannot be written down here is found before anything is said to everybody.
            _ = try library.localTargets
            var token: BoundToken?
            let outcome = try writeTarget(name, subject: "Set the target \(request.kind.rawValue) of") {
                workspace, role, draft in
                if role < .owner, !request.isForEverybody, workspace.has(request.kind) {
                    try requireRole(.approver, in: workspace, to: "say how this computer publishes")
                } else {
                    try requireRole(.owner, in: workspace, to: "say where posts are brought out")
                    let stamp = draft.stamp(after: workspace.stamp(of: request.kind.rawValue, in: "targets"))
                    try workspace.add(request.kind.rawValue, to: "targets", at: stamp, with: values)
                    try requireAddress(of: request.kind, in: workspace)
                }
                token = try request.token.flatMap { try bound($0, in: workspace) }
            }
            let workspace = outcome.workspace.workspace
            try library.changeLocalTargets(of: workspace.id) { settings in
                if let folder = request.folder { settings.feedFolder = folder }
                if request.token != nil { settings.token = token }
                if let words { settings.commandWords = words }
            }
            return try told(outcome, remarks: remarks(on: request, in: workspace))
        } catch { throw Failure(error) }
    }

    /// Takes a target away, and what this computer knows of it.
    public func removeTarget(_ name: String, _ kind: TargetKind) throws(Failure) -> WorkspaceOutcome {
        do {
            try library.refuseGuests("say where posts are brought out")
            let outcome = try writeTarget(name, subject: "Take away the target \(kind.rawValue) of") {
                workspace, _, draft in
                guard workspace.contains(kind.rawValue, in: "targets") else {
                    let isKnownHere = try library.localTargets[workspace.id].says(kind)
                    return try isKnownHere
                        ? requireRole(.approver, in: workspace, to: "say how this computer publishes")
                        : refuseMissing(kind, in: workspace)
                }
                try requireRole(.owner, in: workspace, to: "say where posts are brought out")
                let stamp = draft.stamp(after: workspace.stamp(of: kind.rawValue, in: "targets"))
                try workspace.remove(kind.rawValue, from: "targets", at: stamp)
            }
            let workspace = outcome.workspace.workspace
            try library.changeLocalTargets(of: workspace.id) { $0.forget(kind) }
            let isFeedLeft = workspace.elements(of: "targets").isEmpty
            return try told(
                outcome, remarks: isFeedLeft ? ["its posts go into a feed, as nothing else is said"] : [])
        } catch { throw Failure(error) }
    }

    private func writeTarget(
        _ name: String, subject: String, _ step: (inout Workspace, Role, Draft) throws -> Void
    ) throws -> WorkspaceOutcome {
        try writeWorkspace(name, subject: subject) { workspace, _, draft in
            try step(&workspace, person.flatMap { workspace.standing(of: $0.id) } ?? .viewer, draft)
        }
    }

    /// The outcome with the workspace as this computer knows it now.
    private func told(_ outcome: WorkspaceOutcome, remarks: [String]) throws -> WorkspaceOutcome {
        let view = try View(store.snapshot(of: outcome.version), for: self)
        let summary = try WorkspaceSummary(outcome.workspace.workspace, in: view, library.localTargets)
        return WorkspaceOutcome(version: outcome.version, workspace: summary, remarks: remarks)
    }

    // MARK: What is refused

    private func check(_ request: TargetRequest) throws {
        if case .from(let source) = request.token { try source.check() }
        guard let folder = request.folder else { return }
        guard String(validating: folder.bytes, as: UTF8.self) != nil, folder.isAbsolute else {
            throw Failure(.usage, "the name of the feed's folder has to be UTF-8, and \(folder) is not")
        }
        let store = library.path.bytes
        if folder.bytes.starts(with: store), folder.bytes.count == store.count || folder.bytes[store.count] == 0x2F
        {
            throw Failure(
                .usage, "the feed's folder would lie in the store \(library.path)", hint: "name one elsewhere")
        }
    }

    private func refuseMissing(_ kind: TargetKind, in workspace: Workspace) throws(Failure) {
        let slug = workspace.slug?.text ?? workspace.id.hex
        if kind == .feed, workspace.has(.feed) {
            throw Failure(
                .wrongState, "the posts of \(slug) go into a feed because nothing else is said",
                hint: "say another target first: `offbeat workspace target \(slug) http --url URL`")
        }
        throw Failure(
            .notFound, "\(slug) has no target \(kind.rawValue)",
            hint: "`offbeat workspace show \(slug)` names what it has")
    }

    private func requireAddress(of kind: TargetKind, in workspace: Workspace) throws(Failure) {
        guard kind == .http, workspace.text("url", of: .http) == nil else { return }
        throw Failure(
            .usage, "it is not said where the publishing service is",
            hint: "say --url, for example https://app.ayrshare.com/api")
    }

    /// A token goes to the service that the workspace names now, and to no other that it may name later.
    private func bound(_ token: TargetRequest.TokenChange, in workspace: Workspace) throws -> BoundToken? {
        guard case .from(let source) = token else { return nil }
        guard let host = workspace.text("url", of: .http).flatMap(LocalTargets.host) else {
            throw Failure(
                .wrongState, "the workspace names no publishing service that a token may be sent to",
                hint: "an owner says it with --url, with https")
        }
        return BoundToken(host: host, source: source)
    }

    private func remarks(on request: TargetRequest, in workspace: Workspace) throws -> [String] {
        var remarks: [String] = []
        if case .from(.file(let path)) = request.token, let status = try FileSystem.statusIfExists(of: path),
            status.mode & 0o077 != 0
        {
            remarks.append("others on this computer may read \(path): `chmod 600` keeps it yours")
        }
        let host = workspace.text("url", of: .http).flatMap(LocalTargets.host)
        if request.kind == .http, let token = try library.localTargets[workspace.id].token, token.host != host {
            remarks.append("the token that is kept here is for \(token.host), and is sent to no other: say it anew")
        }
        return remarks
    }
}

extension LocalTargets.Settings {
    /// Whether something is said of a kind of target.
    func says(_ kind: TargetKind) -> Bool {
        switch kind {
        case .feed: feedFolder != nil
        case .http: token != nil
        case .command: commandWords != nil
        }
    }

    fileprivate mutating func forget(_ kind: TargetKind) {
        switch kind {
        case .feed: feedFolder = nil
        case .http: token = nil
        case .command: commandWords = nil
        }
    }
}

extension Workspace {
    /// Whether its posts are brought out so.
    fileprivate func has(_ kind: TargetKind) -> Bool { publishingTargets.contains { $0.kind == kind } }

    /// A setting of one of its targets.
    fileprivate func text(_ field: String, of kind: TargetKind) -> String? {
        publishingTargets.first { $0.kind == kind }?.text(field)
    }
}

extension Session {
    /// Refuses to approve what a service could never fetch: it is given addresses of files, not the files.
    func requireMediaAddress(for folder: PostFolder, in workspace: Workspace) throws(Failure) {
        guard folder.image != nil || folder.post.track != nil, workspace.has(.http),
            workspace.text("mediaUrlBase", of: .http) == nil
        else { return }
        let slug = workspace.slug?.text ?? workspace.id.hex
        let what = folder.post.track != nil ? "a track" : "an image"
        throw Failure(
            .wrongState,
            "post \(folder.post.id.hex.prefix(8)) has \(what), and it is not said where the publishing service of \(slug) finds files",
            hint: "an owner says it: `offbeat workspace target \(slug) http --media-url-base URL`")
    }
}
