import Catalog
import Files
import HTTP
import Offbeat
import Testing

@testable import Web

@Suite struct PostAPITests {
    private static let posts = "/api/workspaces/band/posts"

    @Test func aPostGoesFromDraftToScheduledByTwoPeople() throws {
        try Team.with(.approver) { (team) throws in
            let post = try team.ana.write("Out now", ["title": "News", "platforms": ["x"]])
            #expect(try team.ana.step("approve", post) == "409")
            #expect(try team.ana.step("submit", post, ["note": "please"]) == "pending")
            #expect(try team.ana.ask(.get, "/api/posts?waiting=true").json()["total"] == 0)
            let waiting = try team.ben.ask(.get, "/api/posts?waiting=true").json()
            #expect(waiting["posts"]?.asArray?.first?["title"] == "News")
            #expect(try team.ana.step("approve", post) == "403")
            let refused = try team.ana.ask(.post, "\(post)/approve").json()
            #expect(refused["code"] == "not-allowed")
            #expect(refused["detail"]?.asString?.contains("your own") == true)
            #expect(try team.ben.step("schedule", post, ["at": "2099-12-24T18:00"]) == "pending")
            let approved = try team.ben.ask(.post, "\(post)/approve", ["note": "good"]).json()["post"]
            #expect(approved?["state"] == "scheduled")
            #expect(approved?["schedule"] == ["local": "2099-12-24T18:00:00", "zone": "Europe/Berlin"])
            #expect(approved?["scheduledAt"] == "2099-12-24T17:00:00.000Z")
            let decisions = approved?["decisions"]?.asArray ?? []
            #expect(decisions.map { $0["kind"] } == ["submitted", "scheduled", "approved"])
            #expect(decisions.map { $0["note"] } == ["please", .null, "good"])
            #expect(decisions.map { $0["by"] } == ["ana", "ben", "ben"])
            #expect(try team.ben.step("unschedule", post) == "approved")
            #expect(try team.ben.step("unschedule", post) == "409")
        }
    }

    @Test(arguments: [("reject", "rejected"), ("request-changes", "changes-requested")])
    func whatIsTurnedDownWaitsForItsAuthor(step: String, state: String) throws {
        try Team.with(.approver) { (team) throws in
            let post = try team.ana.write("Out now", ["submit": true])
            #expect(try team.ben.step(step, post, ["note": "no"]) == state)
            #expect(try team.ana.ask(.get, "/api/posts?waiting=true").json()["total"] == 1)
            #expect(try team.ana.ask(.get, "\(Self.posts)?state=\(state)").json()["total"] == 1)
            #expect(try team.ana.ask(.get, "\(Self.posts)?state=draft").json()["total"] == 0)
        }
    }

    @Test func viewersReadAndEditorsDoNotDecide() throws {
        try Team.with(.viewer) { (team) throws in
            let post = try team.ana.write("Out now", ["submit": true])
            #expect(try team.ben.ask(.get, post).json()["text"] == "Out now")
            #expect(try team.ben.ask(.post, Self.posts, ["text": "mine"]).status == 403)
            #expect(try team.ben.ask(.patch, post, ["text": "mine"]).status == 403)
            #expect(try team.ben.ask(.delete, post).status == 403)
            for step in ["submit", "approve", "reject", "request-changes", "publish"] {
                let answer = try team.ben.step(step, post)
                #expect(answer == "403" || answer == "409", "\(step): \(answer)")
            }
            #expect(try team.ben.step("schedule", post, ["at": "2099-01-01T00:00"]) == "403")
            #expect(try team.ben.step("approve", post) == "403")
            let ben = "/api/workspaces/band/members/ben"
            #expect(try team.ana.ask(.put, ben, ["role": "editor"]).status == 200)
            #expect(try team.ben.step("approve", post) == "403")
            #expect(try team.ana.ask(.get, post).json()["state"] == "pending")
        }
    }

