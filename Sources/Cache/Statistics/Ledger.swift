import Catalog
import Files
import SQLite

/// The file that counts are written down in: `ledger.db`, apart from the index, since nothing can tell them again.
///
/// It survives the index, restarts, and other processes that count too. One that is no ledger is put aside.
final class Ledger {
    static let kind = CacheFile.Kind(
        name: "ledger", version: 2, patience: 0.05, create: create,
        // What an earlier program counted stays.
        upgrades: [1: { (database) throws(SQLiteError) in try database.execute(AnalysisTable.creation) }])

    private static func create(in database: Database) throws(SQLiteError) {
        try database.execute(
            """
            CREATE TABLE counts(kind TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
                PRIMARY KEY(kind, name)) WITHOUT ROWID;
            CREATE TABLE uses(view TEXT NOT NULL, person BLOB NOT NULL, created INTEGER NOT NULL,
                lastUse INTEGER NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY(person, view)) WITHOUT ROWID;
            CREATE TABLE moments(name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
            """)
        try database.execute(AnalysisTable.creation)
    }

    private let directory: FilePath
    private var file: CacheFile?

    init(in directory: FilePath) { self.directory = directory }

    func write(_ counted: Counted) throws {
        try perform { database in
            try database.transaction {
                for (tally, number) in counted.numbers {
                    let (kind, name) = tally.key
                    try database.run(Self.addition, .text(kind), .text(name), .integer(number))
                }
                for (user, use) in counted.uses {
                    try database.run(
                        Self.usage, .text(user.view.description), Self.value(user.person), .integer(use.created),
                        .integer(use.lastUse), .integer(use.hits))
                }
                for (key, use) in counted.analyses { try AnalysisTable(database).add(use, of: key) }
                if let cleanup = counted.lastCleanup {
                    try database.run("INSERT OR REPLACE INTO moments VALUES('cleanup', ?)", .integer(cleanup))
                }
            }
        }
    }

    /// All that was ever written.
    func read() throws -> Counted {
        try perform { database in
            try database.reading {
                var counted = Counted()
                let numbers = try database.prepare("SELECT kind, name, number FROM counts")
                defer { numbers.reset() }
                while try numbers.step() {
                    let tally = Tally(kind: numbers.text(0) ?? "", name: numbers.text(1) ?? "")
                    if let tally { counted.add(numbers.integer(2), to: tally) }
                }
                let uses = try database.prepare("SELECT view, person, created, lastUse, hits FROM uses")
                defer { uses.reset() }
                while try uses.step() {
                    guard let view = CacheView(uses.text(0) ?? "") else { continue }
                    let person = uses.blob(1).flatMap { PersonID(bytes: $0) }
                    counted.add(
                        ViewUse(created: uses.integer(2), lastUse: uses.integer(3), hits: uses.integer(4)),
                        by: Counted.User(view: view, person: person))
                }
                let cleanup = try database.prepare("SELECT at FROM moments WHERE name = 'cleanup'")
                defer { cleanup.reset() }
                if try cleanup.step() { counted.lastCleanup = cleanup.integer(0) }
                return counted
            }
        }
    }

    func forgetUses(by person: PersonID?) throws {
        try perform { try $0.run("DELETE FROM uses WHERE person = ?", Self.value(person)) }
    }

    /// Removes the file; where others have it open, what is in it.
    func clear() throws {
        file = nil
        do { try CacheFile.discard(Self.kind, in: directory) } catch is CacheError {
            try perform { try $0.execute(Self.emptying) }
        }
    }

    private static let emptying = ["counts", "uses", "moments", "analyses", "stamps"]
        .map { "DELETE FROM \($0)" }.joined(separator: "; ")

    // SQLite would make a fraction of a sum that is too large.
    private static let addition = """
        INSERT INTO counts VALUES(?, ?, ?) ON CONFLICT(kind, name) DO UPDATE SET number = \(sum("number"))
        """
    private static let usage = """
        INSERT INTO uses VALUES(?, ?, ?, ?, ?) ON CONFLICT(person, view) DO UPDATE SET
        created = min(created, excluded.created), lastUse = excluded.lastUse, hits = \(sum("hits"))
        """

    /// The sum of a column and what is added to it, or the greatest number there is.
    static func sum(_ column: String) -> String {
        "iif(\(column) > \(Int64.max) - excluded.\(column), \(Int64.max), \(column) + excluded.\(column))"
    }

    private static func value(_ person: PersonID?) -> Value { .blob(person?.bytes ?? []) }

    /// Runs `body` on the open ledger; where that turns out to be of no use, on a new one.
    func perform<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do { return try body(open()) } catch let error as SQLiteError where error.isCorrupt || error.isOfSchema {
            file = nil
            try CacheFile.putAside(Self.kind, in: directory)
            return try body(open())
        }
    }

    private func open() throws -> Database {
        if let file, file.isInPlace { return file.database }
        file = nil
        let opened = try CacheFile(Self.kind, in: directory)
        file = opened
        return opened.database
    }
}

// Its connection is for one thread at a time.
@available(*, unavailable)
extension Ledger: Sendable {}
