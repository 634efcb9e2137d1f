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

    /// Puts a track in that is not there, with its words.
    func add(_ track: PreparedTrack) throws {
        let words = track.columns[PreparedTrack.wordPlaces]
        try enterWords(words, of: insert(track))
        try Vocabulary(database).enter(words)
    }

    /// Puts a track in that is not there, and tells its row. The words of all are entered by ``enterAllWords()``.
    @discardableResult
    func insert(_ track: PreparedTrack) throws -> Int64 {
        let statement = try database.prepare(Self.insertion)
        defer { statement.reset() }
        try statement.bind(track.columns)
        _ = try statement.step()
        let row = database.lastInsertedRow
        try enter(tags: track.tags, of: row)
        try enter(shares: track.audience.workspaces, of: row)
        try enter(files: track.files, of: row)
        return row
    }

    private func enter(tags: [String], of row: Int64) throws {
        for tag in tags {
            try database.run(
                "INSERT OR IGNORE INTO tags VALUES(?, ?, ?)", .text(Folding.fold(tag)), .text(tag), .integer(row))
        }
    }

    private func enter(shares: [WorkspaceID], of row: Int64) throws {
        for workspace in shares {
            try database.run("INSERT OR IGNORE INTO shares VALUES(?, ?)", .blob(workspace.bytes), .integer(row))
        }
    }

    private func enter(files: [Pointer], of row: Int64) throws {
        for file in files {
            try database.run(
                "INSERT OR IGNORE INTO files VALUES(?, ?, ?)", .blob(file.oid.bytes), .integer(row),
                .integer(file.size))
        }
    }

    /// The row of a track; nil where there is none.
    func row(of id: TrackID) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT row FROM tracks WHERE id = ?")
        defer { statement.reset() }
        try statement.bind(0, id.bytes)
        return try statement.step() ? statement.integer(0) : nil
    }

    private func enterWords(_ columns: ArraySlice<Value>, of row: Int64) throws {
        try database.prepare("INSERT INTO words(\(Self.words), rowid) VALUES(?, ?, ?, ?, ?, ?, ?)")
            .run(columns + [.integer(row)])
    }

    func enterAllWords() throws(SQLiteError) {
        try database.execute("INSERT INTO words(words) VALUES('rebuild')")
        try Vocabulary(database).enterAll()
    }

    // MARK: Changing

    /// What a row said and counted for.
    struct Before {
        let columns: [Value]
        var audience: Audience
        var files: Set<Pointer> = []

        var conflicts: Int {
            if case .integer(let number) = columns[PreparedTrack.place(of: "conflicts")] { Int(number) } else { 0 }
        }
    }

    /// Makes a row again, and tells what it was before. What of it is the same is not written, nor are the orders that it
    /// stands in.
    func replace(_ row: Int64, by track: PreparedTrack) throws -> Before {
        let before = try before(row)
        let changed = track.columns.indices.filter { !track.columns[$0].isSame(as: before.columns[$0]) }
        if changed.contains(where: PreparedTrack.wordPlaces.contains) {
            try forgetWords(of: row, before.columns)
            try enterWords(track.columns[PreparedTrack.wordPlaces], of: row)
            let places = changed.filter(PreparedTrack.wordPlaces.contains)
            try Vocabulary(database).enter(places.map { track.columns[$0] })
        }
        if !changed.isEmpty {
            let names = changed.map { "\(PreparedTrack.names[$0]) = ?" }.joined(separator: ", ")
            try database.prepare("UPDATE tracks SET \(names) WHERE row = ?")
                .run(changed.map { track.columns[$0] } + [.integer(row)])
        }
        if changed.contains(PreparedTrack.place(of: "tags")) {
            try clear("tags", of: row)
            try enter(tags: track.tags, of: row)
        }
        if Set(before.audience.workspaces) != Set(track.audience.workspaces) {
            try clear("shares", of: row)
            try enter(shares: track.audience.workspaces, of: row)
        }
        if before.files != Set(track.files) {
            try clear("files", of: row)
            try enter(files: track.files, of: row)
        }
        return before
    }

    /// Takes a row out, and tells what it was.
    func remove(_ row: Int64) throws -> Before {
        let before = try before(row)
        try forgetWords(of: row, before.columns)
        for table in IndexSchema.partTables + ["tracks"] { try clear(table, of: row) }
        return before
    }

    private func clear(_ table: String, of row: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM \(table) WHERE row = ?", .integer(row))
    }

    /// The index of words is told what stood in the row; it keeps no copy.
    private func forgetWords(of row: Int64, _ columns: [Value]) throws {
        try database.prepare("INSERT INTO words(words, \(Self.words), rowid) VALUES('delete', ?, ?, ?, ?, ?, ?, ?)")
            .run(columns[PreparedTrack.wordPlaces] + [.integer(row)])
    }

    private func before(_ row: Int64) throws -> Before {
        let found = try database.prepare(
            "SELECT \(PreparedTrack.names.joined(separator: ", ")) FROM tracks WHERE row = ?")
        defer { found.reset() }
        try found.bind(0, row)
        _ = try found.step()
        let columns = PreparedTrack.names.indices.map { found.value($0) }
        let owner = found.blob(PreparedTrack.place(of: "owner")).flatMap { PersonID(bytes: $0) }
        var before = Before(columns: columns, audience: Audience(owner: owner))
        let shares = try database.prepare("SELECT workspace FROM shares WHERE row = ?")
        defer { shares.reset() }
        try shares.bind(0, row)
        while try shares.step() {
            if let workspace = shares.blob(0).flatMap({ WorkspaceID(bytes: $0) }) {
                before.audience.workspaces.append(workspace)
            }
        }
        let files = try database.prepare("SELECT oid, size FROM files WHERE row = ?")
        defer { files.reset() }
        try files.bind(0, row)
        while try files.step() {
            if let oid = files.withBlob(0, { ContentHash(bytes: $0) }) {
                before.files.insert(Pointer(oid: oid, size: files.integer(1)))
            }
        }
        return before
    }

    private static let words = PreparedTrack.words.joined(separator: ", ")
    private static let insertion =
        "INSERT INTO tracks(\(PreparedTrack.names.joined(separator: ", "))) VALUES("
        + PreparedTrack.names.map { _ in "?" }.joined(separator: ", ") + ")"
}

extension Statement {
    /// Runs it with these values.
    fileprivate func run(_ values: [Value]) throws(SQLiteError) {
        try bind(values)
        try run()
    }
}

extension Value {
    /// Whether it is the same to the byte: two ways to write one letter are not.
    fileprivate func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        default: self == other
        }
    }
}