    @Test func twoTabsDoNotOverwriteEachOther() throws {
        try Team.with { (team) throws in
            let post = try team.ana.write("Out now")
            let seen = try team.ana.ask(.get, post)
            let tag = try #require(seen.headers["ETag"])
            let headers = team.ana.headers(("If-Match", tag))
            let first = try team.ana.ask(.patch, post, ["text": "one"], headers: headers)
            #expect(first.status == 200)
            let second = try team.ana.ask(.patch, post, ["text": "two"], headers: headers)
            #expect(second.status == 412)
            #expect(try second.json()["code"] == "changed")
            let now = try team.ana.ask(.get, post)
            #expect(try now.json()["text"] == "one")
            #expect(now.headers["ETag"] == second.headers["ETag"] && now.headers["ETag"] == first.headers["ETag"])
            let known = try team.ana.ask(
                .get, post, headers: team.ana.headers(("If-None-Match", now.headers["ETag"] ?? "")))
            #expect(known.status == 304 && known.body.isEmpty)
            let any = try team.ana.ask(
                .patch, post, ["title": "T"], headers: team.ana.headers(("If-Match", "*")))
            #expect(any.status == 200)
        }
    }

    @Test func aHistoryThatDidNotChangeIsNotSentAgain() throws {
        try Team.with(.approver) { (team) throws in
            let post = try team.ana.write("Out now")
            func tag(_ path: String, _ stage: Stage) throws -> String {
                try #require(stage.ask(.get, path).headers["ETag"])
            }
            func status(_ tag: String, _ path: String = Self.posts) throws -> Int {
                try team.ana.ask(.get, path, headers: team.ana.headers(("If-None-Match", tag))).status
            }
            let old = try tag(Self.posts, team.ana)
            #expect(try status(old) == 304)
            #expect(try status(old, "\(Self.posts)?limit=1") == 200)
            #expect(try tag(Self.posts, team.ben) != old)
            // What is elsewhere in the library changes nothing here.
            _ = try team.ana.addSound()
            #expect(try status(old) == 304)
            #expect(try team.ana.ask(.patch, post, ["title": "News"]).status == 200)
            #expect(try status(old) == 200)
            let titled = try tag(Self.posts, team.ana)
            #expect(try team.ana.ask(.post, "/api/people", ["handle": "eve"]).status == 201)
            #expect(try status(titled) == 200)
        }
    }

    @Test func whatWasNotSentAgainIsCountedAsReady() throws {
        try Team.with { (team) throws in
            let post = try team.ana.write("Out now")
            func asked(_ headers: HTTPHeaders? = nil) throws -> (reply: Stage.Reply, hits: Int64, misses: Int64) {
                let reply = try team.ana.ask(.get, Self.posts, headers: headers)
                let view = try team.ana.ask(.get, "/api/cache").json()["views"]?["history:band"]
                return (
                    reply, try #require(view?["hits"]?.asInteger), try #require(view?["misses"]?.asInteger)
                )
            }
            let first = try asked()
            let known = team.ana.headers(("If-None-Match", first.reply.headers["ETag"] ?? ""))
            let second = try asked(known)
            #expect(second.reply.status == 304)
            #expect(second.hits == first.hits + 1 && second.misses == first.misses)
            #expect(try team.ana.ask(.patch, post, ["title": "News"]).status == 200)
            // What had to be made for this request is not called ready.
            let third = try asked(known)
            #expect(try third.reply.json()["cache"] == "refreshed")
            #expect(third.hits == second.hits && third.misses == second.misses + 1)
        }
    }

    @Test func aHistoryIsPagedByCursors() throws {
        try Team.with { (team) throws in
            for number in 1...5 { _ = try team.ana.write("Post \(number)") }
            var (path, texts) = ("\(Self.posts)?limit=2", [String]())
            for _ in 0..<3 {
                let page = try team.ana.ask(.get, path).json()
                #expect(page["total"] == 5)
                texts += (page["posts"]?.asArray ?? []).compactMap { $0["text"]?.asString }
                guard let next = page["next"]?.asString else { break }
                path = "\(Self.posts)?limit=2&after=\(next)"
            }
            #expect(texts == (1...5).reversed().map { "Post \($0)" })
            for wrong in ["after=x", "limit=0", "limit=x", "state=odd", "waiting=1"] {
                #expect(try team.ana.ask(.get, "\(Self.posts)?\(wrong)").status == 400, "\(wrong)")
            }
        }
    }

