import Catalog
import Files
import HTTP
import Offbeat
import Serving
import Testing

@testable import Web

/// Who is let in, and who is not.
@Suite struct DoorTests {
    @Test func aTokenLetsItsPersonIn() throws {
        try OpenHouse.with { stage, _ in
            let made = try stage.library.makeToken(for: "ben", called: "phone")
            let session = try stage.ask(.get, "/api/session", headers: Stage.by(made.secret)).json()
            #expect(session["user"] == "ben" && session["way"] == "token")
            let browser = try stage.browser(["token": .string(made.secret)])
            #expect(try stage.ask(.get, "/api/session", headers: browser).json()["user"] == "ben")
        }
    }

    @Test func aWrongTokenLetsNobodyIn() throws {
        try OpenHouse.with { stage, _ in
            let made = try stage.library.makeToken(for: "ben")
            for wrong in [
                "x", String(made.secret.dropLast()), made.secret + "0", made.token.id,
            ] {
                #expect(try stage.ask(.get, "/api/session", headers: Stage.by(wrong)).status == 401)
            }
            #expect(try stage.ask(.post, "/api/session", ["token": "x"], headers: [:]).status == 401)
            #expect(try stage.ask(.post, "/api/session", [:], headers: [:]).status == 401)
            #expect(try stage.ask(.post, "/api/session", ["token": 1], headers: [:]).status == 400)
            #expect(try stage.ask(.get, "/api/session", headers: ["Authorization": "Basic x"]).status == 401)
            #expect(try stage.ask(.get, "/?token=x", headers: [:]).status == 401)
        }
    }

    @Test func whoeverTriesManyTokensLocksNobodyOut() throws {
        try OpenHouse.with { stage, _ in
            let made = try stage.library.makeToken(for: "ben")
            let statuses = try (0..<12).map {
                try stage.ask(.get, "/api/session", headers: Stage.by("x\($0)")).status
            }
            #expect(statuses == Array(repeating: 401, count: 12))
            #expect(try stage.ask(.get, "/api/session", headers: Stage.by(made.secret)).status == 200)
        }
    }

