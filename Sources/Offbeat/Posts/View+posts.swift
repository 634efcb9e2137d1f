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
        actor(person)?.refusal(of: step, from: review.state, in: workspace)
    }

    /// Whether it waits for this person.
    func isAwaited(by person: Person?) -> Bool {
        person.flatMap(actor)?.isAwaited(in: review.state, of: workspace) ?? false
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
            review: PostReview(of: folder.post, content: content, approval: workspace.approval))
    }

    /// All posts of these workspaces, in no order, and what of them cannot be read. Each list and count of posts comes
    /// from here.
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

    /// The one post that an id, four or more digits of one, or its title names. For an id only shelves where it can lie are
    /// looked at.
    func post(named name: String) throws -> ReviewedPost {
        var found: [ReviewedPost] = []
        if name.utf8.count >= 4 {
            for workspace in try workspaces.own() {
                for id in try snapshot.postIDs(withPrefix: name, in: workspace.id) {
                    guard let folder = try snapshot.post(id, in: workspace.id) else { continue }
                    found.append(try reviewed(folder, of: workspace))
                }
            }
        }
        if found.isEmpty { found = try posts(titled: name) }
        guard let post = found.first else {
            throw Failure(.notFound, "there is no post \(name)", hint: "`offbeat post ls` lists the posts")
        }
        guard found.count == 1 else {
            let ids = found.map(\.post.id.hex).joined(separator: ", ")
            throw Failure(.ambiguous, "\(name) names \(found.count) posts: \(ids)", hint: "give digits of the id")
        }
        return post
    }

    private func posts(titled title: String) throws -> [ReviewedPost] {
        let wanted = Folding.fold(title)
        return try posts(of: workspaces.own()).posts.filter { found in
            found.post.title.map { Folding.fold($0) == wanted } ?? false
        }
    }
}
