import Blobs
import Catalog
import Digest
import Git
import SQLite
import Store

/// The rows of tracks, and of what is looked for in them.
struct TrackTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Whose lists a row stands in.
    struct Audience: Sendable {
        var owner: PersonID?
        var workspaces: [WorkspaceID] = []
    }

    // MARK: Writing

    /// Puts a track in that is not there, and tells its row. Its words are entered by ``enterWords(of:)``, or for all rows at
    /// once.
    ///
    /// - Parameter row: the row that it had before; nil for a new one.
    @discardableResult
    func insert(_ track: PreparedTrack, as row: Int64? = nil) throws -> Int64 {
        let statement = try database.prepare(Self.insertion)
        defer { statement.reset() }
        try statement.bind([row.map(Value.integer) ?? .null] + track.columns)
        _ = try statement.step()
        let row = database.lastInsertedRow
        for tag in track.tags {
            try database.run(
                "INSERT OR IGNORE INTO tags VALUES(?, ?, ?)", .text(Folding.fold(tag)), .text(tag), .integer(row))
        }
        for workspace in track.audience.workspaces {
            try database.run("INSERT OR IGNORE INTO shares VALUES(?, ?)", .blob(workspace.bytes), .integer(row))
        }
        for file in track.files {
            try database.run(
                "INSERT OR IGNORE INTO files VALUES(?, ?, ?)", .blob(file.oid.bytes), .integer(row),
                .integer(file.size))
        }
        return row
    }

    /// The row of a track; nil where there is none.
    func row(of id: TrackID) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT row FROM tracks WHERE id = ?")
        defer { statement.reset() }
        try statement.bind(0, id.bytes)
        return try statement.step() ? statement.integer(0) : nil
    }

    func enterWords(of row: Int64) throws(SQLiteError) {
        try database.run(
            "INSERT INTO words(rowid, \(Self.words)) SELECT row, \(Self.words) FROM tracks WHERE row = ?",
            .integer(row))
    }

    func enterAllWords() throws(SQLiteError) {
        try database.execute("INSERT INTO words(words) VALUES('rebuild')")
    }

    /// Takes a row out, and tells whose lists it stood in.
    func remove(_ row: Int64) throws -> (audience: Audience, conflicts: Int) {
        let found = try database.prepare("SELECT owner, conflicts FROM tracks WHERE row = ?")
        try found.bind(0, row)
        _ = try found.step()
        var audience = Audience(owner: found.blob(0).flatMap { PersonID(bytes: $0) })
        let conflicts = Int(found.integer(1))
        found.reset()
        let shares = try database.prepare("SELECT workspace FROM shares WHERE row = ?")
        try shares.bind(0, row)
        while try shares.step() {
            if let workspace = shares.blob(0).flatMap({ WorkspaceID(bytes: $0) }) {
                audience.workspaces.append(workspace)
            }
        }
        shares.reset()
        // The index of words is told what stood in the row; it keeps no copy.
        try database.run(
            "INSERT INTO words(words, rowid, \(Self.words)) SELECT 'delete', row, \(Self.words) FROM tracks WHERE row = ?",
            .integer(row))
        for table in IndexSchema.partTables + ["tracks"] {
            try database.run("DELETE FROM \(table) WHERE row = ?", .integer(row))
        }
        return (audience, conflicts)
    }

    private static let words = PreparedTrack.words.joined(separator: ", ")
    private static let insertion =
        "INSERT INTO tracks(row, \(PreparedTrack.names.joined(separator: ", "))) VALUES(?, "
        + PreparedTrack.names.map { _ in "?" }.joined(separator: ", ") + ")"
}
