import Blobs
import Catalog
import Digest
import Files
import SQLite
import Store
import TestSupport
import Testing

@testable import Cache

extension Shelf {
    /// Keeps an analysis that consists of these words, and notes it.
    @discardableResult
    fileprivate func keep(
        _ content: String, _ words: String, by name: String = "offbeat-1", noting index: Index? = nil
    ) throws -> AnalysisEntry {
        let batch = try store.blobs.beginBatch(durable: false)
        let pointer = try batch.put(bytes: Array(words.utf8)).pointer
        try batch.commit()
        let key = AnalysisKey(ContentHash(of: Array(content.utf8)), by: try #require(Analyzer(name)))
        let entry = AnalysisEntry(key, pointer: pointer, summary: AnalysisSummary(["rawSize": 100]))
        try store.changeAnalyses(because: "Analyse") { try $0.put(entry) }
        batch.end()
        index?.analyses.noteKept(entry)
        return entry
    }
}

@Suite struct AnalysisLedgerTests {
    @Test func usesAreCountedAndSurvive() throws {
        try withShelf { shelf in
            let first = try shelf.keep("a", "one")
            do {
                let index = Index(of: shelf.store)
                index.analyses.noteKept(first)
                for _ in 0..<3 { index.analyses.noteHit(first) }
            }
            let ledger = Index(of: shelf.store).analyses
            let use = try #require(ledger.uses()[first.key])
            #expect(use.hits == 3 && use.isHere && use.rawSize == 100 && use.pointer == first.pointer)
            #expect(use.lastAccess > use.created)
            #expect(ledger.totals() == AnalysisTotals(entries: 1, bytes: 3, rawBytes: 100))
            #expect(ledger.uses(of: first.key.audio).count == 1)
            #expect(ledger.uses(heldBy: try #require(first.pointer).oid)?.count == 1)
        }
    }

    @Test func whatComesByAnotherWayIsCaughtUpWith() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let ledger = index.analyses
            #expect(ledger.catchUp() && ledger.totals() == AnalysisTotals())
            let first = try shelf.keep("a", "one")
            let second = try shelf.keep("b", "three", by: "essentia-2")
            #expect(ledger.totals().entries == 0)
            #expect(ledger.catchUp() && ledger.totals().entries == 2 && ledger.totals().bytes == 8)
            ledger.noteHit(second)
            try shelf.store.changeAnalyses(because: "Remove") { $0.remove(first.key) }
            let changed = try shelf.keep("c", "fifty")
            #expect(ledger.catchUp())
            #expect(Set(ledger.uses().keys) == [second.key, changed.key])
            #expect(ledger.uses()[second.key]?.hits == 1, "what was counted stays")
        }
    }

    @Test func oneThatIsLostIsToldAgain() throws {
        try withShelf { shelf in
            for name in ["a", "b"] { try shelf.keep(name, "blob \(name)") }
            expectTwo(shelf, "before")
            for damage in ["gone", "garbage", "truncated"] {
                let file = shelf.directory.appending("ledger.db")
                try FileSystem.remove(shelf.directory.appending("ledger.db-wal"))
                try FileSystem.remove(shelf.directory.appending("ledger.db-shm"))
                switch damage {
                case "gone": try FileSystem.remove(file)
                case "garbage": try FileSystem.write(Array(repeating: 7, count: 5000), to: file)
                default: try FileSystem.write(Array(FileSystem.read(file).prefix(3000)), to: file)
                }
                expectTwo(shelf, "\(damage)")
            }
        }
    }

    /// In a function of its own, so that the file is closed behind it.
    private func expectTwo(_ shelf: Shelf, _ comment: Comment) {
        let index = Index(of: shelf.store)
        #expect(index.analyses.catchUp(), comment)
        #expect(index.analyses.totals().entries == 2, comment)
    }

    @Test func whatIsGoneIsForgottenThoughNobodyCaughtUpBefore() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let entry = try shelf.keep("a", "one", noting: index)
            #expect(index.analyses.totals().entries == 1)
            try shelf.store.changeAnalyses(because: "Remove") { $0.remove(entry.key) }
            #expect(index.analyses.catchUp() && index.analyses.totals().entries == 0)
        }
    }

    @Test func whatWasRemovedIsRememberedUntilItComesBack() throws {
        try withShelf { shelf in
            let ledger = Index(of: shelf.store).analyses
            let entry = try shelf.keep("a", "one")
            let blob = try #require(entry.pointer)
            #expect(ledger.catchUp())
            ledger.noteAbsence(of: [entry.key], isDropped: true)
            #expect(ledger.dropped() == [blob.oid] && ledger.totals().entries == 0)
            ledger.noteAbsence(of: [entry.key], isDropped: false)
            #expect(ledger.dropped() == [blob.oid])
            ledger.noteArrival(of: [blob])
            #expect(ledger.dropped().isEmpty && ledger.totals().entries == 1)
            ledger.noteAbsence(of: [entry.key], isDropped: true)
            ledger.noteHit(entry)
            #expect(ledger.dropped().isEmpty && ledger.totals().entries == 1)
        }
    }

    @Test func theFutureIsPulledBack() throws {
        try withShelf { shelf in
            let entry = try shelf.keep("a", "one")
            let index = Index(of: shelf.store)
            let later = AnalysisUse(try #require(entry.pointer), rawSize: nil, at: .max)
            index.statistics.note(later, of: entry.key)
            #expect(index.analyses.uses()[entry.key]?.lastAccess == .max)
            index.analyses.pullBack()
            #expect((index.analyses.uses()[entry.key]?.lastAccess ?? .max) < 2_000_000_000_000)
        }
    }

    @Test func whereNothingCanBeWrittenNothingFails() throws {
        try withShelf { shelf in
            let entry = try shelf.keep("a", "one")
            try FileSystem.removeTree(shelf.directory)
            try FileSystem.write([], to: shelf.directory)
            let ledger = Index(of: shelf.store).analyses
            for _ in 0..<600 { ledger.noteHit(entry) }
            #expect(!ledger.catchUp() && ledger.totals() == AnalysisTotals() && ledger.uses().isEmpty)
            #expect(ledger.uses(heldBy: entry.key.audio) == nil, "nobody knows")
            ledger.noteAbsence(of: [entry.key], isDropped: true)
            ledger.forget([entry.key])
        }
    }
}

/// A ledger of the program before this one.
@Suite struct LedgerUpgradeTests {
    @Test func whatAnEarlierProgramCountedStays() throws {
        try withShelf { shelf in
            try FileSystem.makeDirectory(shelf.directory)
            let file = shelf.directory.appending("ledger.db")
            do {
                let old = try Database(file.string, mode: .create)
                try old.execute(
                    """
                    CREATE TABLE counts(kind TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
                        PRIMARY KEY(kind, name)) WITHOUT ROWID;
                    CREATE TABLE uses(view TEXT NOT NULL, person BLOB NOT NULL, created INTEGER NOT NULL,
                        lastUse INTEGER NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY(person, view)) WITHOUT ROWID;
                    CREATE TABLE moments(name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO counts VALUES('hits', 'picker', 41);
                    """)
                try old.setUserVersion(1)
            }
            let entry = try shelf.keep("a", "one")
            let index = Index(of: shelf.store)
            index.analyses.noteKept(entry)
            #expect(index.statistics.counts().hits == 41)
            #expect(index.analyses.totals().entries == 1)
            #expect(!FileSystem.exists(shelf.directory.appending("ledger.damaged")))
            #expect(try Database(file.string, mode: .readOnly).userVersion() == 2)
        }
    }
}
