import Catalog
import SQLite

/// What somebody wants made again at the next read.
struct RequestTable {
    /// What is wanted.
    enum Wanted {
        case all
        case folders([RecordFolder])

        var isNothing: Bool { if case .folders(let folders) = self { folders.isEmpty } else { false } }
        /// Those that are named one by one.
        var folders: [RecordFolder] { if case .folders(let folders) = self { folders } else { [] } }
        var isAll: Bool { if case .all = self { true } else { false } }
    }

    /// Stands for all rows; no record lies there.
    private static let everything = ""

    private let database: Database

    init(_ database: Database) { self.database = database }

    func add(_ wanted: Wanted) throws(SQLiteError) {
        let paths =
            switch wanted {
            case .all: [Self.everything]
            case .folders(let folders): folders.map(\.path)
            }
        for path in paths { try database.run("INSERT OR IGNORE INTO requests VALUES(?)", .text(path)) }
    }

    func read() throws(SQLiteError) -> Wanted {
        let statement = try database.prepare("SELECT folder FROM requests")
        defer { statement.reset() }
        var folders: [RecordFolder] = []
        while try statement.step() {
            let path = statement.text(0) ?? Self.everything
            if path == Self.everything { return .all }
            if let folder = RecordFolder(path: path) { folders.append(folder) }
        }
        return .folders(folders)
    }

    func clear() throws(SQLiteError) { try database.execute("DELETE FROM requests") }
}
