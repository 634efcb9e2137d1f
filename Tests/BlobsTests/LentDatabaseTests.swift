import Blobs
import Files
import SQLite
import TestSupport
import Testing

/// A database of somebody else, read without a trace.
@Suite struct LentDatabaseTests {
    private struct Place {
        let folder: FilePath
        var file: FilePath { folder.appending("a b%.db") }
        var log: FilePath { folder.appending("a b%.db-wal") }

        func open() throws -> Database {
            let database = try Database(path: file.bytes, mode: .create)
            try database.useWriteAheadLog()
            try database.execute("CREATE TABLE IF NOT EXISTS numbers(number INTEGER)")
            return database
        }

        func write(_ number: Int64) throws { try open().run("INSERT INTO numbers VALUES(?)", .integer(number)) }
    }

    private func withPlace(_ body: (Place) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(folder.appending("data"))
            try body(Place(folder: folder.appending("data")))
        }
    }

    private static func sum(_ database: Database) throws -> Int64 {
        let statement = try database.prepare("SELECT total(number) FROM numbers")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : -1
    }

    @Test func itIsReadWithoutATrace() throws {
        try withPlace { place in
            try place.write(3)
            let before = try FilesSeen(in: place.folder)
            let lent = LentDatabase(at: place.file)
            #expect(lent.exists)
            var times: [Bool] = []
            for _ in 0..<3 {
                let sum = try lent.read { database, isNew in
                    times.append(isNew)
                    return try Self.sum(database)
                }
                #expect(sum == 3)
            }
            #expect(times == [true, false, false])
            #expect(try before.differences(from: FilesSeen(in: place.folder)) == [])
            try place.write(4)
            #expect(try lent.read { (database, _) in try Self.sum(database) } == 7, "what was written since")
        }
    }

    @Test func thereIsNoAnswerWhileChangesAreInALog() throws {
        try withPlace { place in
            try place.write(3)
            let lent = LentDatabase(at: place.file)
            #expect(try lent.read { (database, _) in try Self.sum(database) } == 3)
            let writer = try place.open()
            #expect(try lent.read { (database, _) in try Self.sum(database) } == 3, "nothing is in the log")
            try writer.run("INSERT INTO numbers VALUES(4)")
            #expect(try lent.read { (database, _) in try Self.sum(database) } == nil)
            _ = writer.isInTransaction
        }
    }

    @Test func thereIsNoneWhereNoDatabaseIs() throws {
        try withPlace { place in
            let lent = LentDatabase(at: place.file)
            #expect(try !lent.exists && lent.read { _, _ in true } == nil)
            try FileSystem.write("no database, whatever it is called", to: place.file)
            #expect(try lent.exists && lent.read { (database, _) in try Self.sum(database) } == nil)
            try FileSystem.remove(place.file)
            try FileSystem.makeDirectory(place.file)
            #expect(try lent.read { _, _ in true } == nil)
        }
    }

    @Test func whatIsReadWhileItIsWrittenToIsNotBelieved() throws {
        try withPlace { place in
            try place.write(3)
            let lent = LentDatabase(at: place.file)
            func read(while change: () throws -> Void) throws -> Int64? {
                try lent.read { database, _ in
                    try change()
                    return try Self.sum(database)
                }
            }
            #expect(try read {} == 3)
            // Closing brings the log into the file.
            #expect(try read { try place.write(4) } == nil)
            #expect(try read {} == 7)
            let other = place.folder.appending("other")
            try FileSystem.write(FileSystem.read(place.file), to: other)
            #expect(try read { try FileSystem.rename(other, to: place.file) } == nil)
            #expect(try read { try FileSystem.remove(place.file) } == nil)
        }
    }

    @Test func errorsOfTheReaderAreTold() throws {
        struct Odd: Error {}
        try withPlace { place in
            try place.write(3)
            let lent = LentDatabase(at: place.file)
            #expect(throws: Odd.self) { try lent.read { _, _ in throw Odd() } }
            // What SQLite does not like is no answer.
            #expect(try lent.read { database, _ in try database.execute("SELECT * FROM nothing") } == nil)
            #expect(try lent.read { (database, _) in try Self.sum(database) } == 3)
        }
    }

    /// Another connection of the same process may hold the file: the system would let go of its locks.
    @Test func locksOfTheSameProcessStay() throws {
        try withPlace { place in
            try place.write(3)
            let holder = try place.open()
            _ = try Self.sum(holder)
            let inode = try FileSystem.status(of: place.file).inode
            func locks() throws -> Int {
                let table = String(
                    decoding: try FileDescriptor.open("/proc/locks", .read).readAll(limit: 1 << 24), as: UTF8.self)
                return table.split(separator: "\n").count { $0.contains("POSIX") && $0.contains(":\(inode) ") }
            }
            let held = try locks()
            #expect(held > 0)
            #expect(try LentDatabase(at: place.file).read { (database, _) in try Self.sum(database) } == 3)
            #expect(try LentCopy(of: place.file).make(at: place.folder.appending("copy")))
            #expect(try locks() == held)
            _ = holder.isInTransaction
        }
    }
}

