import Cache
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// What a guest reads is what the library says, and nothing in the library tells of it.
@Suite struct GuestReadingTests {
    private func withGuest(_ body: (Place, Session) throws -> Void) throws {
        try withPlace { place in
            for (number, name) in ["one", "two", "three"].enumerated() {
                try place.add("\(name).wav", frequency: 300 + 100 * Double(number))
            }
            try place.keep(Array("found out".utf8), of: "one")
            _ = try place.session.list(ListRequest())
            _ = try place.session.status()
            try body(place, place.guest().session())
        }
    }

    private func expectUntouched(_ place: Place, _ body: () throws -> Void) throws {
        let before = try FilesSeen(in: place.path, but: ["scratch"])
        try body()
        #expect(try before.differences(from: FilesSeen(in: place.path, but: ["scratch"])) == [])
    }

    @Test func everyAnswerIsTheLibrarys() throws {
        try withGuest { place, guest in
            let session = try place.session
            let list = try session.list(ListRequest()).tracks.map(\.id)
            let status = try session.status()
            let report = try session.cacheReport()
            try expectUntouched(place) { () throws in
                #expect(try guest.list(ListRequest()).tracks.map(\.id) == list)
                #expect(try guest.list(ListRequest()).freshness == .hit)
                let own = try guest.status()
                #expect(own.tracks == status.tracks && own.files == status.files && own.version == status.version)
                #expect(try guest.show("two").track.title == "two")
                let target = try guest.analysisTarget(of: "one")
                guard case .found(let found) = try guest.analysis(of: target) else {
                    Issue.record("the bytes are in the library")
                    return
                }
                #expect(found.bytes == Array("found out".utf8) && found.origin == .hit)
                #expect(try guest.cacheReport().counts[.analysis].hits == 1)
                #expect(try guest.cacheReport().analyses.entries == 0, "none of them is the guest's")
            }
            #expect(try session.cacheReport().counts.hits == report.counts.hits, "nobody counted it in the library")
        }
    }

    @Test func itsCacheIsItsOwn() throws {
        try withGuest { place, guest in
            try expectUntouched(place) { () throws in
                #expect(try guest.library.cleanCache().files == 0)
                #expect(try guest.warm("").tracks == 3)
                #expect(try guest.explain("picker").condition.isValid)
                #expect(try guest.invalidate(.named("picker")).rows == 3)
                #expect(try !guest.explain("picker").condition.isValid)
                #expect(try guest.list(ListRequest()).freshness == .built)
                #expect(try guest.library.clearCache() > 0)
                #expect(try guest.list(ListRequest()).freshness == .hit)
                #expect(try guest.invalidateAnalyses(of: "one") == 1)
                #expect(try guest.library.cleanCache().files == 0)
            }
            #expect(try place.isCached("one"), "taken back in the guest alone")
        }
    }
}
