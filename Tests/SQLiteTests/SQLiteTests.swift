import Files
import SQLite
import TestSupport
import Testing

private func withDatabase(_ body: (Database, FilePath) throws -> Void) throws {
    try withTemporaryDirectory { folder in
        let path = folder.appending("a.db")
        try body(try Database(path.string, mode: .create), path)
    }
}

@Suite struct ValueTests {
    @Test func `Every kind of value comes back as it was`() throws {
        try withDatabase { database, _ in
            try database.execute("CREATE TABLE t (v)")
            let values: [Value] = [
                nil, 0, -1, .integer(.max), .integer(.min), 1.5, "", "text", "e\u{301}\u{E9}\u{0}x", .blob([]),
                .blob([0, 255, 0]), .real(-0.0),
            ]
            for value in values { try database.run("INSERT INTO t VALUES (?)", value) }
            let statement = try database.prepare("SELECT v FROM t ORDER BY rowid")
            for value in values {
                try #expect(statement.step())
                #expect(statement.value(0) == value)
                #expect(statement.isNull(0) == (value == .null))
            }
            try #expect(!statement.step())
            #expect(statement.columnCount == 1)
        }
    }

    @Test func `Text is kept byte by byte`() throws {
        try withDatabase { database, _ in
            let statement = try database.prepare("SELECT ?, length(CAST(? AS BLOB))")
            try statement.bind(0, "e\u{301}")
            try statement.bind(1, "e\u{301}")
            try #expect(statement.step())
            #expect(Array((statement.text(0) ?? "").utf8) == Array("e\u{301}".utf8))
            #expect(statement.integer(1) == 3)
        }
    }

    @Test func `Random values survive`() throws {
        var random = SeededRandom()
        try withDatabase { database, _ in
            try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, r REAL)")
            for id in 0..<200 {
                let bytes = random.bytes(Int.random(in: 0...300, using: &random))
                let real = Double.random(in: -1e9...1e9, using: &random)
                try database.run("INSERT INTO t VALUES (?, ?, ?)", .integer(Int64(id)), .blob(bytes), .real(real))
                let statement = try database.prepare("SELECT b, r FROM t WHERE id = ?")
                try statement.bind(0, Int64(id))
                try #expect(statement.step())
                #expect(statement.blob(0) == bytes, "\(random)")
                #expect(statement.real(1) == real, "\(random)")
                #expect(statement.withBlob(0) { $0.count } == bytes.count, "\(random)")
                statement.reset()
            }
        }
    }

    @Test func `A value for a place that is not there is an error`() throws {
        try withDatabase { database, _ in
            let statement = try database.prepare("SELECT ?")
            #expect(throws: SQLiteError.self) { try statement.bind(1, 5) }
            #expect(throws: SQLiteError.self) { try statement.bind([1, 2]) }
            #expect(throws: SQLiteError.self) { try statement.bindNull(7) }
        }
    }

    @Test func `No value reads as nothing`() throws {
        try withDatabase { database, _ in
            let statement = try database.prepare("SELECT NULL")
            try #expect(statement.step())
            #expect(statement.text(0) == nil)
            #expect(statement.blob(0) == nil)
            #expect(statement.integer(0) == 0)
            #expect(statement.real(0) == 0)
            #expect(statement.withBlob(0) { $0.count } == 0)
        }
    }
}

@Suite struct StatementTests {
    @Test func `The same text is prepared once, and a new use begins afresh`() throws {
        try withDatabase { database, _ in
            let first = try database.prepare("SELECT ?")
            try first.bind(0, 5)
            try #expect(first.step())
            let second = try database.prepare("SELECT ?")
            #expect(first === second)
            try #expect(second.step())
            #expect(second.isNull(0))
        }
    }

    @Test func `A statement outlives the last mention of its connection`() throws {
        try withTemporaryDirectory { folder in
            let statement = try Database(folder.appending("a").string, mode: .create).prepare("SELECT 42")
            try #expect(statement.step())
            #expect(statement.integer(0) == 42)
        }
    }

    @Test func `Text without a statement is refused`() throws {
        try withDatabase { database, _ in
            #expect(throws: SQLiteError.self) { try database.prepare("-- nothing") }
        }
    }

    @Test func `An error names the SQL and what is wrong with it`() throws {
        try withDatabase { database, _ in
            let error = #expect(throws: SQLiteError.self) { try database.prepare("SELECT * FROM missing") }
            #expect(error?.description == "SQLite: no such table: missing (1), in: SELECT * FROM missing")
            #expect(throws: SQLiteError.self) { try database.execute("NONSENSE") }
        }
    }

    @Test func `Changes and row ids are counted`() throws {
        try withDatabase { database, _ in
            try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
            try database.run("INSERT INTO t (v) VALUES (?), (?)", "a", "b")
            #expect(database.changes == 2)
            #expect(database.lastInsertedRow == 2)
            let statement = try database.prepare("UPDATE t SET v = ?")
            try statement.bind(0, value: .text("c"))
            try statement.run()
            #expect(database.changes == 2)
        }
    }

