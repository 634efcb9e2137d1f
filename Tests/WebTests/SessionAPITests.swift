import Catalog
import HTTP
import Testing

@testable import Web

@Suite struct SessionAPITests {
    @Test func nobodyIsLetInWithoutATokenOrACookie() throws {
        try Stage.with { stage in
            for path in ["/api/session", "/api/tracks", "/api/tracks/1234", "/api/events"] {
                let reply = try stage.ask(.get, path, headers: [:])
                #expect(reply.status == 401, "\(path)")
                #expect(reply.headers["WWW-Authenticate"] == "Bearer realm=\"offbeat\"")
                #expect(try reply.json()["code"] == "not-allowed")
            }
            #expect(try stage.ask(.get, "/api/session", headers: ["Authorization": "Bearer x"]).status == 401)
        }
    }

    @Test func theLinkGivesACookieThatLetsIn() throws {
        try Stage.with { stage in
            let reply = try stage.ask(.get, "/?token=\(stage.server.token)", headers: [:])
            #expect(reply.status == 303)
            #expect(reply.headers["Location"] == "/")
            let cookie = try #require(reply.headers["Set-Cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            let value = String(cookie.prefix { $0 != ";" })
            let session = try stage.ask(.get, "/api/session", headers: ["Cookie": value])
            #expect(session.status == 200)
            #expect(try session.json()["user"] == "ana")
            #expect(
                try stage.ask(.delete, "/api/session", headers: ["Cookie": value, "X-Offbeat": "1"]).status == 204)
            #expect(try stage.ask(.get, "/api/session", headers: ["Cookie": value]).status == 401)
        }
    }

    @Test func aPageFromElsewhereChangesNothing() throws {
        try Stage.with { stage in
            let reply = try stage.ask(.get, "/?token=\(stage.server.token)", headers: [:])
            let value = String((reply.headers["Set-Cookie"] ?? "").prefix { $0 != ";" })
            let other: HTTPHeaders = ["Cookie": value, "Origin": "http://evil.example"]
            #expect(try stage.ask(.delete, "/api/session", headers: other).status == 403)
            let own: HTTPHeaders = ["Cookie": value, "Origin": stage.server.url]
            #expect(try stage.ask(.delete, "/api/session", headers: own).status == 204)
        }
    }

    @Test func tracksAreListedAndShown() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let list = try stage.ask(.get, "/api/tracks").json()
            #expect(list["total"] == 1)
            #expect(list["tracks"]?.asArray?.first?["id"] == .string(id))
            #expect(try stage.ask(.get, "/api/tracks/\(id)").json()["title"] == "song")
            #expect(try stage.ask(.get, "/api/tracks/ffffffffff").status == 404)
            #expect(try stage.ask(.get, "/api/tracks?limit=x").status == 400)
        }
    }
}
