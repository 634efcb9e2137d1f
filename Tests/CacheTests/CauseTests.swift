import Files
import Store
import TestSupport
import Testing

@testable import Cache

/// What is counted when rows are made again.
@Suite struct CauseTests {
    private func counts(_ body: (Shelf, Index) throws -> Void) throws -> CacheCounts {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            try shelf.add(["one", "two"])
            _ = try index.titles()
            try body(shelf, index)
            return index.statistics.counts()
        }
    }

    @Test func theFirstTimeNothingIsMadeAgain() throws {
        let counts = try counts { _, index in _ = try index.titles() }
        #expect(counts.invalidations.isEmpty)
        #expect(counts.hits == 1 && counts.misses == 1)
        #expect(counts.views[.picker]?.built == 1)
    }

    @Test func changes() throws {
        let counts = try counts { shelf, index in
            try shelf.add(["three"])
            _ = try index.titles()
            _ = try index.titles()
            try shelf.add(["four"])
            try shelf.add(["five"])
            _ = try index.titles()
        }
        #expect(counts.invalidations == [.change: 2])
        #expect(counts.hits == 1 && counts.misses == 3)
    }

    @Test func lossOfTheIndex() throws {
        try withShelf { shelf in
            try shelf.add(["one", "two"])
            _ = try Index(of: shelf.store).titles()
            try FileSystem.remove(shelf.file)
            _ = try Index(of: shelf.store).titles()
            try FileSystem.write(Array(repeating: 3, count: 9000), to: shelf.file)
            _ = try Index(of: shelf.store).titles()
            let counts = Index(of: shelf.store).statistics.counts()
            #expect(counts.invalidations == [.rebuild: 2])
            #expect(counts.views[.picker]?.built == 3)
        }
    }

    @Test func pagesFromMemoryAreHits() throws {
        let counts = try counts { _, index in
            for _ in 0..<10 { _ = try index.page(Shelf.everything) }
        }
        #expect(counts.hits == 10 && counts.misses == 1)
    }
}
