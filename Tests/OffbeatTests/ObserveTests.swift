import Cache
import Catalog
import Store
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// Whoever watches a library hears of each move, and of the views that it touched.
@Suite struct ObserveTests {
    @Test func eachMoveNamesItsRecordsAndViews() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let band = try place.workspace("band", ["ana", "ben"])
            let track = try place.add("one.wav")
            let heard = Mutex<[LibraryMove]>([])
            var watching: Observation? = place.library.observe { move in heard.withLock { $0.append(move) } }
            defer { withExtendedLifetime(watching) {} }
            func last() throws -> LibraryMove { try #require(heard.withLock { $0.last }) }

            let before = try place.library.version()
            try place.edit("one", "title=Uno")
            #expect(try last().views == [.picker] && last().move.from == before)
            #expect(try last().move.to == place.library.version())
            #expect(try last().move.changes.compactMap(\.folder) == [.track(track.id)])

            let post = try place.newPost(as: "ana") { $0.track = track.id.hex }
            #expect(try last().views == [.history("band")])
            #expect(try last().move.changes.compactMap(\.folder) == [.post(band, post.post.id)])

            _ = try place.session.list(ListRequest())
            try place.edit("Uno", "title=Due")
            #expect(try last().views == [.history("band"), .picker], "a post is shown with its track")

            let count = heard.withLock { $0.count }
            watching = nil
            try place.edit("Due", "title=Tre")
            #expect(heard.withLock { $0.count } == count)
        }
    }

    /// Who looks at posts is to hear of the remote sooner than who only looks at tracks.
    @Test func newsAreAskedForAsOftenAsIsLookedAt() throws {
        try withPlace(people: ["ana"]) { place in
            _ = try place.workspace("band", ["ana"])
            #expect(place.library.timeToLive == 300)
            _ = try place.session.list(ListRequest())
            #expect(place.library.timeToLive == 300)
            _ = try place.session.posts(PostListRequest())
            #expect(place.library.timeToLive == 120)
        }
    }
}
