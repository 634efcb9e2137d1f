import Catalog
import SQLite

/// What histories read of their workspaces, and what those are called by.
struct WorkspaceTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Enters a workspace as it is now; nil takes it out.
    func set(_ id: WorkspaceID, to workspace: Workspace?) throws(SQLiteError) {
        try database.run("DELETE FROM profiles WHERE workspace = ?", .blob(id.bytes))
        guard let workspace else {
            return try database.run("DELETE FROM workspaces WHERE id = ?", .blob(id.bytes))
        }
        try database.run(
            "INSERT OR REPLACE INTO workspaces VALUES(?, ?, ?)", .blob(id.bytes),
            workspace.slug.map { .text($0.text) } ?? .null, .text(Self.terms(of: workspace)))
        for key in workspace.profiles {
            try database.run("INSERT OR IGNORE INTO profiles VALUES(?, ?)", .text(key), .blob(id.bytes))
        }
    }

    /// What posts' rows depend on, as they were made; nil where no workspace is known.
    func terms(of id: WorkspaceID) throws(SQLiteError) -> String? {
        try text("SELECT terms FROM workspaces WHERE id = ?", of: id)
    }

    /// Whether posts need approval, and where they are brought out.
    static func terms(of workspace: Workspace) -> String {
        let targets = workspace.publishingTargets.map { "\($0.name)@\($0.at?.description ?? "")" }
        return ([workspace.approval.rawValue] + targets).joined(separator: " ")
    }

    /// The view of a workspace's posts.
    func view(of id: WorkspaceID) throws(SQLiteError) -> CacheView {
        .history(try text("SELECT slug FROM workspaces WHERE id = ?", of: id) ?? id.hex)
    }

    /// One of its profile keys; nil where it has none.
    func profile(of id: WorkspaceID) throws(SQLiteError) -> String? {
        try text("SELECT min(key) FROM profiles WHERE workspace = ?", of: id)
    }

    /// The workspaces that have a profile key.
    func workspaces(ofProfile key: String) throws(SQLiteError) -> [WorkspaceID] {
        let statement = try database.prepare("SELECT workspace FROM profiles WHERE key = ?")
        defer { statement.reset() }
        try statement.bind(0, key)
        var found: [WorkspaceID] = []
        while try statement.step() {
            if let id = statement.blob(0).flatMap({ WorkspaceID(bytes: $0) }) { found.append(id) }
        }
        return found
    }

    private func text(_ sql: String, of id: WorkspaceID) throws(SQLiteError) -> String? {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        try statement.bind(0, id.bytes)
        return try statement.step() ? statement.text(0) : nil
    }
}
