import Git
import SQLite
import Store

/// The versions that everything in the index agrees with.
struct IndexStamp: Hashable {
    let heads: RemoteHeads
    /// How often rows were made again until now.
    let turn: Int64
    /// Whose analyses the rows show where no person has decided; empty for nobody's.
    let analyzer: String

    /// Whether rows of these heads, and of this analyzer, would be the same.
    func agrees(with heads: RemoteHeads, _ analyzer: String) -> Bool {
        self.heads == heads && isOf(analyzer)
    }

    /// Without analyses it does not matter whose they are.
    func isOf(_ analyzer: String) -> Bool { heads.analyses == nil || self.analyzer == analyzer }

    static func read(from database: Database) throws(SQLiteError) -> IndexStamp? {
        let statement = try database.prepare("SELECT main, analyses, turn, analyzer FROM stamp")
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let heads = RemoteHeads(
            main: statement.blob(0).flatMap { ObjectID(bytes: $0) },
            analyses: statement.blob(1).flatMap { ObjectID(bytes: $0) })
        return IndexStamp(heads: heads, turn: statement.integer(2), analyzer: statement.text(3) ?? "")
    }

    func write(to database: Database) throws(SQLiteError) {
        try database.run(
            "INSERT OR REPLACE INTO stamp VALUES(1, ?, ?, ?, ?)", Self.value(heads.main),
            Self.value(heads.analyses),
            .integer(turn), .text(analyzer))
    }

    private static func value(_ head: ObjectID?) -> Value { head.map { .blob($0.bytes) } ?? .null }
}
