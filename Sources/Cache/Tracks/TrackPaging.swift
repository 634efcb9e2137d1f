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
        let conditions = request.conditions
        if conditions.isEmpty, request.places.isEmpty {
            return try page(of: nil, total: Counts(database).number(.tracks), from: start)
        }
        let found = try matches(conditions)
        return try page(of: found, total: found.count, from: start)
    }

    /// All, in the order of ids.
    func all() throws -> [TrackRow] {
        try matches(request.conditions).rows.compactMap(read).sorted { $0.id < $1.id }
    }

    private func page(of found: RowSet?, total: Int, from start: Place?) throws -> TrackPage {
        let limit = max(0, request.limit ?? Int.max)
        // One more than fits tells whether there are more.
        let wanted = limit == Int.max ? limit : limit + 1
        var rows: [Int64] = []
        if let found, try isFew(found.count, of: limit) {
            rows = try sorted(found, from: start, most: wanted)
        } else {
            rows = try inOrder(among: found, from: start, most: wanted)
        }
        let hasMore = rows.count > limit
        return TrackPage(total: total, rows: try rows.prefix(limit).compactMap(read), hasMore: hasMore)
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

    /// Whether it costs less to look at each than to go through the list until the page is full.
    private func isFew(_ count: Int, of limit: Int) throws -> Bool {
        let all = try Counts(database).number(.tracks)
        return limit >= count || count * count < all / 10 * limit
    }

    private func sorted(_ found: RowSet, from start: Place?, most limit: Int) throws -> [Int64] {
        let statement = try database.prepare("SELECT \(column), id FROM tracks WHERE row = ?")
        defer { statement.reset() }
        var rows: [(place: Place, row: Int64)] = []
        for row in found.rows {
            statement.reset()
            try statement.bind(0, row)
            if try statement.step() {
                rows.append((Place(key: statement.value(0), id: statement.blob(1) ?? []), row))
            }
        }
        rows.sort { precedes($0.place, $1.place) }
        if let start { rows.removeAll { !precedes(start, $0.place) } }
        return rows.prefix(limit).map(\.row)
    }

    private func precedes(_ left: Place, _ right: Place) -> Bool {
        let order = left.key.order(before: right.key)
        if order == 0 { return left.id.lexicographicallyPrecedes(right.id) }
        return isNewestFirst ? order > 0 : order < 0
    }

    private func inOrder(among found: RowSet?, from start: Place?, most limit: Int) throws -> [Int64] {
        let (behind, values) = behind(start)
        let statement = try database.prepare(
            "SELECT row FROM tracks" + (behind.isEmpty ? "" : " WHERE " + behind) + order)
        defer { statement.reset() }
        try statement.bind(values)
        var rows: [Int64] = []
        while rows.count < limit, try statement.step() {
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

extension Value {
    /// Negative, zero or positive as it stands before, at or behind another, as SQLite sorts.
    fileprivate func order(before other: Value) -> Int {
        switch (self, other) {
        case (.text(let left), .text(let right)): UTF8Order.compare(left, right)
        case (.blob, .blob): 0
        case (.blob, _): 1
        case (_, .blob): -1
        default: Self.compare(number, other.number)
        }
    }

    private var number: Double {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: 0
        }
    }

    private static func compare(_ left: Double, _ right: Double) -> Int { left < right ? -1 : left > right ? 1 : 0 }
}
