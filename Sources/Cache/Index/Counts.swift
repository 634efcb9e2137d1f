import SQLite

/// How many there are of what nobody should have to count.
struct Counts {
    enum Name: String {
        /// Tracks that can be read.
        case tracks
        /// Fields that wait for a person.
        case conflicts
    }

    private let database: Database

    init(_ database: Database) { self.database = database }

    func number(_ name: Name) throws(SQLiteError) -> Int {
        let statement = try database.prepare("SELECT number FROM counts WHERE name = ?")
        defer { statement.reset() }
        try statement.bind(0, name.rawValue)
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    func add(_ number: Int, to name: Name) throws(SQLiteError) {
        guard number != 0 else { return }
        try database.run(
            "INSERT INTO counts VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET number = number + excluded.number",
            .text(name.rawValue), .integer(Int64(number)))
    }
}
