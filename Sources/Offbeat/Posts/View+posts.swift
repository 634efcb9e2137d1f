import Cache
import Catalog
import Store

/// A post as it stands in one version.
struct ReviewedPost: Sendable {
    let workspace: Workspace
    let folder: PostFolder
    let content: PostContent
    let review: PostReview

    var post: Post { folder.post }

    /// Why a person may not take a step with it; nil where they may.
    func refusal(of step: PostStep, by person: Person) -> PostRefusal? {
        actor(person)?.refusal(of: step, from: place, in: workspace)
    }

    /// Whether it is out somewhere: then it cannot be removed, since it would be brought out anew if it came back.
    var isOut: Bool { post.decisions.contains { $0.kind == .published } }

    /// Whether it waits for this person.
    func isAwaited(by person: Person?) -> Bool {
        person.flatMap(actor)?.isAwaited(in: review.state, of: workspace) ?? false
    }

    /// How it stands, as far as the table of steps asks for it.
    private var place: PostPlace {
        PostPlace(review.state, approval: workspace.approval, hasOpenAttempt: !review.openAttempts.isEmpty)
    }

    private func actor(_ person: Person) -> PostActor? {
        workspace.standing(of: person.id).map { PostActor(role: $0, isAuthor: post.author == person.id) }
    }
}

extension View {
    /// Computes how a post stands.
    func reviewed(_ folder: PostFolder, of workspace: Workspace) throws -> ReviewedPost {
        let content = try snapshot.content(of: folder)
        return ReviewedPost(
            workspace: workspace, folder: folder, content: content,
            review: PostReview(of: folder.post, content: content, in: workspace))
    }

    /// The posts of rows that were made of this version, as far as they are of this person's workspaces.
    func read(_ rows: [PostRow]) throws -> [ReviewedPost] {
        let own = Dictionary(try workspaces.own().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try rows.compactMap { row in
            guard let workspace = own[row.workspace],
                case .post(let folder) = try snapshot.read(row.id, in: row.workspace, at: row.folder)
            else { return nil }
            return try reviewed(folder, of: workspace)
        }
    }

    /// All posts of these workspaces, in no order, and what of them cannot be read. Where there is no index, each list and
    /// count of posts comes from here.
    func posts(
        of workspaces: [Workspace]
    ) throws -> (posts: [ReviewedPost], unreadable: [UnreadableRecord]) {
        var found: (posts: [ReviewedPost], unreadable: [UnreadableRecord]) = ([], [])
        for workspace in workspaces {
            for reading in try snapshot.posts(of: workspace.id) {
                switch reading {
                case .post(let folder): found.posts.append(try reviewed(folder, of: workspace))
                case .unreadable(let record): found.unreadable.append(record)
                }
            }
        }
        return found
    }
}
