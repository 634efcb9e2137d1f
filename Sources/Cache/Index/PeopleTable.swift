import Catalog
import SQLite
import Store

/// Who there is, and who belongs to which workspace.
struct PeopleTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Enters a person as they are now; nil takes them out.
    func set(_ id: PersonID, to person: Person?) throws(SQLiteError) {
        guard let person else { return try database.run("DELETE FROM people WHERE id = ?", .blob(id.bytes)) }
        try database.run(
            "INSERT OR REPLACE INTO people VALUES(?, ?)", .blob(id.bytes),
            person.handle.map { .text($0.text) } ?? .null)
    }

    /// Enters a workspace's members as they are now, and tells who is among them, or was.
    func set(_ id: WorkspaceID, to workspace: Workspace?) throws(SQLiteError) -> Set<PersonID> {
        var affected: Set<PersonID> = []
        let before = try database.prepare("SELECT person FROM members WHERE workspace = ?")
        try before.bind(0, id.bytes)
        while try before.step() {
            if let person = before.blob(0).flatMap({ PersonID(bytes: $0) }) { affected.insert(person) }
        }
        before.reset()
        try database.run("DELETE FROM members WHERE workspace = ?", .blob(id.bytes))
        for member in workspace?.standings ?? [] {
            try database.run(
                "INSERT OR IGNORE INTO members VALUES(?, ?)", .blob(id.bytes), .blob(member.person.bytes))
            affected.insert(member.person)
        }
        return affected
    }

    /// The workspaces that a person belongs to.
    func workspaces(of person: PersonID) throws(SQLiteError) -> [WorkspaceID] {
        let statement = try database.prepare("SELECT workspace FROM members WHERE person = ?")
        defer { statement.reset() }
        try statement.bind(0, person.bytes)
        var found: [WorkspaceID] = []
        while try statement.step() {
            if let id = statement.blob(0).flatMap({ WorkspaceID(bytes: $0) }) { found.append(id) }
        }
        return found
    }
}
