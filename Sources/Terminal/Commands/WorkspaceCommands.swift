import Catalog
import Offbeat
import Store

/// `workspace add`, `ls`, `show`, `edit`, `member add`, `member rm`, `target`, `share` and `unshare`.
enum WorkspaceCommands {
    static let all = [add, list, show, edit, addMember, removeMember, TargetCommand.target, share, unshare]

    static let slug = Argument.one("SLUG", .text, help: "The workspace: its slug, or its id.")

    // MARK: Making and looking

    private static let newSlug = Argument.one("SLUG", .text, help: "Small letters, digits and dashes.")
    private static let name = Option.optional("name", .text, help: "What it is called.")
    private static let profile = Option.repeated(
        "profile", .text, value: "KEY", help: "The key of an account at a publishing service.")
    private static let zone = Option.optional(
        "zone", .text, value: "ZONE",
        help: "The time zone of its schedules, as Europe/Berlin; else this computer's.")

    private static let add = Command(
        "workspace add", in: .posts, summary: "Make a workspace",
        discussion: "A workspace is people who write posts together. Who makes it is its owner.",
        arguments: [newSlug], options: [name, profile, zone],
        examples: [.init("offbeat workspace add band --name 'The Band'", "make a workspace")],
        json: "workspace", exits: [.refused, .tryLater],
        run: { invocation in
            guard let slug = Slug(invocation[newSlug]) else {
                throw Failure.usage(
                    "'\(invocation[newSlug])' is no slug",
                    hint: "use 1 to 32 small letters, digits and dashes, a dash not first")
            }
            var request = WorkspaceRequest(slug: slug)
            request.name = invocation[name]
            request.profiles = invocation[profile]
            request.zone = invocation[zone]
            request.usualZone = TimeZone.name(in: invocation.settings.environment)
            return reply(try Workplace(invocation).session().addWorkspace(request), "Made the workspace")
        })

    private static let list = Command(
        "workspace ls", in: .posts, summary: "List your workspaces", json: #"{"workspaces":[workspace…]}"#,
        run: { invocation in
            let found = try Workplace(invocation).session().workspaces()
            return Reply(json: ["workspaces": .array(found.map(\.json))]) { page in
                page.table(WorkspacePage.table(found))
            }
        })

    private static let show = Command(
        "workspace show", in: .posts, summary: "Show a workspace", arguments: [slug], json: "workspace",
        exits: [.notFound],
        run: { invocation in
            let found = try Workplace(invocation).session().showWorkspace(invocation[slug])
            return Reply(json: found.json) { page in WorkspacePage.show(found, on: &page) }
        })

    private static let changes = Argument.many("CHANGE", .text, help: "field=value, +KEY or -KEY.")

    private static let edit = Command(
        "workspace edit", in: .posts, summary: "Change how a workspace works",
        discussion: """
            The fields are name, slug, approval (required or none), selfApproval (true lets approvers decide about \
            their own posts), zone, and lateness, by how much a post may go out late, such as PT1H. +KEY and -KEY add \
            and take away the key of an account at a publishing service. Only owners change a workspace.
            """,
        arguments: [slug, changes],
        examples: [
            .init("offbeat workspace edit band approval=none +key-1", "let submitting approve; add an account")
        ],
        json: "workspace", exits: [.notFound, .refused, .tryLater], acceptsDashWords: true,
        run: { invocation in
            let changes = try invocation[changes].map { try WorkspaceChange(parsing: $0) }
            let outcome = try Workplace(invocation).session().editWorkspace(invocation[slug], changes)
            return reply(outcome, "Changed the workspace")
        })

    // MARK: Members

    private static let handle = Argument.one("HANDLE", .handle, help: "The person.")
    private static let role = Option.required(
        "role", .choice("ROLE") as ValueKind<Role>,
        help: "owner, approver (decides), editor (writes) or viewer (reads).")

    private static let addMember = Command(
        "workspace member add", in: .posts, summary: "Let a person into a workspace, or change their role",
        arguments: [slug, handle], options: [role],
        examples: [.init("offbeat workspace member add band ben --role approver", "let Ben decide about posts")],
        json: "workspace", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().addMember(
                invocation[handle], to: invocation[slug], as: invocation[role])
            return reply(outcome, "\(invocation[handle]) is \(invocation[role].rawValue) of")
        })

    private static let removeMember = Command(
        "workspace member rm", in: .posts, summary: "Take a person out of a workspace",
        arguments: [slug, handle], json: "workspace", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().removeMember(
                invocation[handle], from: invocation[slug])
            return reply(outcome, "\(invocation[handle]) is no more in")
        })

    private static func reply(_ outcome: WorkspaceOutcome, _ verb: Line) -> Reply {
        Reply(json: outcome.workspace.json) { page in page.remark("\(verb) \(outcome.workspace.slug, .bold)") }
    }

    // MARK: Sharing

    private static let tracks = Argument.many(
        "ID", .track, help: "The tracks, each by an id, four or more digits of one, or words that it has.")

    private static let share = Command(
        "workspace share", in: .posts, summary: "Share tracks with a workspace",
        discussion: """
            In a library that keeps people's tracks apart (--sharing workspaces) the members of a workspace see and \
            edit the tracks that are shared with it.
            """,
        arguments: [slug, tracks], json: #"{"version","changed":[id…],"tracks":[track…]}"#,
        exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().share(invocation[tracks], with: invocation[slug])
            return reply(outcome, "Shared")
        })

    private static let unshare = Command(
        "workspace unshare", in: .posts, summary: "Share tracks with a workspace no more",
        arguments: [slug, tracks], json: #"{"version","changed":[id…],"tracks":[track…]}"#,
        exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().unshare(invocation[tracks], from: invocation[slug])
            return reply(outcome, "No more shared:")
        })

    private static func reply(_ outcome: EditOutcome, _ verb: Line) -> Reply {
        let document: JSON = [
            "version": .string(outcome.version.description),
            "changed": .array(outcome.tracks.map { .string($0.id.description) }),
            "tracks": .array(outcome.tracks.map(\.json)),
        ]
        return Reply(json: document) { page in
            for track in outcome.tracks { page.remark("\(verb) \(TrackPage.name(track))") }
            if outcome.tracks.isEmpty { page.remark("Nothing to change") }
        }
    }
}