    @Test func nonsenseAboutAPostIsRefused() throws {
        try Team.with { (team) throws in
            let post = try team.ana.write()
            for document: JSON in [
                [:], ["text": 1], ["text": "a", "platforms": "x"], ["text": "a", "at": "tomorrow"],
                ["text": "a", "at": "2001-01-01T00:00"], ["text": "a", "zone": "UTC"], ["text": "a", "id": "b"],
                ["text": "a", "at": "2099-01-01T00:00", "zone": "Nowhere"], "text", .null,
            ] {
                #expect(try team.ana.ask(.post, Self.posts, document).status == 400, "\(document)")
            }
            #expect(try team.ana.ask(.post, Self.posts, ["text": "a", "track": "ffffffff"]).status == 404)
            #expect(try team.ana.ask(.patch, post, [:]).status == 400)
            #expect(try team.ana.ask(.post, "\(post)/schedule", ["zone": "UTC"]).status == 400)
            #expect(try team.ana.ask(.post, "\(post)/submit", ["notes": "x"]).status == 400)
            #expect(try team.ana.ask(.post, "\(post)/settle", [:]).status == 400)
            #expect(try team.ana.ask(.post, "\(post)/burn").status == 404)
            #expect(try team.ana.ask(.get, "\(post)/submit").status == 405)
            #expect(try team.ana.send(.post, Self.posts, bytes: Array("{".utf8), type: "text/plain").status == 415)
            let deep = String(repeating: "[", count: 5000)
            let reply = try team.ana.send(.post, Self.posts, bytes: Array(deep.utf8), type: "application/json")
            #expect(reply.status == 400)
        }
    }

    @Test func aPostIsOnlyInItsOwnWorkspace() throws {
        try Team.with { (team) throws in
            let post = try team.ana.write()
            #expect(try team.ana.ask(.post, "/api/workspaces", ["slug": "other"]).status == 201)
            let elsewhere = post.split(separator: "band").joined(separator: "other")
            #expect(try team.ana.ask(.get, elsewhere).status == 404)
            #expect(try team.ana.ask(.delete, elsewhere).status == 404)
            #expect(try team.ana.step("submit", elsewhere) == "404")
            #expect(try team.ana.ask(.delete, "\(post)?note=no").json()["post"]?["text"] == "Out now")
            #expect(try team.ana.ask(.get, post).status == 404)
        }
    }

    @Test func aPostHasAnImage() throws {
        try Team.with(.viewer) { (team) throws in
            let post = try team.ana.write()
            let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4]
            #expect(try team.ana.ask(.get, "\(post)/image").status == 404)
            let put = try team.ana.send(.put, "\(post)/image", bytes: png, type: "image/png")
            #expect(try put.json()["post"]?["image"]?["format"] == "png")
            let image = try team.ben.ask(.get, "\(post)/image")
            #expect(image.body == png && image.headers["Content-Type"] == "image/png")
            let tag = image.headers["ETag"] ?? ""
            let known = try team.ben.ask(
                .get, "\(post)/image", headers: team.ben.headers(("If-None-Match", tag)))
            #expect(known.status == 304)
            #expect(try team.ben.send(.put, "\(post)/image", bytes: png, type: "image/png").status == 403)
            let text = try team.ana.send(.put, "\(post)/image", bytes: Array("hello".utf8), type: "image/png")
            #expect(text.status == 400)
            #expect(try team.ana.ask(.delete, "\(post)/image").json()["post"]?["image"] == .null)
            #expect(try team.ana.ask(.get, "\(post)/image").status == 404)
        }
    }

    @Test func aPostIsBroughtOutIntoAFeed() throws {
        try Team.with { (team) throws in
            let feed = team.ana.folder.appending("feed")
            var request = TargetRequest(.feed)
            request.settings = ["title": "Songs", "baseUrl": "https://example.org/band"]
            request.folder = feed
            _ = try team.ana.library.session().setTarget("band", request)
            #expect(try team.ana.ask(.patch, "/api/workspaces/band", ["approval": "none"]).status == 200)
            let post = try team.ana.write("Out now", ["title": "News"])
            #expect(try team.ana.step("publish", post) == "409")
            #expect(try team.ana.step("submit", post) == "approved")
            let reply = try team.ana.ask(.post, "\(post)/publish")
            #expect(try reply.json()["published"]?.asArray?.count == 1, "\(reply.text)")
            #expect(try reply.json()["post"]?["state"] == "published")
            #expect(!reply.text.contains(feed.string))
            #expect(try team.ana.ask(.get, "\(Self.posts)?state=published").json()["total"] == 1)
            #expect(try team.ana.step("settle", post, ["sent": .null]) == "409")
        }
    }
}
