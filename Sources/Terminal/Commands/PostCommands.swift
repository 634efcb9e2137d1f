import Cache
import Catalog
import Files
import Offbeat
import Store

/// `post new`, `ls`, `show`, `edit` and `rm`.
enum PostCommands {
    static let all = [new, list, show, edit, remove]

    static let id = Argument.one("ID", .text, help: "The post: its id, four or more digits of it, or its title.")
    static let note = Option.optional("note", .text, help: "Why.")
    static let time = "2026-11-20T09:00, on the clock of the zone."
    static let zone = Option.optional(
        "zone", .text, value: "ZONE", help: "The time zone, as Europe/Berlin; else the workspace's.")

    // MARK: new

    private static let workspace = Option.required(
        "workspace", short: "w", .text, value: "SLUG", help: "The workspace that it belongs to.")
    private static let text = Argument.one("TEXT", .text, help: "What it says; - reads standard input.")
    private static let track = Option.optional("track", .track, help: "The track that it is about.")
    private static let title = Option.optional("title", .text, help: "Its title.")
    private static let image = Option.optional("image", .file, help: "Its image: PNG, JPEG, GIF or WebP.")
    private static let platform = Option.repeated(
        "platform", .text, value: "P", help: "Where it is to appear.")
    private static let at = Option.optional(
        "at", .text, value: "LOCALTIME", help: "When it goes out, once approved: \(time)")
    private static let submit = Option.flag("submit", help: "Hand it in at once.")

    private static let new = Command(
        "post new", in: .posts, summary: "Write a post", arguments: [text],
        options: [workspace, track, title, image, platform, at, zone, submit],
        examples: [
            .init(
                "offbeat post new -w band --track 'night train' --title Out --submit 'Out now'",
                "write a post about a track and hand it in")
        ],
        json: "post", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            var request = PostRequest(in: invocation[workspace], text: try body(invocation[text]))
            request.title = invocation[title]
            request.track = invocation[track]
            request.image = invocation[image]
            request.platforms = invocation[platform]
            request.time = invocation[at]
            request.zone = invocation[zone]
            request.isSubmitted = invocation[submit]
            return reply(try Workplace(invocation).session().newPost(request), "Wrote")
        })

    /// The text, from standard input where it is a dash.
    private static func body(_ text: String) throws -> String {
        guard text == "-" else { return text }
        let bytes = try FileDescriptor.open("/dev/stdin", .read).readAll(limit: Catalog.recordLimit)
        guard let read = String(validating: bytes, as: UTF8.self) else {
            throw Failure.usage("standard input is no text in UTF-8")
        }
        return read.hasSuffix("\n") ? String(read.dropLast()) : read
    }

    // MARK: ls, show

    private static let inWorkspace = Option.optional(
        "workspace", short: "w", .text, value: "SLUG", help: "Only posts of this workspace.")
    private static let state = Option.optional(
        "state", .choice("STATE") as ValueKind<PostState>, help: "Only posts that stand so.")
    private static let waiting = Option.flag(
        "waiting", help: "Only what waits for you: to be decided, or yours to be changed.")
    private static let limit = Option.optional("limit", .integer(1...Int.max), help: "At most so many.")
    private static let after = Option.optional(
        "after", .text, value: "CURSOR", help: "Go on where an earlier list ended.")

    private static let list = Command(
        "post ls", in: .posts, summary: "List posts, the newest first",
        options: [inWorkspace, state, waiting, limit, after],
        examples: [.init("offbeat post ls --waiting", "what waits for you, in all workspaces")],
        json: #"{"posts":[post…],"next":cursor|null,"cache":"hit"|"refreshed"|"built"}"#, exits: [.notFound],
        run: { invocation in
            var request = PostListRequest()
            request.workspace = invocation[inWorkspace]
            request.state = invocation[state]
            request.onlyAwaited = invocation[waiting]
            request.limit = invocation[limit]
            request.cursor = invocation[after]
            let list = try Workplace(invocation).session().posts(request)
            let document: JSON = [
                "posts": .array(list.posts.map(\.json)), "next": list.next.map(JSON.string) ?? .null,
                "cache": .string(list.freshness.rawValue),
            ]
            return Reply(json: document) { page in
                page.table(PostPage.table(list.posts))
                for record in list.unreadable { page.line("unreadable: \(record.path): \(record.reason)") }
                if list.posts.count < list.total {
                    page.remark("\(list.posts.count) of \(Quantity.count(Int64(list.total), "post"))")
                }
                if let next = list.next { page.remark("Go on with --after \(next)") }
            }
        })

    private static let show = Command(
        "post show", in: .posts, summary: "Show a post", arguments: [id], json: "post", exits: [.notFound],
        run: { invocation in
            let found = try Workplace(invocation).session().showPost(invocation[id])
            return Reply(json: found.json) { page in PostPage.show(found, on: &page) }
        })

    // MARK: edit, rm

    private static let changes = Argument.many("CHANGE", .text, help: "field=value.")

    private static let edit = Command(
        "post edit", in: .posts, summary: "Change what a post says",
        discussion: """
            The fields are title, text, track, platforms (parted by commas) and image (a file); an empty value clears a \
            field. What was approved or scheduled is pending again then, and what was rejected is a draft.
            """,
        arguments: [id, changes],
        examples: [.init("offbeat post edit 3f2a title=News platforms=x,mastodon", "set two fields")],
        json: "post", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let changes = try invocation[changes].map { try PostChange(parsing: $0) }
            return reply(try Workplace(invocation).session().editPost(invocation[id], changes), "Changed")
        })

    private static let remove = Command(
        "post rm", in: .posts, summary: "Remove a post",
        discussion: "Earlier versions keep it, and undo brings it back.", arguments: [id], options: [note],
        json: "post",
        exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().removePost(invocation[id], note: invocation[note])
            return Reply(json: outcome.post.json) { page in page.remark("Removed \(PostPage.name(outcome.post))") }
        })

    static func reply(_ outcome: PostOutcome, _ verb: Line) -> Reply {
        Reply(json: outcome.post.json) { page in
            page.remark("\(verb) \(PostPage.name(outcome.post)): \(outcome.post.state.rawValue)")
            for remark in outcome.remarks { page.remark("Note: \(remark)") }
        }
    }
}
