import Catalog
import Git
import SQLite
import Store

/// Makes the rows of posts again.
///
/// A post's state is computed from more than its own record: from its track, which is part of what an approval speaks of,
/// and from its workspace's terms. So whoever makes rows again asks for the ``dependents(of:)`` of what changed.
struct PostUpdate {
    private let snapshot: Snapshot
    private let posts: PostTable
    private let workspaces: WorkspaceTable
    private var known: [WorkspaceID: Workspace?] = [:]
    /// How many rows were made again, of each history that is not what it was.
    private(set) var rows: [WorkspaceID: Int] = [:]

    init(in database: Database, to snapshot: Snapshot) {
        self.snapshot = snapshot
        posts = PostTable(database)
        workspaces = WorkspaceTable(database)
    }

    /// The posts that these records are read for: those about a track, and those of a workspace that has other terms
    /// than before.
    func dependents(of folders: Set<RecordFolder>) throws -> Set<RecordFolder> {
        var found: Set<RecordFolder> = []
        for folder in folders {
            switch folder {
            case .track(let id): found.formUnion(try posts.folders(about: id))
            case .workspace(let id):
                if try workspaces.terms(of: id) != snapshot.workspace(id).map(WorkspaceTable.terms) {
                    found.formUnion(try posts.folders(of: id))
                }
            case .person, .post, .store: break
            }
        }
        return found
    }

    /// Enters a workspace as it is now.
    mutating func set(_ id: WorkspaceID, to workspace: Workspace?) throws(SQLiteError) {
        try workspaces.set(id, to: workspace)
        known[id] = .some(workspace)
        rows[id, default: 0] += 0
    }

    /// Makes one row again.
    ///
    /// - Parameter folder: the post's folder, where that is known; nil to look for it.
    /// - Returns: how many of its fields wait for a person, and why it cannot be read, if it cannot.
    mutating func set(
        _ id: PostID, of workspace: WorkspaceID, at folder: ObjectID? = nil
    ) throws -> (conflicts: Int, problem: UnreadableRecord?) {
        rows[workspace, default: 0] += 1
        guard let tree = try folder ?? snapshot.postFolder(id, in: workspace) else {
            try posts.remove(id, of: workspace)
            return (0, nil)
        }
        switch try snapshot.read(id, in: workspace, at: tree) {
        case .unreadable(let record):
            try posts.remove(id, of: workspace)
            return (0, record)
        case .post(let found):
            let review = PostReview(
                of: found.post, content: try snapshot.content(of: found), in: try self.workspace(workspace))
            let row = PreparedPost(found, at: tree, review)
            try posts.set(row)
            return (row.conflicts, nil)
        }
    }

    private mutating func workspace(_ id: WorkspaceID) throws -> Workspace? {
        if let found = known[id] { return found }
        let workspace = try snapshot.workspace(id)
        known[id] = .some(workspace)
        return workspace
    }
}
