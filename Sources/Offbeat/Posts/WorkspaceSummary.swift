public import Catalog
public import Store

/// A workspace as every surface shows it.
public struct WorkspaceSummary: Sendable {
    /// The record.
    public let workspace: Workspace
    /// What the person who asks may do there.
    public let role: Role?
    /// Who belongs to it, by handle.
    public let members: [(handle: String, role: Role)]
    /// How many posts it has.
    public let posts: Int
    /// Where its posts are brought out.
    public let targets: [TargetSummary]

    init(_ workspace: Workspace, in view: View, _ local: LocalTargets) throws(StoreError) {
        self.workspace = workspace
        role = view.person.flatMap { workspace.standing(of: $0.id) }
        members = workspace.members.map { (view.handle(of: $0.person), $0.role) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        posts = try view.snapshot.postCount(of: workspace.id)
        targets = workspace.publishingTargets.map { TargetSummary($0, local[workspace.id]) }
    }

    /// What it is called on the command line.
    public var slug: String { workspace.slug?.text ?? workspace.id.hex }

    /// The document that scripts read: every key is always there.
    public var json: JSON {
        [
            "id": .string(workspace.id.hex), "slug": .string(slug),
            "name": workspace.name.map(JSON.string) ?? .null,
            "role": role.map { .string($0.rawValue) } ?? .null,
            "members": .array(members.map { ["handle": .string($0.handle), "role": .string($0.role.rawValue)] }),
            "profiles": .array(workspace.profiles.map(JSON.string)),
            "approval": .string(workspace.approval.rawValue),
            "selfApproval": .bool(workspace.allowsSelfApproval),
            "zone": workspace.zone.map(JSON.string) ?? .null, "lateness": .integer(Int64(workspace.lateness)),
            "targets": .array(targets.map { .string($0.target.name) }),
            "targetSettings": .object(JSONObject(targets.map { ($0.target.name, $0.json) })),
            "posts": .integer(Int64(posts)),
            "created": .string(workspace.created.time.description),
            "modified": .string(workspace.modified.time.description),
        ]
    }
}

/// A workspace after a change.
public struct WorkspaceOutcome: Sendable {
    /// The version.
    public let version: Version
    /// The workspace as it is now.
    public let workspace: WorkspaceSummary
    /// What else there is to say.
    public var remarks: [String] = []
}