/// A copy of a database that others write to.
@Suite struct LentCopyTests {
    @Test func theLogIsCopiedToo() throws {
        try withTemporaryDirectory { folder in
            let (file, copy) = (folder.appending("one"), folder.appending("two"))
            #expect(try !LentCopy(of: file).make(at: copy))
            let writer = try Database(path: file.bytes, mode: .create)
            try writer.useWriteAheadLog()
            try writer.execute("CREATE TABLE numbers(number INTEGER)")
            try writer.run("INSERT INTO numbers VALUES(7)")
            let before = try FilesSeen(in: folder)
            #expect(try LentCopy(of: file).make(at: copy))
            let changed = try before.differences(from: FilesSeen(in: folder))
            #expect(changed == [".", "./two", "./two-wal"])
            let copied = try Database(path: copy.bytes, mode: .readWrite)
            let numbers = try copied.prepare("SELECT number FROM numbers")
            #expect(try numbers.step() && numbers.integer(0) == 7)
            _ = writer.isInTransaction
        }
    }

    /// Whatever a writer does meanwhile, a copy is of one moment.
    @Test func itIsOfOneMoment() async throws {
        let folder = FilePath("/tmp/offbeat-test-" + String(UInt64.random(in: .min ... .max), radix: 36))
        try FileSystem.makeDirectory(folder)
        defer { _ = try? FileSystem.removeTree(folder) }
        let file = folder.appending("one")
        try Self.begin(file)
        let sound = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try Self.write(to: file, rounds: 60)
                return 0
            }
            group.addTask { try Self.copy(file, to: folder, rounds: 30) }
            return try await group.reduce(0, +)
        }
        #expect(sound > 0)
    }

    private static func begin(_ file: FilePath) throws {
        let database = try Database(path: file.bytes, mode: .create)
        try database.useWriteAheadLog()
        try database.execute("CREATE TABLE pairs(id INTEGER PRIMARY KEY, left INTEGER, right INTEGER, filler BLOB)")
        try database.transaction {
            for id in 0..<500 {
                try database.run("INSERT INTO pairs VALUES(?, 0, 0, zeroblob(900))", .integer(Int64(id)))
            }
        }
    }

    /// Each transaction adds to all rows, far apart in the file; now and then the log is brought into the file, or begun anew.
    private static func write(to file: FilePath, rounds: Int) throws {
        let database = try Database(path: file.bytes, mode: .readWrite)
        for round in 1...rounds {
            try database.transaction {
                try database.run("UPDATE pairs SET left = ? WHERE id % 2 = 0", .integer(Int64(round)))
                try database.run("UPDATE pairs SET left = ? WHERE id % 2 = 1", .integer(Int64(round)))
                try database.run("UPDATE pairs SET right = left")
            }
            if round % 7 == 0 { try database.execute("PRAGMA wal_checkpoint(PASSIVE)") }
            if round % 11 == 0 { try database.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
            SystemClock.sleep(seconds: 0.004)
        }
    }

    private static func copy(_ file: FilePath, to folder: FilePath, rounds: Int) throws -> Int {
        var sound = 0
        for round in 0..<rounds {
            let copy = folder.appending("copy-\(round)")
            guard try LentCopy(of: file).make(at: copy) else { continue }
            sound += 1
            let database = try Database(path: copy.bytes, mode: .readWrite)
            #expect(try database.faultInFile() == nil)
            let statement = try database.prepare(
                "SELECT count(DISTINCT left), count(*), sum(left <> right) FROM pairs")
            #expect(try statement.step())
            #expect(statement.integer(0) == 1 && statement.integer(1) == 500 && statement.integer(2) == 0)
        }
        return sound
    }
}
