public import Catalog
import Store

/// What a new workspace is to be.
public struct WorkspaceRequest: Sendable {
    /// What it is called on the command line.
    public var slug: Slug
    /// What it is called.
    public var name: String?
    /// Its accounts at publishing services.
    public var profiles: [String] = []
    /// The zone of its schedules.
    public var zone: String?
    /// The zone to take where none is said, if it is one; else UTC.
    public var usualZone: String?

    /// Asks for a workspace.
    public init(slug: Slug) { self.slug = slug }
}

extension Session {
    /// Makes a workspace; who makes it is its owner.
    public func addWorkspace(_ request: WorkspaceRequest) throws(Failure) -> WorkspaceOutcome {
        do {
            let person = try requirePerson()
            let zone = try self.zone(for: request)
            var made: WorkspaceID?
            let version = try store.write(by: person) { draft in
                try requireFree(request.slug, in: draft.base)
                let stamp = draft.stamp()
                var workspace = Workspace(
                    id: draft.newID(), slug: request.slug, name: request.name, owner: person.id, created: stamp)
                try workspace.set("zone", to: .string(zone), at: stamp)
                for key in request.profiles { try workspace.add(key, to: "profiles", at: stamp) }
                try draft.put(workspace)
                made = workspace.id
                return "Add the workspace \(request.slug)"
            }
            return try outcome(of: made, at: version)
        } catch { throw Failure(error) }
    }

    private func zone(for request: WorkspaceRequest) throws -> String {
        let zones = Zones()
        if let zone = request.zone { _ = try zones.require(zone) }
        return request.zone ?? request.usualZone.flatMap { zones[$0] == nil ? nil : $0 } ?? "UTC"
    }

    /// A slug stands for one workspace here. Two laptops that are apart may still use the same.
    private func requireFree(_ slug: Slug, in snapshot: Snapshot) throws {
        if try snapshot.workspaces().contains(where: { $0.slug == slug }) {
            throw Failure(.wrongState, "there is a workspace \(slug) already", hint: "choose another slug")
        }
    }

    /// The workspaces that this person belongs to, by slug.
    public func workspaces() throws(Failure) -> [WorkspaceSummary] {
        do {
            _ = try requirePerson()
            let view = try view()
            return try summaries(of: view.workspaces.own(), in: view)
        } catch { throw Failure(error) }
    }

    private func summaries(of workspaces: [Workspace], in view: View) throws -> [WorkspaceSummary] {
        let local = try library.localTargets
        return try workspaces.map { try WorkspaceSummary($0, in: view, local) }
    }

    /// Shows one workspace.
    public func showWorkspace(_ name: String) throws(Failure) -> WorkspaceSummary {
        do {
            _ = try requirePerson()
            let view = try view()
            return try WorkspaceSummary(view.workspaces.one(named: name), in: view, library.localTargets)
        } catch { throw Failure(error) }
    }

    /// Changes what a workspace is called and how it works.
    public func editWorkspace(_ name: String, _ changes: [WorkspaceChange]) throws(Failure) -> WorkspaceOutcome {
        let zones = Zones()
        return try changeWorkspace(name, subject: "Edit the workspace") { workspace, view, draft in
            for change in changes { try self.apply(change, to: &workspace, zones, view, draft) }
        }
    }

    private func apply(
        _ change: WorkspaceChange, to workspace: inout Workspace, _ zones: Zones, _ view: View, _ draft: Draft
    ) throws {
        switch change {
        case .addProfile(let key):
            try workspace.add(
                key, to: "profiles", at: draft.stamp(after: workspace.stamp(of: key, in: "profiles")))
        case .removeProfile(let key):
            try workspace.remove(
                key, from: "profiles", at: draft.stamp(after: workspace.stamp(of: key, in: "profiles")))
        case .field(let field, let text):
            if field == "approval" || field == "selfApproval" {
                try library.refuseGuests("say who decides about posts")
            }
            if field == "slug", let slug = Slug(text), slug != workspace.slug {
                try requireFree(slug, in: draft.base)
            }
            try workspace.set(
                field, to: WorkspaceChange.value(of: field, text, zones: zones),
                at: draft.stamp(after: workspace.stamp(of: field)))
        }
    }

    /// Makes one version of a change of a workspace, which only its owners may make.
    func changeWorkspace(
        _ name: String, subject: String, _ step: (inout Workspace, View, Draft) throws -> Void
    ) throws(Failure) -> WorkspaceOutcome {
        do {
            return try writeWorkspace(name, subject: subject) { workspace, view, draft in
                try requireRole(.owner, in: workspace, to: "change the workspace")
                try step(&workspace, view, draft)
            }
        } catch { throw Failure(error) }
    }

    /// Makes one version of a change of a workspace; who may make it, the change itself looks at.
    func writeWorkspace(
        _ name: String, subject: String, _ step: (inout Workspace, View, Draft) throws -> Void
    ) throws -> WorkspaceOutcome {
        let person = try requirePerson()
        var changed: WorkspaceID?
        let version = try store.write(by: person) { draft in
            let view = try View(draft.base, for: self)
            let found = try view.workspaces.one(named: name)
            var workspace = found
            try step(&workspace, view, draft)
            if workspace != found { try draft.put(workspace) }
            changed = workspace.id
            return "\(subject) \(workspace.slug?.text ?? "")"
        }
        return try outcome(of: changed, at: version)
    }

    /// Refuses what takes a greater role than this person has.
    func requireRole(_ role: Role, in workspace: Workspace, to doing: String) throws(Failure) {
        let own = person.flatMap { workspace.standing(of: $0.id) }
        if let own, own >= role { return }
        let slug = workspace.slug?.text ?? workspace.id.hex
        throw Failure(
            .notAllowed,
            "to \(doing) takes \(role.withArticle) of \(slug), and you are \(own?.withArticle ?? "none")",
            hint: "ask one of its owners: `offbeat workspace show \(slug)` names them")
    }

    private func outcome(of id: WorkspaceID?, at version: Version) throws -> WorkspaceOutcome {
        let view = try View(store.snapshot(of: version), for: self)
        guard let workspace = try id.flatMap({ try view.snapshot.workspace($0) }) else {
            throw Failure(.io, "the workspace was not written")
        }
        // The change is made, so a damaged file beside the versions is no reason to say that it was not.
        let local = (try? library.localTargets) ?? LocalTargets()
        return WorkspaceOutcome(version: version, workspace: try WorkspaceSummary(workspace, in: view, local))
    }
}

extension Role {
    /// The role in a sentence.
    var withArticle: String { (rawValue.first.map("aeiou".contains) ?? false ? "an " : "a ") + rawValue }
}
