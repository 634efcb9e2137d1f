import Digest
import Files
import SQLite

/// The tables of the journal, and what is said to them. Every change belongs in a transaction.
struct JournalTable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    static func create(in database: Database) throws(SQLiteError) {
        try database.execute(
            """
            CREATE TABLE files (oid BLOB PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE totals (files INTEGER NOT NULL, bytes INTEGER NOT NULL);
            INSERT INTO totals VALUES (0, 0);
            -- Files that are about to appear or to go, or are to stay: 40 bytes each, its hash and its size.
            CREATE TABLE unsettled (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, list BLOB NOT NULL);
            """)
        // So that no other journal passes for this one.
        try database.execute("PRAGMA application_id=\(Int32.random(in: 1 ... .max))")
    }

    static func drop(from database: Database) throws(SQLiteError) {
        for table in ["files", "totals", "unsettled"] { try database.execute("DROP TABLE IF EXISTS \(table)") }
    }

    func totals() throws(SQLiteError) -> BlobJournal.Totals {
        let statement = try database.prepare("SELECT files, bytes FROM totals")
        defer { statement.reset() }
        guard try statement.step() else { return BlobJournal.Totals(files: 0, bytes: 0) }
        return BlobJournal.Totals(files: Int(statement.integer(0)), bytes: statement.integer(1))
    }

    func size(of oid: ContentHash) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT size FROM files WHERE oid = ?")
        defer { statement.reset() }
        try statement.bind(0, oid.bytes)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Calls `body` with every file, in the order of their hashes.
    func forEach(_ body: (Pointer) throws -> Void) throws {
        let statement = try database.prepare("SELECT oid, size FROM files ORDER BY oid")
        defer { statement.reset() }
        while try statement.step() {
            guard let oid = statement.withBlob(0, { ContentHash(bytes: $0) }) else { continue }
            try body(Pointer(oid: oid, size: statement.integer(1)))
        }
    }
}

extension JournalTable {
    /// Enters the files; one that is known already is not counted twice.
    func insert(_ pointers: [Pointer]) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR IGNORE INTO files VALUES (?, ?)")
        var change = Change()
        for pointer in pointers {
            try statement.bind(0, pointer.oid.bytes)
            try statement.bind(1, pointer.size)
            try statement.run()
            if database.changes > 0 {
                change.files += 1
                change.bytes += pointer.size
            } else {
                change.bytes += try correctSize(of: pointer)
            }
        }
        try apply(change)
    }

    /// Corrects the size of a file that is known with another; answers by how many bytes.
    private func correctSize(of pointer: Pointer) throws(SQLiteError) -> Int64 {
        guard let known = try size(of: pointer.oid), known != pointer.size else { return 0 }
        try database.run(
            "UPDATE files SET size = ? WHERE oid = ?", .integer(pointer.size), .blob(pointer.oid.bytes))
        return pointer.size - known
    }

    private func delete(_ oid: ContentHash) throws(SQLiteError) {
        guard let known = try size(of: oid) else { return }
        try database.run("DELETE FROM files WHERE oid = ?", .blob(oid.bytes))
        try apply(Change(files: -1, bytes: -known))
    }

    private struct Change {
        var files: Int64 = 0
        var bytes: Int64 = 0
    }

    private func apply(_ change: Change) throws(SQLiteError) {
        guard change.files != 0 || change.bytes != 0 else { return }
        try database.run(
            "UPDATE totals SET files = files + ?, bytes = bytes + ?", .integer(change.files), .integer(change.bytes)
        )
    }

    /// Enters the files that are in the directory, and no others.
    func refill(from directory: FilePath) throws {
        try database.execute("DELETE FROM files; UPDATE totals SET files = 0, bytes = 0")
        var found: [Pointer] = []
        try ObjectWalk.visit(directory) { item in
            if case .file(let pointer) = item { found.append(pointer) }
            if found.count == 10000 {
                try insert(found)
                found.removeAll(keepingCapacity: true)
            }
        }
        try insert(found)
    }
}

extension JournalTable {
    private static let entrySize = ContentHash.byteCount + 8
    private static let entriesInOneNote = 10000

