import Catalog
import SQLite

/// Counts of files that were counted once and still hold: as long as the rows name the same files, and the journal of files
/// stands where it stood.
struct FileSums {
    /// What was counted, and when.
    struct Key {
        let scope: TrackRequest.Scope
        /// When the files that the rows name last changed.
        let turn: Int64
        /// Where the journal stood; in a guest's store those of both stores.
        let position: String

        fileprivate var values: [Value] { [scopeName, .integer(turn), .text(position)] }

        private var scopeName: Value {
            switch scope {
            case .everything: .blob([0])
            case .nothing: .blob([1])
            case .usable(let person): .blob(person.bytes)
            }
        }
    }

    private let database: Database

    init(_ database: Database) { self.database = database }

    func counts(_ key: Key) throws -> FileCounts? {
        let statement = try database.prepare(
            "SELECT here, missing FROM sums WHERE scope = ? AND turn = ? AND position = ?")
        defer { statement.reset() }
        try statement.bind(key.values)
        guard try statement.step() else { return nil }
        return FileCounts(here: Int(statement.integer(0)), missing: Int(statement.integer(1)))
    }

    func remember(_ counts: FileCounts, as key: Key) throws {
        let statement = try database.prepare("INSERT OR REPLACE INTO sums VALUES(?, ?, ?, ?, ?)")
        defer { statement.reset() }
        try statement.bind(key.values + [.integer(Int64(counts.here)), .integer(Int64(counts.missing))])
        _ = try statement.step()
    }
}
