import Catalog
import SQLite

/// Finds a page of posts: the newest of each history, and of these the newest.
struct HistoryPaging {
    private let database: Database
    private let request: HistoryRequest

    init(_ request: HistoryRequest, in database: Database) {
        self.request = request
        self.database = database
    }

    func page() throws -> HistoryPage {
        let limit = max(0, request.limit ?? Int.max)
        // One more than fits tells whether there are more.
        let wanted = limit == Int.max ? limit : limit + 1
        var rows: [PostRow] = []
        for history in request.histories { rows += try newest(wanted, of: history) }
        if request.histories.count > 1 {
            rows.sort { ($0.created, $0.id) > ($1.created, $1.id) }
        }
        let unreadable = UnreadableTable(database)
        return HistoryPage(
            total: try count(), rows: Array(rows.prefix(limit)), hasMore: rows.count > limit,
            unreadable: try request.histories.flatMap { try unreadable.posts(of: $0.workspace) })
    }

    /// How many there are in all.
    func count() throws(SQLiteError) -> Int {
        var sum = 0
        for history in request.histories {
            let (sql, values) = conditions(history)
            let statement = try database.prepare("SELECT count(*) FROM posts WHERE " + sql)
            defer { statement.reset() }
            try statement.bind(values)
            if try statement.step() { sum += Int(statement.integer(0)) }
        }
        return sum
    }

    private func newest(_ limit: Int, of history: HistoryRequest.History) throws -> [PostRow] {
        var (sql, values) = conditions(history)
        if let place = request.after {
            sql += " AND (created, id) < (?, ?)"
            values += [.text(place.created.description), .blob(place.id.bytes)]
        }
        let statement = try database.prepare(
            "SELECT \(PostRow.columns) FROM posts WHERE \(sql) ORDER BY created DESC, id DESC LIMIT ?")
        defer { statement.reset() }
        try statement.bind(values + [.integer(Int64(limit))])
        var rows: [PostRow] = []
        while try statement.step() { if let row = PostRow(statement) { rows.append(row) } }
        return rows
    }

    private func conditions(_ history: HistoryRequest.History) -> (sql: String, values: [Value]) {
        var (sql, values) = ("workspace = ?", [Value.blob(history.workspace.bytes)])
        if let state = request.state {
            sql += " AND state = ?"
            values.append(.text(state.rawValue))
        }
        if let awaited = history.awaited {
            let author = Value.blob(awaited.person.bytes)
            let (own, others) = (Self.list(awaited.statesOfOwn), Self.list(awaited.statesOfOthers))
            sql += " AND (author IS ? AND state IN \(own) OR author IS NOT ? AND state IN \(others))"
            values += [author, author]
        }
        return (sql, values)
    }

    /// The words are the program's own.
    private static func list(_ states: [PostState]) -> String {
        "(" + states.map { "'\($0.rawValue)'" }.joined(separator: ", ") + ")"
    }
}
