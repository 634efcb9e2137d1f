import Cache
import Catalog
import Offbeat
import Serving
import Store

/// Posts of workspaces: the history of each, and single ones.
enum PostAPI {
    static let routes = [awaited, history, write, show, edit, remove] + PostImageAPI.routes + PostStepAPI.routes

    static let all = "/api/workspaces/{w}/posts"
    static let one = all + "/{id}"

    // MARK: Lists

    private static let paging: [Route.Parameter] = [
        .choice("state", "Only posts that stand so.", PostState.allCases.map(\.rawValue)),
        .truth("waiting", "Only what waits for you: to be decided, or yours to be changed."),
        .number("limit", "How many at most.", 1...1000), .text("after", "Where the page before ended."),
    ]

    private static let awaited = Route(
        .get, "/api/posts", "List posts of all your workspaces, newest first", tag: "posts", parameters: paging,
        answers: [.json("PostList", "A page of posts"), .unchanged]
    ) { call in try list(call, of: nil) }

    private static let history = Route(
        .get, all, "List the posts of a workspace, newest first", tag: "posts", parameters: paging,
        answers: [.json("PostList", "A page of posts"), .unchanged]
    ) { call in try list(call, of: call["w"]) }

    private static func list(_ call: Call, of workspace: String?) throws -> Response {
        var request = PostListRequest()
        request.workspace = workspace
        if let name = call.request.query["state"] {
            guard let state = PostState(rawValue: name) else { throw Refusal(400, "no post stands so") }
            request.state = state
        }
        request.onlyAwaited = try call.truth("waiting") ?? false
        request.limit = try call.number("limit", in: 1...1000) ?? 50
        request.cursor = call.request.query["after"]
        let (mark, list) = try call.session().posts(request) { call.request.knows("\"\($0)\"") }
        var response = list.map { Response(json: document(of: $0)) } ?? Response(304)
        response.headers["ETag"] = mark.map { "\"\($0)\"" }
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }

    private static func document(of list: PostList) -> JSON {
        [
            "version": .string(list.version.description), "total": .integer(Int64(list.total)),
            "posts": .array(list.posts.map(\.json)), "next": list.next.map(JSON.string) ?? .null,
            "unreadable": .array(
                list.unreadable.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
            "cache": .string(list.freshness.rawValue),
        ]
    }

    // MARK: One

    private static let write = Route(
        .post, all, "Write a post", tag: "posts", body: .json("NewPost"),
        answers: [.json("ChangedPost", "The post", status: 201)]
    ) { call in
        let form = try call.form("text", "title", "track", "platforms", "at", "zone", "submit")
        var request = PostRequest(in: call["w"], text: try form.requiredText("text"))
        request.title = try form.text("title")
        request.track = try form.text("track")
        request.platforms = try form.texts("platforms") ?? []
        request.time = try form.text("at")
        request.zone = try form.text("zone")
        request.isSubmitted = try form.truth("submit") ?? false
        return answer(try call.session().newPost(request), status: 201)
    }

    private static let show = Route(
        .get, one, "One post", tag: "posts", answers: [.json("Post", "The post"), .unchanged]
    ) { call in
        let post = try find(call, call.session())
        var response = call.request.knows(tag(of: post)) ? Response(304) : Response(json: post.json)
        response.headers["ETag"] = tag(of: post)
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }

    private static let edit = Route(
        .patch, one, "Change what a post says; with If-Match only if it is still what was seen", tag: "posts",
        body: .json("PostEdit"), answers: [changed]
    ) { call in
        let form = try call.form("title", "text", "track", "platforms")
        var changes: [PostChange] = []
        if form.has("title") { changes.append(.title(try form.text("title"))) }
        if form.has("text") { changes.append(.text(try form.requiredText("text"))) }
        if form.has("track") { changes.append(.track(try form.text("track"))) }
        if form.has("platforms") { changes.append(.platforms(try form.texts("platforms") ?? [])) }
        return try edit(call, changes)
    }

    private static let remove = Route(
        .delete, one, "Remove a post", tag: "posts", parameters: [.text("note", "Why.")],
        answers: [.json("ChangedPost", "The post as it was")]
    ) { call in
        let session = try call.session()
        let post = try find(call, session)
        return answer(try session.removePost(post.post.id.hex, note: call.request.query["note"]))
    }

    // MARK: What all of them need

    static let changed = Route.Answer.json("ChangedPost", "The post as it is now")

    static func answer(_ outcome: PostOutcome, status: Int = 200) -> Response {
        var response = Response(
            status,
            json: [
                "version": .string(outcome.version.description), "post": outcome.post.json,
                "remarks": .array(outcome.remarks.map(JSON.string)),
            ])
        response.headers["ETag"] = tag(of: outcome.post)
        return response
    }

    static func tag(of post: PostSummary) -> String { "\"\(post.mark)\"" }

    /// The post that a request is about; what is none of the workspace's is not found in it.
    static func find(_ call: Call, _ session: Session) throws -> PostSummary {
        let post = try session.showPost(call["id"])
        let name = call["w"]
        let id = post.workspace.id.hex
        guard post.workspace.slug?.text == name || id == name || name.utf8.count >= 4 && id.hasPrefix(name) else {
            throw Failure(.notFound, "the workspace \(name) has no such post")
        }
        return post
    }

    /// Makes changes, unless the request says that it is about another state of the post.
    static func edit(_ call: Call, _ changes: [PostChange]) throws -> Response {
        let session = try call.session()
        let post = try find(call, session)
        do throws(Failure) {
            return answer(try session.editPost(post.post.id.hex, changes, ifStill: mark(wantedBy: call, post)))
        } catch {
            guard error.code == .changed else { throw error }
            throw Refusal(
                412, error.message, code: error.code.rawValue,
                headers: ["ETag": tag(of: try find(call, session))])
        }
    }

    /// The state that `If-Match` names; nil where any will do.
    private static func mark(wantedBy call: Call, _ post: PostSummary) -> String? {
        guard let line = call.request.headers["If-Match"], line != "*" else { return nil }
        let named = line.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\"" } }
        return named.contains(post.mark) ? post.mark : named.first ?? ""
    }
}

extension Route.Answer {
    /// The client has it already, as its `If-None-Match` says.
    static let unchanged = Route.Answer(status: 304, summary: "Nothing has changed")
}
