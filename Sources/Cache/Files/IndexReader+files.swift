public import Blobs
import Catalog
import Digest
import SQLite

/// The files that tracks name, each as often as a track names it.
extension IndexReader {
    /// How many there are, but no more than are asked for.
    public func fileCount(in scope: TrackRequest.Scope, upTo limit: Int) throws -> Int {
        let (clause, values) = rows(of: scope)
        let statement = try database.prepare(
            "SELECT count(*) FROM (SELECT 1 FROM files\(clause) LIMIT \(limit))")
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    /// Calls `body` with each, in the order of hashes.
    public func forEachFile(in scope: TrackRequest.Scope, _ body: (Pointer) throws -> Void) throws {
        let (clause, values) = rows(of: scope)
        let statement = try database.prepare("SELECT oid, size FROM files\(clause) ORDER BY oid")
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {
            guard let oid = statement.withBlob(0, { ContentHash(bytes: $0) }) else { continue }
            try body(Pointer(oid: oid, size: statement.integer(1)))
        }
    }

    private func rows(of scope: TrackRequest.Scope) -> (clause: String, values: [Value]) {
        if case .everything = scope { return ("", []) }
        var conditions = TrackConditions()
        conditions.require(scope)
        return (
            " WHERE row IN (SELECT row FROM tracks WHERE \(conditions.clauses.joined(separator: " AND ")))",
            conditions.values
        )
    }
}
