import Git
import SQLite
import Store

/// The versions that everything in the index agrees with.
struct IndexStamp: Hashable {
    let heads: RemoteHeads
    /// How often rows were made again until now.
    let turn: Int64

    static func read(from database: Database) throws(SQLiteError) -> IndexStamp? {
        let statement = try database.prepare("SELECT main, analyses, turn FROM stamp")
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let heads = RemoteHeads(
            main: statement.blob(0).flatMap { ObjectID(bytes: $0) },
            analyses: statement.blob(1).flatMap { ObjectID(bytes: $0) })
        return IndexStamp(heads: heads, turn: statement.integer(2))
    }

    func write(to database: Database) throws(SQLiteError) {
        try database.run(
            "INSERT OR REPLACE INTO stamp VALUES(1, ?, ?, ?)", Self.value(heads.main), Self.value(heads.analyses),
            .integer(turn))
    }

    private static func value(_ head: ObjectID?) -> Value { head.map { .blob($0.bytes) } ?? .null }
}