    @Test func `A broken rule is a constraint`() throws {
        try withDatabase { database, _ in
            try database.execute("CREATE TABLE t (v UNIQUE)")
            try database.run("INSERT INTO t VALUES (?)", 1)
            let error = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO t VALUES (?)", 1) }
            #expect(error?.isConstraint == true)
            // The statement can be used again.
            try database.run("INSERT INTO t VALUES (?)", 2)
        }
    }
}

@Suite struct TransactionTests {
    private struct Stop: Error {}

    private func count(_ database: Database) throws -> Int64 {
        let statement = try database.prepare("SELECT count(*) FROM t")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : -1
    }

    private func insertTwiceAndStop(_ database: Database) throws {
        try database.run("INSERT INTO t VALUES (1)")
        try database.transaction { try database.run("INSERT INTO t VALUES (2)") }
        #expect(database.isInTransaction)
        throw Stop()
    }

    @Test func `What is thrown undoes all, also when transactions are nested`() throws {
        try withDatabase { database, _ in
            try database.execute("CREATE TABLE t (v)")
            do {
                try database.transaction { try insertTwiceAndStop(database) }
                Issue.record("nothing was thrown")
            } catch { #expect(error is Stop) }
            try #expect(count(database) == 0)
            try database.transaction { try database.run("INSERT INTO t VALUES (1)") }
            try #expect(count(database) == 1)
            #expect(!database.isInTransaction)
        }
    }

    @Test func `A reader sees one moment and a second writer is told that it is busy`() throws {
        try withDatabase { database, path in
            try database.useWriteAheadLog()
            try database.setDurability(.normal)
            try database.execute("CREATE TABLE t (v)")
            let other = try Database(path.string, mode: .readWrite, busyTimeout: 0)
            try other.reading {
                try #expect(count(other) == 0)
                try database.run("INSERT INTO t VALUES (1)")
                try #expect(count(other) == 0)
                try other.reading {
                    let inner = try count(other)
                    #expect(inner == 0)
                }
            }
            try #expect(count(other) == 1)
            try database.transaction {
                let error = #expect(throws: SQLiteError.self) { try other.transaction {} }
                #expect(error?.isBusy == true)
            }
        }
    }

    @Test func `The owner's version is kept`() throws {
        try withDatabase { database, path in
            try #expect(database.userVersion() == 0)
            try database.setUserVersion(7)
            try #expect(Database(path.string, mode: .readOnly).userVersion() == 7)
        }
    }
}

@Suite struct OpeningTests {
    @Test func `A file that is missing cannot be opened, unless it is made`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("none").string
            for mode in [Database.Mode.readOnly, .readWrite, .immutable] {
                let error = #expect(throws: SQLiteError.self) { try Database(path, mode: mode) }
                #expect(error?.isCannotOpen == true)
            }
            #expect(!FileSystem.exists(FilePath(path)))
        }
    }

    @Test func `A file that is no database is corrupt at the first use`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            try FileSystem.write([UInt8](repeating: 65, count: 5000), to: path)
            let database = try Database(path.string, mode: .readWrite)
            let error = #expect(throws: SQLiteError.self) { try database.userVersion() }
            #expect(error?.isCorrupt == true)
            #expect(error?.isFull == false)
        }
    }

    @Test func `Many may begin with a log at once`() throws {
        try withTemporaryDirectory { folder in
            for round in 0..<100 {
                try Parallel.forEach(count: 8, workers: 8) { _ in
                    let database = try Database(folder.appending("\(round)").string, mode: .create, busyTimeout: 10)
                    try database.useWriteAheadLog()
                    try database.transaction { try database.execute("CREATE TABLE IF NOT EXISTS t (v)") }
                }
            }
        }
    }

    @Test func `A connection for reading refuses to write`() throws {
        try withDatabase { database, path in
            try database.execute("CREATE TABLE t (v)")
            let reader = try Database(path.string, mode: .readOnly)
            let error = #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t VALUES (1)") }
            #expect(error?.isReadOnly == true)
        }
    }

    @Test func `An unchanging file is read whatever its name`() throws {
        try withTemporaryDirectory { folder in
            let odd = folder.appending("100% ?#\u{E9}")
            try FileSystem.makeDirectory(odd)
            let path = odd.appending(bytes: [0xFF, 0x01])
            do {
                let database = try Database(path: path.bytes, mode: .create)
                try database.execute("CREATE TABLE t (v); INSERT INTO t VALUES (5)")
            }
            let reader = try Database(path: path.bytes, mode: .immutable)
            let statement = try reader.prepare("SELECT v FROM t")
            try #expect(statement.step())
            #expect(statement.integer(0) == 5)
        }
    }

    @Test func `A database in memory has no log beside it`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try Database(":memory:", mode: .create).useWriteAheadLog()
        }
        #expect(error?.message == "the journal mode stays memory")
    }
}
