import SQLite

/// The words that any row has, or had.
///
/// What begins like a word is looked for under each of the few words that do: SQLite goes through those as far as it must,
/// and would gather all rows of a beginning first.
struct Vocabulary {
    /// With more than so many words the beginning itself is looked for.
    private static let most = 8
    /// Beginnings of so few letters have an index of their own.
    private static let indexed = 2

    private let database: Database

    init(_ database: Database) { self.database = database }

    /// The words with this beginning; nil where it is better to look for the beginning.
    func words(beginningWith beginning: String) throws(SQLiteError) -> [String]? {
        guard beginning.unicodeScalars.count > Self.indexed else { return nil }
        let statement = try database.prepare(
            "SELECT word FROM vocabulary WHERE word >= ? AND word < ? LIMIT \(Self.most + 1)")
        defer { statement.reset() }
        try statement.bind(0, beginning)
        try statement.bind(1, beginning + "\u{10FFFF}")
        var found: [String] = []
        while try statement.step() { found.append(statement.text(0) ?? "") }
        return found.count > Self.most ? nil : found
    }

    /// Enters the words of texts, which are parted by blanks.
    func enter(_ texts: some Sequence<Value>) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR IGNORE INTO vocabulary VALUES(?)")
        for text in texts {
            guard case .text(let text) = text else { continue }
            for word in text.split(separator: " ") {
                try statement.bind(0, String(word))
                try statement.run()
            }
        }
    }

    /// Enters all words that rows have now.
    func enterAll() throws(SQLiteError) {
        try database.execute(
            """
            CREATE VIRTUAL TABLE temp.entered USING fts5vocab('main', 'words', 'row');
            INSERT OR IGNORE INTO vocabulary SELECT term FROM temp.entered;
            DROP TABLE temp.entered;
            """)
    }
}
