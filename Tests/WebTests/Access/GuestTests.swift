import Catalog
import Files
import HTTP
import Offbeat
import TestSupport
import Testing

@testable import Web

/// Visitors who are nobody, and what becomes of their work.
@Suite struct GuestTests {
    /// Adds a track as a guest does.
    private func addTrack(_ stage: Stage, _ guest: HTTPHeaders, seed: UInt64 = 7) throws -> String {
        let id = try stage.ask(.get, "/api/session", headers: guest).json()["guest"]?.asString ?? ""
        let file = stage.folder.appending("guest-\(seed).wav")
        try FileSystem.write(noise(seed: seed), to: file)
        let library = try Library(
            at: stage.library.path.appending("scratch").appending(id), context: stage.library.context)
        return try library.session().add(AddRequest(paths: [file])).added.first?.id.hex ?? ""
    }

    @Test func nobodyIsAGuestWhereNoneAreLetIn() throws {
        try Stage.with { (stage) throws in
            #expect(try stage.ask(.post, "/api/session", [:], headers: [:]).status == 401)
        }
    }

    @Test func aGuestLeavesNoTrace() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let version = try stage.library.version()
            let guest = try stage.browser([:])
            let ear = try Ear(at: stage, guest)
            let track = try addTrack(stage, guest)
            #expect(ear.hears("moved") { $0.names(track) })
            #expect(try stage.ask(.get, "/api/tracks/\(track)", headers: guest).status == 200)
            #expect(try stage.ask(.get, "/api/tracks/\(track)").status == 404)
            #expect(try stage.scratches().count == 1)
            #expect(try stage.ask(.delete, "/api/session", headers: guest).status == 204)
            #expect(try stage.ask(.get, "/api/session", headers: guest).status == 401)
            #expect(eventually { (try? stage.scratches().isEmpty) == true })
            #expect(eventually { ear.hasEnded })
            #expect(try stage.library.version() == version)
        }
    }

    @Test func twoGuestsDoNotSeeEachOther() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let (one, other) = (try stage.browser([:]), try stage.browser([:]))
            let ears = (try Ear(at: stage, one), try Ear(at: stage, other), try Ear(at: stage))
            let track = try addTrack(stage, one)
            #expect(ears.0.hears("moved") { $0.names(track) })
            #expect(try stage.ask(.get, "/api/tracks/\(track)", headers: other).status == 404)
            #expect(try stage.ask(.get, "/api/guests", headers: other).status == 403)
            let second = try addTrack(stage, other, seed: 8)
            #expect(ears.1.hears("moved") { $0.names(second) })
            #expect(!ears.1.events().contains { $0.data.contains(track) })
            #expect(ears.2.events("moved").isEmpty && ears.2.events("analysis").isEmpty)
        }
    }

    @Test func aGuestsWorkIsKeptByWhomItWasSentTo() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let ben = Stage.by(try stage.library.makeToken(for: "ben").secret)
            let guest = try stage.browser([:])
            let track = try addTrack(stage, guest)
            #expect(try stage.ask(.get, "/api/guests", headers: ben).json()["guests"] == [])
            let offer: JSON = ["to": "ben", "note": "Listen to this"]
            #expect(try stage.ask(.post, "/api/session/offer", offer, headers: guest).status == 200)
            let listed = try stage.ask(.get, "/api/guests", headers: ben).json()["guests"]?.asArray?.first
            #expect(listed?["offer"]?["note"] == "Listen to this")
            let id = try #require(listed?["guest"]?.asString)
            let ana = Stage.by(try stage.library.makeToken(for: "ana").secret)
            #expect(
                try stage.ask(.post, "/api/guests/\(id)/keep", headers: ana).status == 404, "it is not hers to say")
            let kept = try stage.ask(.post, "/api/guests/\(id)/keep", headers: ben)
            #expect(kept.status == 200, "\(kept.text)")
            #expect(try stage.ask(.get, "/api/tracks/\(track)", headers: ben).json()["owner"] == "ben")
            #expect(try stage.scratches().isEmpty)
            #expect(try stage.ask(.get, "/api/session", headers: guest).status == 401)
        }
    }

    @Test func aGuestGoesOnWhereItsWorkCannotBeKept() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let guest = try stage.browser([:])
            let track = try addTrack(stage, guest)
            let place = try #require(try stage.scratches().first)
            // Whoever works in it from elsewhere is in the way.
            let other = try Library(
                at: stage.library.path.appending("scratch").appending(place), context: stage.library.context)
            let refused = try withExtendedLifetime(other) { () throws in
                try stage.ask(.post, "/api/guests/\(place)/keep")
            }
            #expect(refused.status == 503)
            #expect(try stage.ask(.get, "/api/tracks/\(track)", headers: guest).status == 200)
        }
    }

    @Test func aGuestsWorkIsDiscarded() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let guest = try stage.browser([:])
            let id = try #require(try stage.scratches().first)
            #expect(try stage.ask(.delete, "/api/guests/\(id)").status == 204)
            #expect(try stage.scratches().isEmpty)
            #expect(try stage.ask(.get, "/api/session", headers: guest).status == 401)
            #expect(try stage.ask(.delete, "/api/guests/\(id)").status == 404)
        }
    }

    @Test func noMoreGuestsComeThanThereIsRoomFor() throws {
        try OpenHouse.with({ settings in
            settings.letsGuestsIn = true
            settings.guestLimit = 1
        }) { stage, _ in
            let first = try stage.browser([:])
            #expect(try stage.ask(.post, "/api/session", [:], headers: [:]).status == 503)
            #expect(try stage.ask(.delete, "/api/session", headers: first).status == 204)
            let comesIn = eventually { (try? stage.ask(.post, "/api/session", [:], headers: [:]).status) == 201 }
            #expect(comesIn)
        }
    }

    @Test func aGuestWhoStaysAwayIsGoneWithAllItDid() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, house in
            let guest = try stage.browser([:])
            house.pass(hours: 13)
            #expect(try stage.ask(.get, "/api/session", headers: guest).status == 401)
            // Who leaves has the house looked after at once.
            let other = try stage.browser([:])
            #expect(try stage.ask(.delete, "/api/session", headers: other).status == 204)
            #expect(eventually { (try? stage.scratches().isEmpty) == true })
        }
    }

    @Test func nothingOfGuestsOutlivesTheServerButWhatTheyHaveSent() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let (one, _) = (try stage.browser([:]), try stage.browser([:]))
            let id = try stage.ask(.get, "/api/session", headers: one).json()["guest"]?.asString
            #expect(try stage.ask(.post, "/api/session/offer", ["to": "ben"], headers: one).status == 200)
            stage.server.stop(within: 1)
            #expect(try stage.scratches() == [id])
        }
    }

    @Test func aGuestDoesNotWhatReachesOthers() throws {
        try OpenHouse.with({ $0.letsGuestsIn = true }) { stage, _ in
            let guest = try stage.browser([:])
            #expect(try stage.ask(.post, "/api/sync", headers: guest).status == 403)
            #expect(try stage.ask(.post, "/api/session/offer", ["to": "nobody"], headers: guest).status == 404)
            #expect(
                try stage.ask(.post, "/api/session/offer", ["to": "ben"]).status == 409,
                "only a guest has work to send")
        }
    }
}
