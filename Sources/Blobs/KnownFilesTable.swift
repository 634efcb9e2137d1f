import Digest
import Files
import SQLite

/// The tables of known files, and what is said to them.
struct KnownFilesTable {
    private static let version: Int32 = 1
    /// Nobody waits long for what is only there to save time.
    private static let patience = 0.5

    let database: Database

    init(_ database: Database) { self.database = database }

    /// Opens the tables, and makes them where they are missing or of another version.
    static func open(at path: FilePath) throws -> Database {
        try FileSystem.makeDirectories(path.parent)
        let database = try Database(path: path.bytes, mode: .create, busyTimeout: patience)
        // A power cut may take the last changes, but never leaves half of one: half a row could tell a lie.
        try database.setDurability(.normal)
        if try database.userVersion() == version { return database }
        try database.useWriteAheadLog()
        try database.transaction {
            for name in ["files", "folders", "stamp"] { try database.execute("DROP TABLE IF EXISTS \(name)") }
            try database.execute(Self.schema)
            try database.setUserVersion(version)
        }
        return database
    }

    private static let schema = """
        CREATE TABLE folders (
            id INTEGER PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL, used INTEGER NOT NULL,
            UNIQUE (device, inode));
        CREATE TABLE files (
            folder INTEGER NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            changed INTEGER NOT NULL, inode INTEGER NOT NULL, oid BLOB NOT NULL, use BLOB,
            -- Of the numbers and the hash, for each row by itself: the database does not notice every damage.
            check_sum INTEGER NOT NULL,
            PRIMARY KEY (folder, name)) WITHOUT ROWID;
        CREATE INDEX files_by_use ON files (use) WHERE use IS NOT NULL;
        CREATE TABLE stamp (value TEXT NOT NULL);
        """

    // MARK: Asking

    func stamp() throws(SQLiteError) -> String? {
        let statement = try database.prepare("SELECT value FROM stamp")
        defer { statement.reset() }
        return try statement.step() ? statement.text(0) : nil
    }

    /// What is known of a folder's files, all of one moment.
    func files(
        in folder: FileStatus, named name: FilePath?, asOf stamp: String?
    ) throws -> [FilePath: KnownFiles.Known] {
        try database.reading {
            guard let id = try id(of: folder) else { return [:] }
            let holds = try stamp != nil && self.stamp() == stamp
            let statement = try database.prepare(name == nil ? Self.selectAll : Self.selectOne)
            defer { statement.reset() }
            try statement.bind(0, id)
            if let name { try statement.bind(1, name.bytes) }
            var found: [FilePath: KnownFiles.Known] = [:]
            while try statement.step() {
                guard let known = Self.known(in: statement, of: folder, withUse: holds) else { continue }
                found[statement.withBlob(0) { FilePath(bytes: $0) }] = known
            }
            return found
        }
    }

    private static let selectAll =
        "SELECT name, size, modified, changed, inode, oid, use, check_sum FROM files WHERE folder = ?"
    private static let selectOne = selectAll + " AND name = ?"

    /// Reads a row; nil for a damaged one.
    private static func known(
        in statement: Statement, of folder: FileStatus, withUse: Bool
    ) -> KnownFiles.Known? {
        let numbers = (1...4).map { statement.integer($0) }
        var sum = CheckSum()
        for number in numbers { sum.add(number) }
        statement.withBlob(5) { sum.add($0) }
        guard sum.value == statement.integer(7), let oid = statement.withBlob(5, { ContentHash(bytes: $0) }) else {
            return nil
        }
        return KnownFiles.Known(
            pointer: Pointer(oid: oid, size: numbers[0]), use: withUse ? statement.blob(6).flatMap(unsealed) : nil,
            modified: numbers[1], changed: numbers[2], inode: UInt64(bitPattern: numbers[3]), device: folder.device)
    }

