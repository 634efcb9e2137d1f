import Cache
import Catalog
import Files
import Offbeat
import Store

/// What posts cost.
extension Work {
    /// Fills a store with posts: most wait for a time that is far away, in a workspace of theirs; some are out, in another.
    ///
    /// Prints the id of one post of the second workspace that is approved and not out.
    static func makePosts(at path: FilePath, waiting: Int, published: Int) throws {
        let seed = StoreSeed(name: "Bench", handle: Handle("ana"))
        let library = try Library.create(at: path, seed: seed, context: .bench, insisting: true)
        let session = try library.session(as: "ana")
        guard let person = session.person, let band = Slug("band"), let news = Slug("news") else {
            throw BenchError("nobody is there")
        }
        var last: PostID?
        try Store(at: path, context: .bench).write(by: person) { draft in
            for (slug, count) in [(band, waiting), (news, published + 1)] {
                var workspace = Workspace(id: draft.newID(), slug: slug, owner: person.id, created: draft.stamp())
                try workspace.set("zone", to: "Europe/Berlin", at: draft.stamp())
                try draft.put(workspace)
                for number in 0..<count {
                    var post = Post(
                        id: draft.newID(), author: person.id,
                        text: String(repeating: "Words about a song that came out. ", count: 12),
                        title: "Post \(number)", created: draft.stamp())
                    if slug == band {
                        let time = LocalTime(secondsAsUTC: 4_000_000_000 + Int64(number) * 60)
                        try post.setSchedule(.init(local: time, zone: "Europe/Berlin"), at: draft.stamp())
                    }
                    let isOut = slug == news && number < published
                    for kind in [Decision.Kind.submitted, .approved] + (isOut ? [.published] : []) {
                        try decide(kind, on: &post, by: person, draft)
                    }
                    try draft.put(post, in: workspace.id)
                    last = post.id
                }
            }
            return "Write posts"
        }
        print(last?.hex ?? "")
    }

    private static func decide(
        _ kind: Decision.Kind, on post: inout Post, by person: Person, _ draft: Draft
    ) throws {
        let content = PostContent(of: post, image: nil, about: .none)
        let isOut = kind == .published
        try post.decide(
            Decision(
                id: draft.newID(), at: draft.stamp(), by: person.id, kind: kind, content: content.hash,
                stamps: content.stamps, saw: post.lastDecisions, attempt: isOut ? 1 : nil,
                target: isOut ? "feed" : nil))
    }

    /// Measures the first page of a history, as a page of rows and as what is shown, in a process that is at work.
    static func readHistory(at path: FilePath, wholly isWhole: Bool) throws {
        let library = try Library(at: path, context: .bench)
        let session = try library.session(as: "ana")
        var request = PostListRequest()
        request.workspace = "band"
        request.limit = 50
        let index = Index(of: try Store(at: path, context: .bench), memory: { 0 })
        let workspace = try session.showWorkspace("band").workspace
        var rows = HistoryRequest(of: [workspace])
        rows.limit = 50
        for number in 0..<61 {
            let watch = Stopwatch()
            let count =
                isWhole
                ? try session.posts(request).posts.count : try index.page(rows, by: nil).value?.rows.count ?? 0
            if number > 10 { print(watch.seconds) }
            guard count == 50 else { throw BenchError("a page has \(count) posts") }
        }
    }
}
