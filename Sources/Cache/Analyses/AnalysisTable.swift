import Blobs
import Digest
import Git
import SQLite
import Store

/// The rows of analyses in the ledger: one for each that a version of the branch names the bytes of, and when it was used.
///
/// Which there are can be told again from the branch; when they were used, nothing can.
struct AnalysisTable {
    static let creation = """
        CREATE TABLE IF NOT EXISTS analyses(audio BLOB NOT NULL, analyzer TEXT NOT NULL, version TEXT NOT NULL,
            blob BLOB NOT NULL, size INTEGER NOT NULL, rawSize INTEGER NOT NULL, created INTEGER NOT NULL,
            lastAccess INTEGER NOT NULL, hits INTEGER NOT NULL, isHere INTEGER NOT NULL, isDropped INTEGER NOT NULL,
            PRIMARY KEY(audio, analyzer, version)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS analysesHere ON analyses(isHere, size, rawSize);
        CREATE INDEX IF NOT EXISTS analysesByBlob ON analyses(blob);
        CREATE TABLE IF NOT EXISTS stamps(name TEXT PRIMARY KEY, version BLOB NOT NULL) WITHOUT ROWID;
        """

    private static let columns =
        "audio, analyzer, version, blob, size, rawSize, created, lastAccess, hits, isHere, isDropped"

    private let database: Database

    init(_ database: Database) { self.database = database }

    // MARK: Writing

    /// Adds what was noted.
    func add(_ use: AnalysisUse, of key: AnalysisKey) throws(SQLiteError) {
        try write(
            key, use,
            """
            created = iif(blob = excluded.blob, created, excluded.created), hits = \(Ledger.sum("hits")),
            blob = excluded.blob, size = excluded.size, rawSize = excluded.rawSize, lastAccess = excluded.lastAccess,
            isHere = excluded.isHere, isDropped = excluded.isDropped
            """)
    }

    /// Enters what the branch says; when it was used stays.
    func enter(_ use: AnalysisUse, of key: AnalysisKey) throws(SQLiteError) {
        try write(
            key, use,
            """
            created = iif(blob = excluded.blob, created, excluded.created), blob = excluded.blob, size = excluded.size,
            rawSize = excluded.rawSize, isHere = excluded.isHere, isDropped = isDropped AND NOT excluded.isHere
            """)
    }

    private func write(_ key: AnalysisKey, _ use: AnalysisUse, _ change: String) throws(SQLiteError) {
        let places = Array(repeating: "?", count: 11).joined(separator: ", ")
        try database.run(
            "INSERT INTO analyses VALUES(\(places)) ON CONFLICT(audio, analyzer, version) DO UPDATE SET \(change)",
            .blob(key.audio.bytes), .text(key.analyzer.name), .text(key.analyzer.version),
            .blob(use.pointer.oid.bytes), .integer(use.pointer.size), .integer(use.rawSize),
            .integer(use.created), .integer(use.lastAccess), .integer(use.hits), .integer(use.isHere ? 1 : 0),
            .integer(use.isDropped ? 1 : 0))
    }

    /// Notes that bytes are not here, and whether that was to save space.
    func noteAbsence(of key: AnalysisKey, isDropped: Bool) throws(SQLiteError) {
        try database.run(
            "UPDATE analyses SET isHere = 0, isDropped = isDropped OR ? WHERE audio = ? AND analyzer = ? AND version = ?",
            .integer(isDropped ? 1 : 0), .blob(key.audio.bytes), .text(key.analyzer.name),
            .text(key.analyzer.version))
    }

    /// Notes that the bytes of a blob are here.
    func noteArrival(of blob: Pointer) throws(SQLiteError) {
        try database.run(
            "UPDATE analyses SET isHere = 1, isDropped = 0 WHERE blob = ?", .blob(blob.oid.bytes))
    }

    func remove(_ key: AnalysisKey) throws(SQLiteError) {
        try database.run(
            "DELETE FROM analyses WHERE audio = ? AND analyzer = ? AND version = ?",
            .blob(key.audio.bytes), .text(key.analyzer.name), .text(key.analyzer.version))
    }

    /// What was used in the future was used now: the clock was wrong then, or is now.
    func pullBack(to now: Int64) throws(SQLiteError) {
        try database.run("UPDATE analyses SET lastAccess = ? WHERE lastAccess > ?", .integer(now), .integer(now))
    }

    // MARK: Reading

    func all() throws(SQLiteError) -> [AnalysisKey: AnalysisUse] { try rows("") }

    func all(of audio: ContentHash) throws(SQLiteError) -> [AnalysisKey: AnalysisUse] {
        try rows(" WHERE audio = ?", .blob(audio.bytes))
    }

    /// Those that one blob holds.
    func all(heldBy blob: ContentHash) throws(SQLiteError) -> [AnalysisKey: AnalysisUse] {
        try rows(" WHERE blob = ?", .blob(blob.bytes))
    }

    func dropped() throws(SQLiteError) -> [AnalysisKey: AnalysisUse] { try rows(" WHERE isDropped") }

    private func rows(_ condition: String, _ values: Value...) throws(SQLiteError) -> [AnalysisKey: AnalysisUse] {
        let statement = try database.prepare("SELECT \(Self.columns) FROM analyses" + condition)
        defer { statement.reset() }
        try statement.bind(values)
        var found: [AnalysisKey: AnalysisUse] = [:]
        while try statement.step() {
            guard let audio = statement.blob(0).flatMap({ ContentHash(bytes: $0) }),
                let analyzer = Analyzer(name: statement.text(1) ?? "", version: statement.text(2) ?? ""),
                let blob = statement.blob(3).flatMap({ ContentHash(bytes: $0) })
            else { continue }
            var use = AnalysisUse(
                Pointer(oid: blob, size: statement.integer(4)), rawSize: statement.integer(5),
                hits: statement.integer(8), at: statement.integer(7))
            use.created = statement.integer(6)
            (use.isHere, use.isDropped) = (statement.integer(9) != 0, statement.integer(10) != 0)
            found[AnalysisKey(audio, by: analyzer)] = use
        }
        return found
    }

    func totals() throws(SQLiteError) -> AnalysisTotals {
        let statement = try database.prepare(
            "SELECT count(*), ifnull(sum(size), 0), ifnull(sum(rawSize), 0) FROM analyses WHERE isHere = 1")
        defer { statement.reset() }
        guard try statement.step() else { return AnalysisTotals() }
        return AnalysisTotals(
            entries: statement.integer(0), bytes: statement.integer(1), rawBytes: statement.integer(2))
    }

    // MARK: The stamp

    /// The version of the branch that the rows agree with; nil where they agree with none.
    func stamp() throws(SQLiteError) -> Version? {
        let statement = try database.prepare("SELECT version FROM stamps WHERE name = 'analyses'")
        defer { statement.reset() }
        return try statement.step() ? statement.blob(0).flatMap { ObjectID(bytes: $0) }.map { Version($0) } : nil
    }

    func stamp(_ version: Version) throws(SQLiteError) {
        try database.run("INSERT OR REPLACE INTO stamps VALUES('analyses', ?)", .blob(version.id.bytes))
    }

    /// The time of that name, in milliseconds since 1970.
    func moment(_ name: String) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT at FROM moments WHERE name = ?")
        defer { statement.reset() }
        try statement.bind(0, name)
        return try statement.step() ? statement.integer(0) : nil
    }

    func setMoment(_ name: String, to now: Int64) throws(SQLiteError) {
        try database.run("INSERT OR REPLACE INTO moments VALUES(?, ?)", .text(name), .integer(now))
    }
}