    @Test func anExpiredTokenLetsNobodyIn() throws {
        try OpenHouse.with { stage, house in
            let made = try stage.library.makeToken(for: "ben", timeToLive: 3_600_000)
            let browser = try stage.browser(["token": .string(made.secret)])
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 200)
            house.pass(hours: 1.1)
            #expect(try stage.ask(.get, "/api/session", headers: Stage.by(made.secret)).status == 401)
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 401)
        }
    }

    @Test func whatAnotherProcessTakesBackHoldsAtOnce() throws {
        try OpenHouse.with { stage, _ in
            let made = try stage.library.makeToken(for: "ben")
            let browser = try stage.browser(["token": .string(made.secret)])
            let ear = try Ear(at: stage, browser)
            #expect(try stage.another().revokeTokens("ben").map(\.id) == [made.token.id])
            #expect(try stage.ask(.get, "/api/session", headers: Stage.by(made.secret)).status == 401)
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 401)
            #expect(eventually { ear.hasEnded }, "and its streams end")
        }
    }

    @Test func aPersonSeesNothingOfAnother() throws {
        try OpenHouse.with(sharing: .workspaces) { stage, _ in
            let id = try stage.addSound()
            let ben = Stage.by(try stage.library.makeToken(for: "ben").secret)
            let ana = Stage.by(try stage.library.makeToken(for: "ana").secret)
            #expect(try stage.ask(.get, "/api/tracks/\(id)", headers: ana).status == 200)
            #expect(try stage.ask(.get, "/api/tracks/\(id)", headers: ben).status == 404)
            #expect(try stage.ask(.get, "/api/tracks", headers: ben).json()["total"] == 0)
        }
    }

    @Test func whatARequestSaysCountsMoreThanItsCookie() throws {
        try OpenHouse.with { stage, _ in
            var headers = try stage.browser(["token": .string(stage.library.makeToken(for: "ben").secret)])
            headers["Authorization"] = "Bearer \(stage.server.token)"
            #expect(try stage.ask(.get, "/api/session", headers: headers).json()["user"] == "ana")
            headers["Authorization"] = "Bearer x"
            #expect(try stage.ask(.get, "/api/session", headers: headers).status == 401)
        }
    }

    @Test func anotherNameIsNotThisServers() throws {
        try Stage.with { (stage) throws in
            for host in [
                "evil.example", "evil.example:\(stage.server.url.split(separator: ":").last ?? "")", "localhost",
            ] {
                var headers = Stage.by(stage.server.token)
                headers["Host"] = host
                #expect(try stage.ask(.get, "/api/session", headers: headers).status == 421, "\(host)")
                #expect(try stage.ask(.get, "/", headers: headers).status == 421)
            }
        }
        try Stage.with {
            $0.publicURL = "https://Music.example/"
        } _: { stage in
            var request = HTTPRequest(
                .post, try HTTPURL("http://127.0.0.1:\(stage.server.server.port)/api/session"),
                headers: [
                    "Host": "music.example", "Origin": "https://music.example", "Content-Type": "application/json",
                ])
            request.body = .bytes(JSON.object(["token": .string(stage.server.token)]).compact())
            let reply = try stage.client.send(request) { _ in true }
            #expect(reply.status == 201)
            #expect(reply.headers["Set-Cookie"]?.contains("; Secure") == true)
        }
    }

    @Test func aWriteByCookieHasToBeOfAnOwnPage() throws {
        try Stage.with { stage in
            var browser = try stage.browser(["token": .string(stage.server.token)])
            func status(_ lines: [(String, String)]) throws -> Int {
                browser["Origin"] = nil
                var headers = browser
                for (name, value) in lines { headers[name] = value }
                return try stage.ask(.post, "/api/session/offer", [:], headers: headers).status
            }
            let refused: [[(String, String)]] = [
                [], [("Origin", "http://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")],
                [("Sec-Fetch-Site", "same-site")],
                [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "same-origin"), ("X-Offbeat", "1")],
            ]
            for lines in refused { #expect(try status(lines) == 403, "\(lines)") }
            let taken: [[(String, String)]] = [
                [("Origin", stage.server.url)], [("Sec-Fetch-Site", "same-origin")], [("X-Offbeat", "1")],
            ]
            for lines in taken { #expect(try status(lines) == 400, "\(lines)") }
        }
    }

    @Test func nobodyIsLetInForAPageFromElsewhere() throws {
        try Stage.with { stage in
            let reply = try stage.ask(
                .post, "/api/session", ["token": .string(stage.server.token)],
                headers: ["Origin": "http://evil.example"])
            #expect(reply.status == 403)
            #expect(reply.headers["Set-Cookie"] == nil)
        }
    }

    @Test func whoStaysAwayTooLongIsForgotten() throws {
        try OpenHouse.with { stage, house in
            let browser = try stage.browser(["token": .string(stage.server.token)])
            house.pass(hours: 11)
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 200, "it was used since")
            house.pass(hours: 11)
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 200)
            house.pass(hours: 13)
            #expect(try stage.ask(.get, "/api/session", headers: browser).status == 401)
        }
    }

    @Test func noMoreBrowsersAreRememberedThanThereIsRoomFor() throws {
        try OpenHouse.with({ $0.sessionLimit = 2 }) { stage, house in
            var browsers: [HTTPHeaders] = []
            for _ in 0..<3 {
                browsers.append(try stage.browser(["token": .string(stage.server.token)]))
                house.pass(hours: 0.01)
            }
            let statuses = try browsers.map { try stage.ask(.get, "/api/session", headers: $0).status }
            #expect(statuses == [401, 200, 200])
        }
    }

    @Test func answersAreForWhoeverAskedAlone() throws {
        try Stage.with { stage in
            let reply = try stage.ask(.get, "/api/session")
            #expect(reply.headers["Cache-Control"] == "no-store")
            #expect(reply.headers["X-Content-Type-Options"] == "nosniff")
            #expect(reply.headers["Referrer-Policy"] == "no-referrer")
            #expect(reply.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
            let refused = try stage.ask(.get, "/api/nothing")
            #expect(refused.headers["Cache-Control"] == "no-store")
        }
    }

    @Test func othersAreServedOnlyWhereSomebodyHasAToken() throws {
        #expect(throws: Failure.self) {
            try Stage.with {
                $0.address = "0.0.0.0"
            } _: { _ in
            }
        }
        try Stage.with { stage in
            _ = try stage.library.makeToken(for: "ana")
            var settings = PageSettings(folder: Stage.pages)
            (settings.address, settings.port) = ("0.0.0.0", 0)
            try PageServer(stage.library, settings).stop(within: 0)
        }
    }
}
