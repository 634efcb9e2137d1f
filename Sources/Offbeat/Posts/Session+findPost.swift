import Cache
import Catalog
import Store

extension Session {
    /// The one post of this person's workspaces that an id, four or more digits of one, or its title names.
    func post(named name: String, in view: View) throws -> ReviewedPost {
        let found = try posts(named: name, in: view)
        guard let post = found.first else {
            throw Failure(.notFound, "there is no post \(name)", hint: "`offbeat post ls` lists the posts")
        }
        guard found.count == 1 else {
            let ids = found.map(\.post.id.hex).joined(separator: ", ")
            throw Failure(.ambiguous, "\(name) names \(found.count) posts: \(ids)", hint: "give digits of the id")
        }
        return post
    }

    /// All that it names, in the order of workspaces.
    func posts(named name: String, in view: View) throws -> [ReviewedPost] {
        try postsFromIndex(named: name, in: view) ?? postsWithoutIndex(named: name, in: view)
    }

    /// Nil where there is no index of this version.
    private func postsFromIndex(named name: String, in view: View) throws -> [ReviewedPost]? {
        func reviewed(_ folders: [RecordFolder]) throws -> [ReviewedPost] {
            try view.workspaces.own().flatMap { workspace in
                try folders.compactMap { $0.post(of: workspace.id) }.sorted().compactMap { id in
                    try view.snapshot.post(id, in: workspace.id).map { try view.reviewed($0, of: workspace) }
                }
            }
        }
        let found = try library.indexed { index in
            try index.refresh { reader -> (byID: [RecordFolder], byTitle: [RecordFolder])? in
                // The head may have moved since the view was opened; then the rows are of another version.
                guard reader.version == view.snapshot.version else { return nil }
                let byID = try name.utf8.count >= Self.leastDigits ? reader.postFolders(withPrefix: name) : []
                return (byID, try reader.postFolders(titled: name))
            }
        }
        guard let found = found?.value else { return nil }
        let byID = try reviewed(found.byID)
        return byID.isEmpty ? try reviewed(found.byTitle) : byID
    }

    private static let leastDigits = 4

    // MARK: Where there is no index

    /// For an id only shelves where it can lie are looked at.
    func postsWithoutIndex(named name: String, in view: View) throws -> [ReviewedPost] {
        var found: [ReviewedPost] = []
        if name.utf8.count >= Self.leastDigits {
            for workspace in try view.workspaces.own() {
                for id in try view.snapshot.postIDs(withPrefix: name, in: workspace.id) {
                    guard let folder = try view.snapshot.post(id, in: workspace.id) else { continue }
                    found.append(try view.reviewed(folder, of: workspace))
                }
            }
        }
        if !found.isEmpty { return found }
        let title = Folding.fold(name)
        return try view.posts(of: view.workspaces.own()).posts.filter { found in
            found.post.title.map { Folding.fold($0) == title } ?? false
        }
    }
}

extension RecordFolder {
    fileprivate func post(of workspace: WorkspaceID) -> PostID? {
        if case .post(workspace, let id) = self { id } else { nil }
    }
}
