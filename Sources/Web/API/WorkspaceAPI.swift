import Catalog
import Offbeat
import Serving
import Store

/// Workspaces: who writes posts together, and how.
enum WorkspaceAPI {
    static let routes = [list, add, show, edit] + members + shares

    private static let place = "/api/workspaces/{w}"
    private static let changed = Route.Answer.json("ChangedWorkspace", "The workspace as it is now")

    // MARK: Making and looking

    private static let list = Route(
        .get, "/api/workspaces", "List your workspaces", tag: "workspaces",
        answers: [.json("WorkspaceList", "The workspaces that you belong to")]
    ) { call in
        let session = try call.session()
        return Response(json: ["workspaces": .array(try session.workspaces().map(document))])
    }

    private static let add = Route(
        .post, "/api/workspaces", "Make a workspace", tag: "workspaces", body: .json("NewWorkspace"),
        answers: [.json("ChangedWorkspace", "The workspace", status: 201)]
    ) { call in
        let form = try call.form("slug", "name", "profiles", "zone")
        guard let slug = Slug(try form.requiredText("slug")) else {
            throw Refusal(400, "a slug is 1 to 32 small letters, digits and dashes, a dash not first")
        }
        var request = WorkspaceRequest(slug: slug)
        request.name = try form.text("name")
        request.profiles = try form.texts("profiles") ?? []
        request.zone = try form.text("zone")
        return answer(try call.session().addWorkspace(request), status: 201)
    }

    private static let show = Route(
        .get, place, "One workspace", tag: "workspaces", answers: [.json("Workspace", "The workspace")]
    ) { call in Response(json: document(try call.session().showWorkspace(call["w"]))) }

    private static let edit = Route(
        .patch, place, "Change how a workspace works", tag: "workspaces", body: .json("WorkspaceEdit"),
        answers: [changed]
    ) { call in
        let form = try call.form("name", "slug", "approval", "selfApproval", "zone", "lateness", "profiles")
        let session = try call.session()
        var changes: [WorkspaceChange] = []
        for name in ["name", "slug", "approval", "zone"] where form.has(name) {
            changes.append(.field(name, try form.text(name) ?? ""))
        }
        if form.has("selfApproval") {
            changes.append(.field("selfApproval", try form.truth("selfApproval").map(String.init) ?? ""))
        }
        if form.has("lateness") {
            let seconds = try form.number("lateness", in: 0...999_999_999)
            changes.append(.field("lateness", seconds.map { "PT\($0)S" } ?? ""))
        }
        if let wanted = try form.texts("profiles") {
            let present = try session.showWorkspace(call["w"]).workspace.profiles
            changes += present.filter { !wanted.contains($0) }.map(WorkspaceChange.removeProfile)
            changes += wanted.filter { !present.contains($0) }.map(WorkspaceChange.addProfile)
        } else if changes.isEmpty {
            throw Refusal(400, "nothing is said to change")
        }
        return answer(try session.editWorkspace(call["w"], changes))
    }

    // MARK: Who belongs to it, and what is shared with it

    private static let members: [Route] = [
        Route(
            .put, place + "/members/{handle}", "Let a person in, or change their role", tag: "workspaces",
            body: .json("Membership"), answers: [changed]
        ) { call in
            guard let role = Role(rawValue: try call.form("role").requiredText("role")) else {
                throw Refusal(400, "role has to be owner, approver, editor or viewer")
            }
            return answer(try call.session().addMember(call["handle"], to: call["w"], as: role))
        },
        Route(
            .delete, place + "/members/{handle}", "Take a person out", tag: "workspaces", answers: [changed]
        ) { call in answer(try call.session().removeMember(call["handle"], from: call["w"])) },
    ]

