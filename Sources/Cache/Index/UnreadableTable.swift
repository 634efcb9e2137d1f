import Catalog
import SQLite
import Store

/// What could not be read, and why.
struct UnreadableTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Enters what of a folder, or of a record that is a file, cannot be read now.
    func set(_ folder: String, to records: [UnreadableRecord]) throws(SQLiteError) {
        try database.run("DELETE FROM unreadable WHERE folder = ?", .text(folder))
        try add(records, of: folder)
    }

    func add(_ records: [UnreadableRecord], of folder: String) throws(SQLiteError) {
        for record in records {
            try database.run(
                "INSERT OR REPLACE INTO unreadable VALUES(?, ?, ?)", .text(record.path), .text(folder),
                .text(record.reason))
        }
    }

    func all() throws(SQLiteError) -> [(folder: RecordFolder, record: UnreadableRecord)] {
        let statement = try database.prepare("SELECT folder, path, reason FROM unreadable ORDER BY path")
        defer { statement.reset() }
        var found: [(RecordFolder, UnreadableRecord)] = []
        while try statement.step() {
            guard let folder = RecordFolder(path: statement.text(0) ?? "") else { continue }
            let record = UnreadableRecord(path: statement.text(1) ?? "", reason: statement.text(2) ?? "")
            found.append((folder, record))
        }
        return found
    }

    /// The posts of a workspace.
    func posts(of workspace: WorkspaceID) throws(SQLiteError) -> [UnreadableRecord] {
        let statement = try database.prepare(
            "SELECT path, reason FROM unreadable WHERE path >= ? AND path < ? ORDER BY path")
        defer { statement.reset() }
        // "0" follows "/".
        let folder = "workspaces/\(workspace)/posts"
        try statement.bind([.text(folder + "/"), .text(folder + "0")])
        var found: [UnreadableRecord] = []
        while try statement.step() {
            found.append(UnreadableRecord(path: statement.text(0) ?? "", reason: statement.text(1) ?? ""))
        }
        return found
    }

    /// The folders, and records that are files, of which something cannot be read.
    func folders() throws(SQLiteError) -> [String] {
        let statement = try database.prepare("SELECT DISTINCT folder FROM unreadable ORDER BY folder")
        defer { statement.reset() }
        var found: [String] = []
        while try statement.step() { if let folder = statement.text(0) { found.append(folder) } }
        return found
    }
}
