import Blobs
import Catalog
import Digest
import SQLite

/// The rows of posts.
struct PostTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Enters a post as it is now.
    func set(_ post: PreparedPost) throws(SQLiteError) {
        let statement = try database.prepare(Self.insertion)
        defer { statement.reset() }
        try statement.bind(post.columns)
        _ = try statement.step()
    }

    func remove(_ id: PostID, of workspace: WorkspaceID) throws(SQLiteError) {
        try database.run(
            "DELETE FROM posts WHERE workspace = ? AND id = ?", .blob(workspace.bytes), .blob(id.bytes))
    }

    /// How many posts a workspace has, and the bytes of what their rows hold.
    func size(of workspace: WorkspaceID) throws(SQLiteError) -> (posts: Int, bytes: Int64) {
        let statement = try database.prepare(
            """
            SELECT count(*), ifnull(sum(length(workspace) + length(id) + length(folder) + length(state) + length(created)
            + ifnull(length(author), 0) + ifnull(length(CAST(title AS BLOB)), 0) + ifnull(length(track), 0)
            + ifnull(length(image), 0)), 0) FROM posts WHERE workspace = ?
            """)
        defer { statement.reset() }
        try statement.bind(0, workspace.bytes)
        return try statement.step() ? (Int(statement.integer(0)), statement.integer(1)) : (0, 0)
    }

    // MARK: Finding

    /// The posts that are about a track.
    func folders(about track: TrackID) throws(SQLiteError) -> [RecordFolder] {
        try folders("SELECT workspace, id FROM posts WHERE track = ?", .blob(track.bytes))
    }

    /// The posts of a workspace.
    func folders(of workspace: WorkspaceID) throws(SQLiteError) -> [RecordFolder] {
        try folders("SELECT workspace, id FROM posts WHERE workspace = ?", .blob(workspace.bytes))
    }

    /// The posts of a title, folded.
    func folders(titled title: String) throws(SQLiteError) -> [RecordFolder] {
        try folders("SELECT workspace, id FROM posts WHERE title = ?", .text(title))
    }

    /// The posts whose id begins with these digits.
    func folders(withPrefix digits: String) throws(SQLiteError) -> [RecordFolder] {
        func bound(_ fill: Character) -> PostID? {
            PostID(digits + String(repeating: fill, count: max(0, 32 - digits.utf8.count)))
        }
        guard let first = bound("0"), let last = bound("f") else { return [] }
        return try folders(
            "SELECT workspace, id FROM posts WHERE id BETWEEN ? AND ?", .blob(first.bytes), .blob(last.bytes))
    }

    /// The posts of a workspace that go out by themselves, at a time on their own clock up to this one.
    func folders(dueUntil time: LocalTime, of workspace: WorkspaceID) throws(SQLiteError) -> [RecordFolder] {
        try folders(
            "SELECT workspace, id FROM posts WHERE workspace = ? AND due <= ? ORDER BY due, id",
            .blob(workspace.bytes), .text(time.description))
    }

    private func folders(_ sql: String, _ values: Value...) throws(SQLiteError) -> [RecordFolder] {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        try statement.bind(values)
        var found: [RecordFolder] = []
        while try statement.step() {
            if let workspace = statement.blob(0).flatMap({ WorkspaceID(bytes: $0) }),
                let id = statement.blob(1).flatMap({ PostID(bytes: $0) })
            {
                found.append(.post(workspace, id))
            }
        }
        return found
    }

    /// The images of a workspace's posts, one for each post that has one.
    func images(of workspace: WorkspaceID) throws(SQLiteError) -> [Pointer] {
        let statement = try database.prepare(
            "SELECT image, size FROM posts WHERE workspace = ? AND image IS NOT NULL")
        defer { statement.reset() }
        try statement.bind(0, workspace.bytes)
        var found: [Pointer] = []
        while try statement.step() {
            if let oid = statement.blob(0).flatMap({ ContentHash(bytes: $0) }) {
                found.append(Pointer(oid: oid, size: statement.integer(1)))
            }
        }
        return found
    }

    private static let insertion =
        "INSERT OR REPLACE INTO posts(\(PreparedPost.names.joined(separator: ", "))) VALUES("
        + PreparedPost.names.map { _ in "?" }.joined(separator: ", ") + ")"
}
