import Catalog
import Files
import SQLite
import Store
import TestSupport
import Testing
import Trace

@testable import Cache

/// A folder that counts are kept in.
private func withFolder(_ body: (FilePath) throws -> Void) throws {
    try withTemporaryDirectory { root in try body(root.appending("cache")) }
}

extension Statistics {
    fileprivate convenience init(in directory: FilePath) { self.init(in: directory, trace: .off) }

    fileprivate var picker: CacheCounts.View { counts().views[.picker] ?? .init() }
}

@Suite struct StatisticsTests {
    @Test func whatThreadsCountAddsUp() throws {
        try withFolder { folder in
            let (mine, others) = (Statistics(in: folder), Statistics(in: folder))
            Parallel.forEach(count: 8, workers: 8) { number in
                let statistics = number % 2 == 0 ? mine : others
                for count in 0..<1000 {
                    statistics.note(.picker, for: nil, isReady: count % 4 != 0, rows: 1, at: 5)
                    if count % 100 == 0 { statistics.note(.change) }
                }
            }
            mine.flush()
            others.flush()
            let counts = Statistics(in: folder).counts()
            #expect(counts.hits == 6000 && counts.misses == 2000)
            #expect(counts.views[.picker]?.rows == 8000)
            #expect(counts.invalidations == [.change: 80])
            #expect(Statistics(in: folder).uses(by: nil)[.picker]?.hits == 6000)
        }
    }

    @Test func whatGoesIsWrittenDown() throws {
        try withFolder { folder in
            do {
                let statistics = Statistics(in: folder)
                statistics.note(.history("band"), for: nil, isReady: true, at: 1)
            }
            #expect(Statistics(in: folder).counts().views[.history("band")]?.hits == 1)
        }
    }

    @Test func nothingIsWrittenForASingleCount() throws {
        try withFolder { folder in
            let statistics = Statistics(in: folder)
            statistics.note(.picker, for: nil, isReady: true, at: 1)
            try #expect(FileSystem.statusIfExists(of: folder) == nil)
            for _ in 0..<256 { statistics.note(.picker, for: nil, isReady: true, at: 1) }
            try #expect(FileSystem.statusIfExists(of: folder) != nil)
        }
    }

    @Test func greatNumbersStayWhole() throws {
        try withFolder { folder in
            for _ in 0..<3 {
                let statistics = Statistics(in: folder)
                statistics.note(.picker, rows: .max, isBuilt: true)
                statistics.note(.picker, rows: .max - 7, isBuilt: false)
                statistics.flush()
            }
            #expect(Statistics(in: folder).picker.rows == .max)
            #expect(Statistics(in: folder).picker.built == 3)
            let database = try Database(folder.appending("ledger.db").string, mode: .readOnly)
            let statement = try database.prepare("SELECT typeof(number) FROM counts WHERE kind = 'rows'")
            try #expect(statement.step() && statement.text(0) == "integer")
        }
    }

    @Test func aClockMayJump() throws {
        try withFolder { folder in
            let statistics = Statistics(in: folder)
            let person = try #require(PersonID("00112233445566778899aabbccddeeff"))
            for now in [5000, UInt64.max, 1000, 9000] as [UInt64] {
                statistics.note(.picker, for: person, isReady: true, at: now)
                statistics.flush()
            }
            let use = statistics.uses(by: person)[.picker]
            #expect(use == ViewUse(created: 1000, lastUse: 9000, hits: 4))
            #expect(statistics.uses(by: nil).isEmpty)
            try statistics.forgetUses(by: person)
            #expect(statistics.uses(by: person).isEmpty && statistics.picker.hits == 4)
        }
    }
}

/// Whatever happens to its file, counting never fails.
@Suite struct LedgerFileTests {
    private func withLedger(_ body: (FilePath, FilePath) throws -> Void) throws {
        try withFolder { folder in
            do { Statistics(in: folder).note(.picker, for: nil, isReady: true, at: 1) }
            try body(folder, folder.appending("ledger.db"))
        }
    }

    private func count(in folder: FilePath) -> Int64 {
        let statistics = Statistics(in: folder)
        statistics.note(.picker, for: nil, isReady: true, at: 2)
        statistics.flush()
        return Statistics(in: folder).picker.hits
    }

    @Test func missing() throws {
        try withLedger { folder, _ in
            try FileSystem.removeTree(folder)
            #expect(count(in: folder) == 1)
        }
    }

    @Test func garbageIsPutAside() throws {
        try withLedger { folder, file in
            let garbage = Array(repeating: UInt8(7), count: 5000)
            try FileSystem.write(garbage, to: file)
            #expect(count(in: folder) == 1)
            try #expect(FileSystem.read(folder.appending("ledger.damaged")) == garbage)
        }
    }

    @Test func withoutATable() throws {
        try withLedger { folder, file in
            let database = try Database(file.string, mode: .readWrite)
            try database.execute("DROP TABLE counts")
            #expect(count(in: folder) == 1)
        }
    }

    @Test func ofALaterProgramIsLeftAlone() throws {
        try withLedger { folder, file in
            try Database(file.string, mode: .readWrite).setUserVersion(99)
            #expect(count(in: folder) == 0)
            try Database(file.string, mode: .readWrite).setUserVersion(Int32(Ledger.kind.version))
            #expect(Statistics(in: folder).picker.hits == 1)
        }
    }

    @Test func deletedWhileItIsOpen() throws {
        try withLedger { folder, _ in
            let statistics = Statistics(in: folder)
            #expect(statistics.picker.hits == 1)
            try FileSystem.removeTree(folder)
            statistics.note(.picker, for: nil, isReady: true, at: 3)
            statistics.flush()
            #expect(Statistics(in: folder).picker.hits == 1)
        }
    }

    @Test func whereNothingCanBeWritten() throws {
        try withLedger { folder, _ in
            try FileSystem.removeTree(folder)
            try FileSystem.write([], to: folder)
            let statistics = Statistics(in: folder)
            for _ in 0..<1000 { statistics.note(.picker, for: nil, isReady: true, at: 2) }
            #expect(statistics.picker.hits == 1000, "what was counted here is known here")
            try FileSystem.remove(folder)
            statistics.flush()
            #expect(Statistics(in: folder).picker.hits == 1000, "and written once it can be")
        }
    }

    @Test func heldBySomebodyWhoDoesNotGoOn() throws {
        try withLedger { folder, file in
            let statistics = Statistics(in: folder)
            do {
                let database = try Database(file.string, mode: .readWrite)
                try database.execute("BEGIN IMMEDIATE")
                let watch = Stopwatch()
                for _ in 0..<300 { statistics.note(.picker, for: nil, isReady: true, at: 2) }
                #expect(watch.seconds < 1)
                #expect(statistics.picker.hits == 301, "it can be read all the same")
                try database.execute("ROLLBACK")
            }
            statistics.flush()
            #expect(Statistics(in: folder).picker.hits == 301)
        }
    }
}
