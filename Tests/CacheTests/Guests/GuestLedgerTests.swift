import Blobs
import Catalog
import Files
import SQLite
import Store
import TestSupport
import Testing

@testable import Cache

/// What a guest has of files and analyses: what is here counts wherever it lies, what is to be cleaned is the guest's own.
@Suite struct GuestLedgerTests {
    private func expect(
        _ guest: Shelf, here: Int, missing: Int, location: SourceLocation = #_sourceLocation
    ) throws {
        for limit in [0, 4096] {
            let counts = try Index(of: guest.store).fileCounts(in: .everything, lookingAtMost: limit)
            #expect(counts == FileCounts(here: here, missing: missing), sourceLocation: location)
        }
    }

    @Test func filesAreHereWhereverTheyLie() throws {
        try withShelf { shelf in
            try shelf.add(["one", "two", "three"])
            try shelf.put(["one"])
            shelf.store.blobs.journal.close()
            try shelf.makeIndex()
            let guest = try shelf.guest()
            try shelf.expectUntouched { () throws in
                try expect(guest, here: 1, missing: 2)
                #expect(guest.store.blobs.journal.isUntouched && !guest.hasIndex, "no journal is made to count")
                try guest.put(["two"])
                try expect(guest, here: 2, missing: 1)
                try guest.add(["four"])
                try expect(guest, here: 2, missing: 2)
                // Counted once, and kept in the guest's own index.
                try expect(guest, here: 2, missing: 2)
            }
            try shelf.put(["three"])
            // Somebody has the journal open, and what was written is in its log.
            try shelf.expectUntouched { () throws in try expect(guest, here: 3, missing: 1) }
        }
    }

    @Test func whatTheLibraryCountedHolds() throws {
        try withShelf { shelf in
            try shelf.add(["one", "two"])
            try shelf.put(["one"])
            _ = try Index(of: shelf.store).fileCounts(in: .everything, lookingAtMost: 0)
            shelf.store.blobs.journal.close()
            let guest = try shelf.guest()
            // Nobody goes through the files again: this is told from what was noted.
            do {
                let database = try Database(path: shelf.file.bytes, mode: .readWrite)
                try database.execute("UPDATE sums SET here = 5")
            }
            try shelf.expectUntouched { () throws in
                let counts = try Index(of: guest.store).fileCounts(in: .everything, lookingAtMost: 0)
                #expect(counts == FileCounts(here: 5, missing: 1))
            }
            try guest.put(["two"])
            let counts = try Index(of: guest.store).fileCounts(in: .everything, lookingAtMost: 0)
            #expect(counts == FileCounts(here: 2, missing: 0))
        }
    }

    @Test func onlyWhatTheGuestMadeIsInItsLedger() throws {
        try withShelf { shelf in
            try shelf.add(["one", "two"])
            let lent = try shelf.analyse("one", saying: "a long analysis")
            shelf.store.blobs.journal.close()
            let guest = try shelf.guest()
            try shelf.expectUntouched { () throws in
                let ledger = Index(of: guest.store).analyses
                #expect(ledger.catchUp() && ledger.totals() == AnalysisTotals() && ledger.uses().isEmpty)
                ledger.noteHit(lent)
                ledger.noteArrival(of: [try #require(lent.pointer)])
                #expect(ledger.uses()[lent.key]?.hits == 1)
                #expect(ledger.totals() == AnalysisTotals(), "that it was used is noted, but it is not the guest's")
                let rules = CleaningRules(now: .max, ttl: 0) { _ in false }
                #expect(rules.order(ledger.uses()).isEmpty)
                let own = try guest.analyse("two", saying: "short")
                #expect(ledger.catchUp() && ledger.totals().bytes == 5)
                #expect(rules.order(ledger.uses()).map(\.pointer) == [own.pointer])
                try guest.analyse("one", saying: "mine")
                #expect(ledger.catchUp() && ledger.totals().bytes == 9)
            }
        }
    }
}
