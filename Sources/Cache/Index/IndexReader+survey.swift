public import Catalog
import SQLite

/// What is counted over all that somebody may use.
extension IndexReader {
    /// How many tracks there are that can be read.
    public func trackCount(in scope: TrackRequest.Scope) throws -> Int {
        if case .everything = scope { return try Counts(database).number(.tracks) }
        return try number("count(*)", of: scope, where: "1")
    }

    /// How many fields of tracks wait for a person.
    public func conflictCount(in scope: TrackRequest.Scope) throws -> Int {
        try number("total(conflicts)", of: scope, where: "conflicts > 0")
    }

    /// The tracks of which a field waits for a person, in the order of ids.
    public func tracksInConflict(in scope: TrackRequest.Scope) throws -> [TrackID] {
        let statement = try select("id", of: scope, where: "conflicts > 0", "ORDER BY id")
        defer { statement.reset() }
        var found: [TrackID] = []
        while try statement.step() {
            if let id = statement.blob(0).flatMap({ TrackID(bytes: $0) }) { found.append(id) }
        }
        return found
    }

    /// The records beside tracks of which fields wait for a person, and how many of each, in the order of paths.
    public func conflictsBesideTracks() throws -> [(folder: RecordFolder, number: Int)] {
        let statement = try database.prepare("SELECT folder, number FROM conflicts ORDER BY folder")
        defer { statement.reset() }
        var found: [(RecordFolder, Int)] = []
        while try statement.step() {
            if let folder = RecordFolder(path: statement.text(0) ?? "") {
                found.append((folder, Int(statement.integer(1))))
            }
        }
        return found
    }

    private func number(_ what: String, of scope: TrackRequest.Scope, where clause: String) throws -> Int {
        let statement = try select(what, of: scope, where: clause)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    private func select(
        _ what: String, of scope: TrackRequest.Scope, where clause: String, _ end: String = ""
    ) throws -> Statement {
        var conditions = TrackConditions()
        conditions.require(clause)
        conditions.require(scope)
        let statement = try database.prepare(
            "SELECT \(what) FROM tracks WHERE \(conditions.clauses.joined(separator: " AND ")) \(end)")
        try statement.bind(conditions.values)
        return statement
    }
}