    private static let shares: [Route] = [
        Route(
            .put, place + "/tracks/{id}", "Share a track with a workspace", tag: "workspaces",
            answers: [.json("SharedTracks", "What changed")]
        ) { call in answer(try call.session().share([call["id"]], with: call["w"])) },
        Route(
            .delete, place + "/tracks/{id}", "Share a track with a workspace no more", tag: "workspaces",
            answers: [.json("SharedTracks", "What changed")]
        ) { call in answer(try call.session().unshare([call["id"]], from: call["w"])) },
    ]

    // MARK: Documents

    private static func answer(_ outcome: WorkspaceOutcome, status: Int = 200) -> Response {
        Response(
            status,
            json: [
                "version": .string(outcome.version.description), "workspace": document(outcome.workspace),
                "remarks": .array(outcome.remarks.map(JSON.string)),
            ])
    }

    private static func answer(_ outcome: EditOutcome) -> Response {
        Response(json: [
            "version": .string(outcome.version.description),
            "changed": .array(outcome.tracks.map { .string($0.id.description) }),
            "tracks": .array(outcome.tracks.map(\.json)),
        ])
    }

    /// Where posts are brought out is known by name, and by what is said of it to everybody: folders, programs and where a
    /// token lies are this computer's own matter.
    private static func document(_ found: WorkspaceSummary) -> JSON {
        var document = found.json.asObject ?? JSONObject()
        var targets = JSONObject()
        for (name, settings) in document["targetSettings"]?.asObject?.entries.map({ ($0.key, $0.value) }) ?? [] {
            var open = settings.asObject ?? JSONObject()
            for own in ["dir", "program", "token", "tokenHost"] { open[own] = nil }
            targets[name] = .object(open)
        }
        document["targetSettings"] = .object(targets)
        return .object(document)
    }

    private static let slug: JSON = ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,31}$"]
    private static let role: JSON = ["type": "string", "enum": ["owner", "approver", "editor", "viewer"]]
    private static let optionalProfiles: JSON = ["type": ["array", "null"], "items": Schemas.text]
    private static let approval: JSON = ["type": "string", "enum": ["required", "none"]]

    static let schemas: JSONObject = [
        "Workspace": Schemas.whole([
            "id": Schemas.text, "slug": Schemas.text, "name": Schemas.optionalText,
            "role": ["type": ["string", "null"], "enum": ["owner", "approver", "editor", "viewer", .null]],
            "members": Schemas.list(Schemas.whole(["handle": Schemas.text, "role": role])),
            "profiles": Schemas.list(Schemas.text), "approval": approval, "selfApproval": Schemas.truth,
            "zone": Schemas.optionalText, "lateness": Schemas.number, "targets": Schemas.list(Schemas.text),
            "targetSettings": ["type": "object"], "posts": Schemas.number, "created": Schemas.time,
            "modified": Schemas.time,
        ]),
        "WorkspaceList": Schemas.whole(["workspaces": Schemas.list(Schemas.reference("Workspace"))]),
        "NewWorkspace": Schemas.form(
            [
                "slug": slug, "name": Schemas.optionalText, "zone": Schemas.optionalText,
                "profiles": optionalProfiles,
            ], required: ["slug"]),
        "WorkspaceEdit": Schemas.form([
            "name": Schemas.optionalText, "slug": slug,
            "approval": ["type": ["string", "null"], "enum": ["required", "none", .null]],
            "selfApproval": ["type": ["boolean", "null"]], "zone": Schemas.optionalText,
            "lateness": ["type": ["integer", "null"], "minimum": 0, "maximum": 999_999_999],
            "profiles": optionalProfiles,
        ]),
        "Membership": Schemas.form(["role": role], required: ["role"]),
        "ChangedWorkspace": Schemas.whole([
            "version": Schemas.text, "workspace": Schemas.reference("Workspace"),
            "remarks": Schemas.list(Schemas.text),
        ]),
        "SharedTracks": Schemas.whole([
            "version": Schemas.text, "changed": Schemas.list(Schemas.text),
            "tracks": Schemas.list(Schemas.reference("Track")),
        ]),
    ]
}
