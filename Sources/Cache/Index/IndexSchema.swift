import SQLite

/// The tables of the index. Whoever changes what they hold, or how it is derived, raises the version: an index of another
/// version is made anew.
enum IndexSchema {
    static let file = CacheFile.Kind(name: "index", version: 6, patience: 1) { (database) throws(SQLiteError) in
        try create(in: database)
    }

    static func create(in database: Database) throws(SQLiteError) {
        try database.execute(tables)
        try database.execute(HistorySchema.tables)
        try createOrders(in: database)
    }

    /// Where a value is missing there are zero bytes, which SQLite sorts after every text and number: lists show such tracks
    /// last. Words are folded as a query's are, and separated by blanks.
    private static let tables = """
        CREATE TABLE stamp(one INTEGER PRIMARY KEY CHECK(one = 1), main BLOB NOT NULL, analyses BLOB, turn INTEGER NOT NULL,
            analyzer TEXT NOT NULL);
        CREATE TABLE tracks(
            row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, folder BLOB NOT NULL,
            title TEXT, artist TEXT, album TEXT, tags TEXT NOT NULL, keyName TEXT,
            titleWords NOT NULL, artistWords NOT NULL, albumWords TEXT NOT NULL, tagWords TEXT NOT NULL,
            commentWords TEXT NOT NULL, genreWords TEXT NOT NULL,
            bpm NOT NULL, key NOT NULL, year NOT NULL, rating NOT NULL, trackNumber NOT NULL, duration NOT NULL,
            loudness NOT NULL, format TEXT, owner BLOB, created TEXT NOT NULL, added INTEGER NOT NULL,
            modified INTEGER NOT NULL, audio BLOB, size INTEGER, conflicts INTEGER NOT NULL);
        CREATE TABLE tags(folded TEXT NOT NULL, tag TEXT NOT NULL, row INTEGER NOT NULL,
            PRIMARY KEY(folded, tag, row)) WITHOUT ROWID;
        CREATE TABLE shares(workspace BLOB NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(workspace, row)) WITHOUT ROWID;
        CREATE TABLE files(oid BLOB NOT NULL, row INTEGER NOT NULL, size INTEGER NOT NULL,
            PRIMARY KEY(oid, row)) WITHOUT ROWID;
        CREATE TABLE people(id BLOB PRIMARY KEY, handle TEXT) WITHOUT ROWID;
        CREATE TABLE members(workspace BLOB NOT NULL, person BLOB NOT NULL, PRIMARY KEY(person, workspace)) WITHOUT ROWID;
        CREATE TABLE conflicts(folder TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE unreadable(path TEXT PRIMARY KEY, folder TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE sums(scope BLOB PRIMARY KEY, turn INTEGER NOT NULL, position TEXT NOT NULL,
            here INTEGER NOT NULL, missing INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE requests(folder TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE counts(name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE views(name TEXT PRIMARY KEY, turn INTEGER NOT NULL, version BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE vocabulary(word TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE VIRTUAL TABLE words USING fts5(
            titleWords, artistWords, albumWords, tagWords, commentWords, genreWords,
            content='tracks', content_rowid='row', tokenize='ascii', prefix='1 2');
        """

    /// What lists are sorted by; the id breaks ties.
    private static let orders = [
        "added": "created DESC", "title": "titleWords", "artist": "artistWords", "duration": "duration",
        "bpm": "bpm",
        "key": "key", "loudness": "loudness",
    ]

    static func createOrders(in database: Database) throws(SQLiteError) {
        for (name, column) in orders.sorted(by: { $0.key < $1.key }) {
            try database.execute("CREATE INDEX \(name)Order ON tracks(\(column), id)")
        }
        try database.execute("CREATE INDEX ownerOrder ON tracks(owner)")
        try database.execute("CREATE INDEX disputedOrder ON tracks(conflicts) WHERE conflicts > 0")
        for table in partTables { try database.execute("CREATE INDEX \(table)ByRow ON \(table)(row)") }
    }

    static func dropOrders(in database: Database) throws(SQLiteError) {
        for name in orders.keys { try database.execute("DROP INDEX \(name)Order") }
        for name in ["owner", "disputed"] { try database.execute("DROP INDEX \(name)Order") }
        for table in partTables { try database.execute("DROP INDEX \(table)ByRow") }
    }

    /// Takes out all that is in it.
    static func empty(_ database: Database) throws {
        try database.transaction {
            for table in derivedTables + ["stamp", "views", "requests"] {
                try database.execute("DELETE FROM \(table)")
            }
            try database.execute("INSERT INTO words(words) VALUES('rebuild')")
        }
    }

    /// What a track's row has in several places.
    static let partTables = ["tags", "shares", "files"]

    /// All but the stamp and the views, which live on.
    static let derivedTables =
        [
            "tracks", "tags", "shares", "files", "people", "members", "conflicts", "unreadable", "counts", "sums",
            "vocabulary",
        ] + HistorySchema.names
}
