import Catalog
import Store
import Synchronization
import TestSupport
import Testing
import Trace

@testable import Cache

/// What a read does, counted and not timed.
@Suite struct IndexWorkTests {
    /// Whatever lies around it: among ten times as many, not one object more is read.
    @Test(arguments: [60, 600]) func oneChangeReadsItsPathAlone(_ count: Int) throws {
        let lines = Mutex<[String]>([])
        let trace = Trace([.git], clock: { 0 }, tell: { line in lines.withLock { $0.append(line) } })
        try withShelf(trace: trace) { shelf in
            let ids = try shelf.add((0..<count).map { "track \($0)" })
            let index = Index(of: shelf.store)
            let all = try index.survey { try $0.trackCount(in: .everything) }
            #expect(all == count)
            for number in [count / 2, 0, count - 1] {
                try shelf.rename(ids[number], to: "another \(number)")
                trace.finish()
                lines.withLock { $0 = [] }
                let answer = try index.page(Shelf.everything)
                #expect(answer.rows == 1 && answer.freshness == .refreshed)
                trace.finish()
                let read = lines.withLock { $0 }.compactMap { line in
                    line.wholeMatch(of: /git: objects read: (\d+) in all.*/).flatMap { Int($0.1) }
                }
                // Of both versions the commit, the tree, and the five folders down to the track; the new ones once more,
                // with the record and its pointer; and the versions that tell the cause.
                #expect(read.count == 1 && read[0] <= 2 * 7 + 8 + 6, "\(read)")
            }
        }
    }

    /// A head that moves while a value is computed: the value is of the version that was there when the read began, is
    /// never taken for a newer one, and the next read is of the new one.
    @Test func aValueIsOfTheVersionThatItWasComputedFrom() throws {
        try withShelf { shelf in
            let (index, others) = (Index(of: shelf.store), Index(of: shelf.store))
            let ids = try shelf.add(["one", "two"])
            for (turn, isBuilt) in [(0, true), (1, false), (2, false)] {
                if !isBuilt { try shelf.rename(ids[1], to: "two \(turn)") }
                let before = try shelf.store.version()
                let answer = try index.read { reader in
                    try shelf.rename(ids[0], to: "moved \(turn)")
                    return try #require(try reader.tracks(Shelf.everything)).rows.compactMap(\.title)
                }
                #expect(answer.version == before && !answer.value.contains("moved \(turn)"))
                for later in [index, others] {
                    let page = try later.page(Shelf.everything)
                    #expect(try page.version == shelf.store.version())
                    #expect(page.value?.rows.contains { $0.title == "moved \(turn)" } == true)
                }
            }
        }
    }

    /// A page that is kept in memory goes by the same rule.
    @Test func aPageThatWasMadeWhileTheHeadMovedIsNotKeptAsTheNewOne() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one"])
            let index = Index(
                of: shelf.store,
                memory: {
                    // Asked for when the page is about to be kept.
                    try? shelf.rename(ids[0], to: "moved")
                    return 1 << 20
                })
            let first = try index.page(Shelf.everything)
            #expect(first.value?.rows.map(\.title) == ["one"])
            #expect(try index.page(Shelf.everything).value?.rows.map(\.title) == ["moved"])
        }
    }
}