    /// Writes down files that are about to appear or to go.
    func note(_ pointers: [Pointer], owner: String) throws(SQLiteError) -> [BlobJournal.Intent] {
        let statement = try database.prepare("INSERT INTO unsettled (owner, list) VALUES (?, ?)")
        var intents: [BlobJournal.Intent] = []
        for start in stride(from: 0, to: pointers.count, by: Self.entriesInOneNote) {
            let part = pointers[start..<min(start + Self.entriesInOneNote, pointers.count)]
            try statement.bind(0, owner)
            try statement.bind(1, Self.encoded(part))
            try statement.run()
            intents.append(BlobJournal.Intent(id: database.lastInsertedRow))
        }
        return intents
    }

    private static func encoded(_ pointers: ArraySlice<Pointer>) -> [UInt8] {
        var list = [UInt8]()
        list.reserveCapacity(pointers.count * entrySize)
        for pointer in pointers {
            list += pointer.oid.bytes
            withUnsafeBytes(of: pointer.size.bigEndian) { list.append(contentsOf: $0) }
        }
        return list
    }

    /// The files that a note is about, those that are about to go without a size; none where it is gone by now.
    func files(of intent: BlobJournal.Intent) throws(SQLiteError) -> [Pointer] {
        let list = try list(of: intent)
        return stride(from: 0, through: list.count - Self.entrySize, by: Self.entrySize).compactMap { start in
            let middle = start + ContentHash.byteCount
            guard let oid = ContentHash(bytes: list[start..<middle]) else { return nil }
            let size = list[middle..<(start + Self.entrySize)].reduce(0) { $0 << 8 | Int64($1) }
            return Pointer(oid: oid, size: size)
        }
    }

    /// The notes that nobody has settled, and who made them.
    func unsettled() throws(SQLiteError) -> [(intent: BlobJournal.Intent, owner: String)] {
        let statement = try database.prepare("SELECT id, owner FROM unsettled")
        defer { statement.reset() }
        var found: [(BlobJournal.Intent, String)] = []
        while try statement.step() {
            found.append((BlobJournal.Intent(id: statement.integer(0)), statement.text(1) ?? ""))
        }
        return found
    }

    /// Looks at the files of the notes, enters those that are there, strikes those that were to go and are gone, and drops
    /// the notes. One that was to come and did not is listed if it was before: it is missed.
    func settle(_ intents: [BlobJournal.Intent], in directory: FilePath) throws {
        for intent in intents {
            for file in try files(of: intent) {
                let path = BlobStore.path(of: file.oid, in: directory)
                let status = try FileSystem.statusIfExists(of: path, followingLinks: false)
                if let status, status.kind == .regular {
                    try insert([Pointer(oid: file.oid, size: status.size)])
                } else if file.isEmpty {
                    try delete(file.oid)
                }
            }
        }
        try forget(intents)
    }

    /// The files that notes speak of, which nobody has settled; and those of them that may be missing: what is to go, and
    /// what somebody who lives is about to bring.
    func noted(in directory: FilePath) throws -> (all: Set<ContentHash>, absent: Set<ContentHash>) {
        var (all, absent) = (Set<ContentHash>(), Set<ContentHash>())
        for (intent, owner) in try unsettled() {
            let isAlive = try TemporaryDirectory.isAlive(owner, in: directory.appending("tmp"))
            for file in try files(of: intent) {
                all.insert(file.oid)
                if isAlive || file.isEmpty { absent.insert(file.oid) }
            }
        }
        return (all, absent)
    }

    private func list(of intent: BlobJournal.Intent) throws(SQLiteError) -> [UInt8] {
        let statement = try database.prepare("SELECT list FROM unsettled WHERE id = ?")
        defer { statement.reset() }
        try statement.bind(0, intent.id)
        return try statement.step() ? statement.blob(0) ?? [] : []
    }

    /// Drops notes whose files are accounted for.
    func forget(_ intents: [BlobJournal.Intent]) throws(SQLiteError) {
        for intent in intents { try database.run("DELETE FROM unsettled WHERE id = ?", .integer(intent.id)) }
    }
}