    private func id(of folder: FileStatus) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT id FROM folders WHERE device = ? AND inode = ?")
        defer { statement.reset() }
        try statement.bind(0, Int64(bitPattern: folder.device))
        try statement.bind(1, Int64(bitPattern: folder.inode))
        return try statement.step() ? statement.integer(0) : nil
    }

    // MARK: Changing, always in a transaction

    func setStamp(_ stamp: String) throws(SQLiteError) {
        try database.run("DELETE FROM stamp")
        try database.run("INSERT INTO stamp VALUES (?)", .text(stamp))
    }

    /// Forgets what files became; nil means all files.
    func withdraw(_ uses: [[UInt8]]?) throws(SQLiteError) {
        guard let uses else { return try database.run("UPDATE files SET use = NULL WHERE use IS NOT NULL") }
        for use in uses { try database.run("UPDATE files SET use = NULL WHERE use = ?", .blob(Self.sealed(use))) }
    }

    func insert(_ sightings: [KnownFiles.Sighting], withUses: Bool) throws(SQLiteError) {
        // Files of one folder come one after the other.
        var last: (folder: FileStatus, id: Int64)?
        for sighting in sightings {
            if last?.folder.isSameFile(as: sighting.folder) != true {
                last = (sighting.folder, try touch(sighting.folder))
            }
            if let last { try insert(sighting, in: last.id, use: withUses ? sighting.use : nil) }
        }
    }

    private func insert(
        _ sighting: KnownFiles.Sighting, in folder: Int64, use: [UInt8]?
    ) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        let (status, oid) = (sighting.status, sighting.pointer.oid.bytes)
        let numbers = [
            status.size, status.modified.inNanoseconds, status.changed.inNanoseconds,
            Int64(bitPattern: status.inode),
        ]
        var sum = CheckSum()
        for number in numbers { sum.add(number) }
        sum.add(oid)
        try statement.bind(0, folder)
        try statement.bind(1, sighting.name.bytes)
        for (place, number) in numbers.enumerated() { try statement.bind(2 + place, number) }
        try statement.bind(6, oid)
        if let use { try statement.bind(7, Self.sealed(use)) } else { try statement.bindNull(7) }
        try statement.bind(8, sum.value)
        try statement.run()
    }

    /// A use with its own check sum, since it is withdrawn by itself.
    private static func sealed(_ use: [UInt8]) -> [UInt8] {
        var sum = CheckSum()
        sum.add(use)
        return use + withUnsafeBytes(of: sum.value) { Array($0) }
    }

    private static func unsealed(_ bytes: [UInt8]) -> [UInt8]? {
        let use = Array(bytes.dropLast(8))
        return sealed(use) == bytes ? use : nil
    }

    /// Makes the folder known, as the one that was used last.
    private func touch(_ folder: FileStatus) throws(SQLiteError) -> Int64 {
        let (device, inode) = (Int64(bitPattern: folder.device), Int64(bitPattern: folder.inode))
        try database.run(
            """
            INSERT INTO folders (device, inode, used) SELECT ?, ?, ifnull(max(used), 0) + 1 FROM folders WHERE true
            ON CONFLICT (device, inode) DO UPDATE SET used = excluded.used
            """, .integer(device), .integer(inode))
        return try id(of: folder) ?? 0
    }

    /// Removes the folders that were longest not used, until the rest fits.
    func trim(to limit: Int64) throws(SQLiteError) {
        while try bytesInUse() > limit, let oldest = try number("SELECT id FROM folders ORDER BY used LIMIT 1") {
            try database.run("DELETE FROM files WHERE folder = ?", .integer(oldest))
            try database.run("DELETE FROM folders WHERE id = ?", .integer(oldest))
        }
    }

    private func bytesInUse() throws(SQLiteError) -> Int64 {
        let pages = try number("PRAGMA page_count") ?? 0
        let free = try number("PRAGMA freelist_count") ?? 0
        return try (pages - free) * (number("PRAGMA page_size") ?? 0)
    }

    private func number(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }
}

/// A number that tells damage from what was written (FNV-1a); it is no help against somebody who means harm.
private struct CheckSum {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    var value: Int64 { Int64(bitPattern: state) }

    mutating func add(_ number: Int64) {
        withUnsafeBytes(of: number) { add($0) }
    }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
