import Catalog
import Store
import Testing

extension Shelf {
    /// Adds people, and workspaces that they share out among them: each belongs to one, the first of each owns it.
    func addTown(people: Int, workspaces: Int) throws -> [WorkspaceID] {
        var made: [WorkspaceID] = []
        try store.write(by: nil) { draft in
            let stamp = draft.stamp()
            var ids: [PersonID] = []
            for number in 0..<people {
                let handle = try #require(Handle("p\(number)"))
                let person = Person(id: draft.newID(), handle: handle, created: stamp)
                try draft.put(person)
                ids.append(person.id)
            }
            for number in 0..<workspaces {
                let slug = try #require(Slug("w\(number)"))
                let owner = ids[number % people]
                var workspace = Workspace(id: draft.newID(), slug: slug, owner: owner, created: stamp)
                for member in stride(from: number + workspaces, to: people, by: workspaces) {
                    try workspace.setRole(of: ids[member], to: .approver, at: stamp)
                }
                try draft.put(workspace)
                made.append(workspace.id)
            }
            return "Found a town"
        }
        return made
    }

    /// Writes a post of the workspace's owner.
    func addPost(_ text: String, to workspace: WorkspaceID, about track: TrackID? = nil) throws -> PostID {
        var made: PostID?
        try store.write(by: nil) { draft in
            let author = try #require(try draft.base.workspace(workspace)?.members.first { $0.role == .owner })
                .person
            let stamp = draft.stamp()
            var post = Post(id: draft.newID(), author: author, text: text, created: stamp)
            if let track { try post.set("track", to: .string(track.hex), at: stamp) }
            try draft.put(post, in: workspace)
            made = post.id
            return "Write"
        }
        return try #require(made)
    }

    func decide(_ kind: Decision.Kind, _ id: PostID, of workspace: WorkspaceID) throws {
        try store.write(by: nil) { draft in
            let found = try draft.base.post(id, in: workspace)
            let folder = try #require(found)
            let content = try draft.base.content(of: folder)
            var post = folder.post
            try post.decide(
                Decision(
                    id: draft.newID(), at: draft.stamp(after: post.lastDecided), by: try #require(post.author),
                    kind: kind, content: content.hash, stamps: content.stamps, saw: post.lastDecisions, note: nil))
            try draft.put(post, in: workspace)
            return "Decide"
        }
    }

    func editWorkspace(_ id: WorkspaceID, _ edit: (inout Workspace, Stamp) throws -> Void) throws {
        try store.write(by: nil) { draft in
            let found = try draft.base.workspace(id)
            var workspace = try #require(found)
            try edit(&workspace, draft.stamp(after: workspace.modified))
            try draft.put(workspace)
            return "Edit"
        }
    }

    func change(_ id: WorkspaceID, _ field: String, to text: String) throws {
        try editWorkspace(id) { workspace, stamp in try workspace.set(field, to: .string(text), at: stamp) }
    }
}
