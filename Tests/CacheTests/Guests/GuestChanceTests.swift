import Blobs
import Catalog
import Files
import Store
import TestSupport
import Testing

@testable import Cache

/// A library and guests over it change and read by turns, as chance has it: each always sees what its store holds, and no
/// guest is ever seen in the library.
@Suite struct GuestChanceTests {
    /// A store, its index as one process has it open, and its tracks.
    private final class Side {
        let shelf: Shelf
        let isGuest: Bool
        var index: Index
        var ids: [TrackID]

        init(_ shelf: Shelf, isGuest: Bool, ids: [TrackID]) {
            self.shelf = shelf
            self.isGuest = isGuest
            self.ids = ids
            index = Index(of: shelf.store)
        }

        func change(_ random: inout SeededRandom, round: Int) throws {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: ids += try shelf.add(["new \(round) \(isGuest)"])
            case 1 where ids.count > 1:
                try shelf.remove(ids.remove(at: Int.random(in: ids.indices, using: &random)))
            case 2: try shelf.put(["new \(Int.random(in: 0...round, using: &random)) \(isGuest)"])
            default:
                try shelf.rename(try #require(ids.randomElement(using: &random)), to: "named \(round)")
            }
        }

        /// What the index says, and what there is.
        func compare(_ words: Comment) throws {
            let titles = try shelf.titles()
            #expect(try index.titles().titles == titles, words)
            let page = try index.page(Shelf.everything).value
            #expect(page?.rows.compactMap(\.title).sorted() == titles, words)
            #expect(try index.survey { try $0.trackCount(in: .everything) } == titles.count, words)
            var counts = FileCounts()
            try shelf.store.snapshot().forEachTrack { reading in
                guard case .track(let folder) = reading, let audio = folder.audio?.pointer else { return }
                counts.count(isHere: shelf.store.blobs.contains(audio))
            }
            #expect(try index.fileCounts(in: .everything, lookingAtMost: 0) == counts, words)
        }
    }

    @Test func everybodySeesWhatTheirStoreHolds() throws {
        try withShelf { shelf in
            var random = SeededRandom()
            let ids = try shelf.add((0..<12).map { "new \($0) true" })
            let base = Side(shelf, isGuest: false, ids: ids)
            if Bool.random(using: &random) { try shelf.makeIndex() }
            var guests = [Side(try shelf.guest(), isGuest: true, ids: ids)]
            guests.append(Side(try shelf.guest(), isGuest: true, ids: ids))
            for round in 0..<60 {
                let words: Comment = "round \(round), \(random)"
                let side = try #require((guests + [base]).randomElement(using: &random))
                let what = Int.random(in: 0..<8, using: &random)
                guard side.isGuest else {
                    switch what {
                    case 0..<3: try side.change(&random, round: round)
                    case 3..<5: try side.compare(words)
                    // As if the process ended: what is in logs comes into the files.
                    default:
                        side.index = Index(of: shelf.store)
                        shelf.store.blobs.journal.close()
                    }
                    continue
                }
                try shelf.expectUntouched { () throws in
                    switch what {
                    case 0..<2: try side.change(&random, round: round)
                    case 2: side.index = Index(of: side.shelf.store)
                    case 3: try side.index.clear()
                    case 4:
                        let first = RecordFolder.track(try #require(side.ids.first))
                        _ = try side.index.invalidate(.records([first]), by: "ana")
                    default: try side.compare(words)
                    }
                }
            }
            for side in guests + [base] { try side.compare("at the end, \(random)") }
        }
    }

    /// Somebody writes to the library's index all the time: what a guest reads meanwhile is right, or is not believed.
    @Test func aLibraryThatNeverRests() async throws {
        let folder = FilePath("/tmp/offbeat-test-" + String(UInt64.random(in: .min ... .max), radix: 36))
        try FileSystem.makeDirectory(folder)
        defer { _ = try? FileSystem.removeTree(folder) }
        let shelf = try Shelf(in: folder)
        let ids = try shelf.add((0..<200).map { "track \($0)" })
        try shelf.makeIndex()
        let guest = try shelf.guest()
        let titles = try guest.titles()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<60 {
                    try shelf.rename(ids[round * 7 % ids.count], to: "renamed \(round)")
                    // Each time another process: at its end what it wrote comes into the file.
                    try shelf.makeIndex()
                }
            }
            group.addTask {
                for _ in 0..<60 {
                    let index = Index(of: guest.store)
                    #expect(try index.titles().titles == titles)
                    try index.clear()
                }
            }
            try await group.waitForAll()
        }
    }
}
