import Catalog
import Files
import Offbeat
import Testing

extension Place {
    /// Ana owns the workspace, Ben approves, Cara writes, Vera reads; Zoe is a stranger.
    static let cast = ["ana", "ben", "cara", "vera", "zoe"]

    /// Makes the workspace of those.
    func band() throws {
        var request = WorkspaceRequest(slug: try #require(Slug("band")))
        request.zone = "Europe/Berlin"
        _ = try session("ana").addWorkspace(request)
        for (name, role) in [("ben", Role.approver), ("cara", .editor), ("vera", .viewer)] {
            _ = try session("ana").addMember(name, to: "band", as: role)
        }
    }

    /// Writes a post; Cara does, unless it is said who.
    func newPost(
        _ text: String = "Out now", as handle: String = "cara", _ fill: (inout PostRequest) -> Void = { _ in }
    ) throws -> PostSummary {
        var request = PostRequest(in: "band", text: text)
        fill(&request)
        return try session(handle).newPost(request).post
    }

    func decide(_ step: PostStep, _ post: PostSummary, as handle: String) throws -> PostState {
        try session(handle).decide(step, on: post.post.id.hex).post.state
    }

    func editPost(_ post: PostSummary, _ changes: String..., as handle: String = "cara") throws -> PostState {
        try session(handle).editPost(post.post.id.hex, changes.map { try PostChange(parsing: $0) }).post.state
    }

    func state(of post: PostSummary) throws -> PostState { try session("ana").showPost(post.post.id.hex).state }

    /// The texts of the posts that a person lists.
    func texts(_ handle: String, _ fill: (inout PostListRequest) -> Void = { _ in }) throws -> [String] {
        var request = PostListRequest()
        fill(&request)
        return try session(handle).posts(request).posts.map(\.post.body)
    }
}

/// Lends a library with the workspace `band`.
func withBand(sharing: Sharing = .everyone, _ body: (Place) throws -> Void) throws {
    try withPlace(sharing: sharing, people: Place.cast) { place in
        try place.band()
        try body(place)
    }
}
