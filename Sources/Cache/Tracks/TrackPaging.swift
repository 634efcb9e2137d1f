import Blobs
import Catalog
import Digest
import SQLite

/// Finds a page of tracks.
///
/// What matches is gathered first, since its number is asked for as well. Few are then sorted by what stands in their rows;
/// of many the order of the whole list is followed until the page is full, which is soon.
struct TrackPaging {
    private let database: Database
    private let request: TrackRequest

    init(_ request: TrackRequest, in database: Database) {
        self.request = request
        self.database = database
    }

    /// The page; nil when the track that it is to begin behind is gone.
    func page() throws -> TrackPage? {
        var start: Place?
        if let after = request.after {
            guard let place = try place(of: after) else { return nil }
            start = place
        }
        let conditions = try request.conditions(with: Vocabulary(database))
        if conditions.isEmpty, request.places.isEmpty {
            return try page(of: nil, total: Counts(database).number(.tracks), from: start)
        }
        let found = try matches(conditions)
        return try page(of: found, total: found.count, from: start)
    }

    /// All, in the order of ids.
    func all() throws -> [TrackRow] {
        try matches(request.conditions(with: Vocabulary(database))).rows.compactMap(read).sorted { $0.id < $1.id }
    }

    private func page(of found: RowSet?, total: Int, from start: Place?) throws -> TrackPage {
        let limit = max(0, request.limit ?? Int.max)
        let skip = min(max(0, request.skip), total)
        // One more than fits tells whether there are more.
        let wanted = limit >= Int.max - skip ? Int.max : limit + skip + 1
        let rows: [Int64]
        if let found {
            let isMany = found.count > max(Self.few, limit)
            let inOrder =
                isMany
                ? try self.inOrder(among: found, from: start, most: wanted, stepping: found.count * Self.stepsAhead)
                : nil
            // To keep so many sorted while others come costs more than to sort all in the end.
            rows = try inOrder ?? sorted(found, from: start, most: skip > Self.few ? Int.max : wanted)
        } else {
            rows = try inOrder(from: start, most: wanted) ?? []
        }
        let page = rows.dropFirst(skip)
        return TrackPage(total: total, rows: try page.prefix(limit).compactMap(read), hasMore: page.count > limit)
    }

    // MARK: What matches

    private func matches(_ conditions: TrackConditions) throws -> RowSet {
        let places = request.places
        var (sql, values) = conditions.selection
        var found = RowSet()
        guard places.count < 2 else { return found }
        if !places.isEmpty, !sql.hasPrefix("SELECT row,") {
            sql = "SELECT row, audio, size FROM tracks WHERE row IN (\(sql))"
        }
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {
            if let place = places.first, isHere(statement) != place { continue }
            found.insert(statement.integer(0))
        }
        return found
    }

    private func isHere(_ statement: Statement) -> Bool {
        guard let oid = statement.blob(1).flatMap({ ContentHash(bytes: $0) }) else { return false }
        return request.isHere(Pointer(oid: oid, size: statement.integer(2)))
    }

    // MARK: Order

    /// Where a row stands in the list.
    private struct Place {
        let key: Value
        let id: [UInt8]
    }

    private var column: String {
        switch request.sort {
        case .added: "created"
        case .title: "titleWords"
        case .artist: "artistWords"
        case .duration: "duration"
        case .bpm: "bpm"
        case .key: "key"
        case .loudness: "loudness"
        }
    }

    private var isNewestFirst: Bool { request.sort == .added }
    private var order: String { " ORDER BY \(column)\(isNewestFirst ? " DESC" : ""), id" }

    /// What stands behind a place, in a form that the index of the order answers.
    private func behind(_ place: Place?) -> (sql: String, values: [Value]) {
        guard let place else { return ("", []) }
        let (reached, passed) = isNewestFirst ? ("<=", "<") : (">=", ">")
        return (
            "\(column) \(reached) ? AND (\(column) \(passed) ? OR id > ?)", [place.key, place.key, .blob(place.id)]
        )
    }

    private func place(of id: TrackID) throws -> Place? {
        let statement = try database.prepare("SELECT \(column) FROM tracks WHERE id = ?")
        defer { statement.reset() }
        try statement.bind(0, id.bytes)
        return try statement.step() ? Place(key: statement.value(0), id: id.bytes) : nil
    }

    /// So many are always looked at one by one.
    private static let few = 1000
    /// So many steps through the whole list cost no more than to look at one row.
    private static let stepsAhead = 8

    private func sorted(_ found: RowSet, from start: Place?, most limit: Int) throws -> [Int64] {
        let statement = try database.prepare("SELECT \(column), id FROM tracks WHERE row = ?")
        defer { statement.reset() }
        var behind: OrderPlace?
        if let start {
            let bound = try database.prepare("SELECT ?, ?")
            defer { bound.reset() }
            try bound.bind([start.key, .blob(start.id)])
            if try bound.step() { behind = OrderPlace(bound) }
        }
        var first = FirstPlaces(limit, of: found.count, newestFirst: isNewestFirst)
        var place = OrderPlace()
        for row in found.rows {
            statement.reset()
            try statement.bind(0, row)
            guard try statement.step() else { continue }
            place.read(statement)
            if behind?.precedes(place, newestFirst: isNewestFirst) ?? true { first.show(place, row) }
        }
        return first.rows()
    }

    /// Nil where the page is not full after so many steps: what matches stands close together somewhere else.
    private func inOrder(
        among found: RowSet? = nil, from start: Place?, most limit: Int, stepping steps: Int = .max
    ) throws -> [Int64]? {
        let (behind, values) = behind(start)
        let statement = try database.prepare(
            "SELECT row FROM tracks" + (behind.isEmpty ? "" : " WHERE " + behind) + order)
        defer { statement.reset() }
        try statement.bind(values)
        var rows: [Int64] = []
        var left = steps
        while rows.count < limit, try statement.step() {
            left -= 1
            if left < 0 { return nil }
            let row = statement.integer(0)
            if found?.contains(row) ?? true { rows.append(row) }
        }
        return rows
    }

    private func read(_ row: Int64) throws -> TrackRow? {
        let statement = try database.prepare("SELECT \(TrackRow.columns) FROM tracks WHERE row = ?")
        defer { statement.reset() }
        try statement.bind(0, row)
        return try statement.step() ? TrackRow(statement) : nil
    }
}
