import Catalog
import HTTP
import Offbeat
import Store
import Testing

@testable import Web

@Suite struct TrackListAPITests {
    private func tag(_ stage: Stage, _ path: String = "/api/tracks") throws -> String {
        try #require(try stage.ask(.get, path).headers["ETag"])
    }

    private func known(_ stage: Stage, _ path: String, _ tag: String) throws -> Stage.Reply {
        try stage.ask(
            .get, path, headers: ["Authorization": "Bearer \(stage.server.token)", "If-None-Match": tag])
    }

    @Test func aListThatIsWhatItWasIsNotSentAgain() throws {
        try Stage.with { stage in
            _ = try stage.addSound()
            let tag = try tag(stage)
            let reply = try known(stage, "/api/tracks", tag)
            #expect(reply.status == 304)
            #expect(reply.body.isEmpty)
            #expect(reply.headers["ETag"] == tag)
            #expect(try self.tag(stage) == tag)
            // Another question has another answer.
            #expect(try known(stage, "/api/tracks?q=song", tag).status == 200)
            #expect(try self.tag(stage, "/api/tracks?limit=1") != tag)
        }
    }

    @Test func whatChangesTheListChangesItsTag() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            var tags: Set<String> = [try tag(stage)]
            _ = try stage.library.session().edit(EditRequest(.one(id), changes: [.addTag("live")]))
            let renamed = try stage.ask(.get, "/api/tracks")
            #expect(try renamed.json()["tracks"]?.asArray?.first?["tags"] == ["live"])
            #expect(tags.insert(try tag(stage)).inserted)
            _ = try stage.library.session().analyze()
            #expect(tags.insert(try tag(stage)).inserted)
            _ = try stage.addSound("other", seed: 2)
            #expect(tags.insert(try tag(stage)).inserted)
            #expect(try stage.ask(.get, "/api/tracks").json()["total"] == 2)
        }
    }

    @Test func whatIsNoTrackLeavesTheListAndTellsTheVersion() throws {
        try Stage.with { stage in
            _ = try stage.addSound()
            let before = try stage.ask(.get, "/api/tracks")
            _ = try stage.library.session().addWorkspace(WorkspaceRequest(slug: try #require(Slug("road"))))
            let after = try stage.ask(.get, "/api/tracks")
            #expect(after.headers["ETag"] == before.headers["ETag"])
            #expect(try after.json()["tracks"] == before.json()["tracks"])
            #expect(try after.json()["version"] == .string(stage.library.version().description))
            #expect(try after.json()["version"] != before.json()["version"])
        }
    }

    @Test func aListThatDependsOnTheClockHasNoTag() throws {
        try Stage.with { stage in
            _ = try stage.addSound()
            let reply = try stage.ask(.get, "/api/tracks?q=added:-1d")
            #expect(reply.status == 200)
            #expect(reply.headers["ETag"] == nil)
            #expect(try reply.json()["total"] == 1)
        }
    }

    @Test func listsAreNarrowedAndPaged() throws {
        try Stage.with { stage in
            for number in 1...3 { _ = try stage.addSound("take \(number)", seed: UInt64(number)) }
            let id = try stage.ask(.get, "/api/tracks?q=2").json()["tracks"]?.asArray?.first?["id"]?.asString ?? ""
            #expect(try stage.ask(.patch, "/api/tracks/\(id)", ["tags": ["live", "a b"]]).status == 200)
            #expect(try stage.ask(.get, "/api/tracks?tag=live&tag=a%20b").json()["total"] == 1)
            #expect(try stage.ask(.get, "/api/tracks?tag=live&tag=x").json()["total"] == 0)
            #expect(try stage.ask(.get, "/api/tracks?owner=ana").json()["total"] == 3)
            #expect(try stage.ask(.get, "/api/tracks?owner=ben").json()["total"] == 0)
            var seen: [String] = []
            var path = "/api/tracks?sort=title&limit=2"
            while true {
                let page = try stage.ask(.get, path).json()
                seen += (page["tracks"]?.asArray ?? []).compactMap { $0["title"]?.asString }
                guard let next = page["next"]?.asString else { break }
                path = "/api/tracks?sort=title&limit=2&after=\(next)"
            }
            #expect(seen == ["take 1", "take 2", "take 3"])
        }
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "sort=mood", "sort=", "q=bpm:fast", "q=%22open",
    ])
    func whatMakesNoSenseIsRefused(_ query: String) throws {
        try Stage.with { stage in
            let reply = try stage.ask(.get, "/api/tracks?\(query)")
            #expect(reply.status == 400)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
            #expect(try reply.json()["code"] == "usage")
        }
    }

    @Test func aPlaceThatIsGoneIsNotFound() throws {
        try Stage.with { stage in
            _ = try stage.addSound()
            #expect(try stage.ask(.get, "/api/tracks?after=nothing").status == 404)
            #expect(try stage.ask(.get, "/api/tracks?after=\(String(repeating: "0", count: 32))").status == 404)
        }
    }
}
