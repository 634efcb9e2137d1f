import Catalog
import Files
import Store
import TestSupport
import Testing

@testable import Offbeat

/// A store that somebody else writes to: readers go on, writers say `locked` once their patience is at an end.
@Suite struct HeldLockTests {
    @Test func aWriterGivesUpAndSaysSo() throws {
        try withTemporaryDirectory { place in
            var context = StoreContext(now: { 1_700_000_000_000 }, utcOffset: { _ in 0 }, machine: [1])
            context.patience = 0.1
            let seed = StoreSeed(name: "Locked", handle: Handle("ana"))
            let library = try Library.create(at: place.appending("store"), seed: seed, context: context)
            let song = place.appending("song.wav")
            try FileSystem.write(noise(seed: 1, frames: 40), to: song)
            let before = try library.version()
            try library.store.exclusively { _ in
                let session = try library.session()
                let failure = #expect(throws: Failure.self) { try session.add(AddRequest(paths: [song])) }
                #expect(failure?.code == .locked && failure?.hint != nil)
                #expect(try session.list(ListRequest()).total == 0)
            }
            #expect(try library.version() == before)
            #expect(try library.session().add(AddRequest(paths: [song])).added.count == 1)
        }
    }
}
