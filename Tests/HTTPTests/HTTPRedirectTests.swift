import TestSupport
import Testing

@testable import HTTP

/// Where an answer may lead.
@Suite struct HTTPRedirectTests {
    private func following(_ method: HTTPRequest.Method, _ url: HTTPURL) -> HTTPRequest {
        var request = HTTPRequest(method, url, headers: ["Authorization": "Bearer word"])
        request.followsRedirects = true
        return request
    }

    @Test func aRedirectIsAnAnswerByDefault() throws {
        let server = try LoopbackServer { _ in .redirect(to: "/other", status: 307) }
        let head = try client().send(HTTPRequest(.get, try server.at()), upTo: 100).head
        #expect(head.status == 307 && head.headers["location"] == "/other")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func aRedirectOnTheSameHostIsFollowedWhereAsked(status: Int) throws
    {
        let server = try LoopbackServer {
            $0.target == "/a/1" ? .redirect(to: "2", status: status) : .reply(200, [], "2")
        }
        var heads: [Int] = []
        var body = 0
        let head = try client().send(following(.get, try server.at("/a/1")), isStopped: { false }) {
            heads.append($0.status)
            return true
        } onBody: {
            body += $0.count; return true
        }
        #expect(head.status == 200 && head.url.target == "/a/2" && heads == [200] && body == 1)
        #expect(server.requests.map { $0.header("Authorization") } == ["Bearer word", "Bearer word"])
        #expect(server.connections == 1)
    }

    @Test func aRedirectToAnotherHostIsNeverFollowed() throws {
        let other = try LoopbackServer { _ in .reply() }
        let server = try LoopbackServer { _ in .redirect(to: other.url + "/x") }
        var heads: [Int] = []
        let head = try client().send(following(.get, try server.at()), isStopped: { false }) {
            heads.append($0.status)
            return true
        } onBody: { _ in
            true
        }
        #expect(head.status == 302 && head.headers["Location"] == other.url + "/x" && heads == [302])
        #expect(other.connections == 0)
    }

    @Test(arguments: ["file:///etc/passwd", "http://user:word@127.0.0.1/", "gopher://127.0.0.1/", "//["])
    func aRedirectToWhatIsNoURLHereIsNotFollowed(location: String) throws {
        let server = try LoopbackServer { _ in .redirect(to: location) }
        #expect(try client().send(following(.get, try server.at()), upTo: 100).head.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func aPostIsNotSentOn() throws {
        let server = try LoopbackServer { _ in .redirect(to: "/other", status: 307) }
        #expect(try client().send(following(.post, try server.at()), upTo: 100).head.status == 307)
        #expect(server.requests.count == 1)
    }

    @Test func redirectsInACircleEnd() throws {
        let server = try LoopbackServer { _ in .redirect(to: "/again") }
        #expect(try client().send(following(.get, try server.at()), upTo: 100).head.status == 302)
        #expect(server.requests.count == 6)
    }

    @Test func whatFailsAfterARedirectMayHaveArrived() throws {
        let server = try LoopbackServer { $0.target == "/" ? .redirect(to: "/x") : [.close] }
        #expect(failure { try client().send(following(.get, try server.at()), upTo: 100) }?.mayHaveArrived == true)
    }

    @Test func aRedirectWithAnEndlessBodyIsTooLarge() throws {
        let server = try LoopbackServer { _ in
            [
                .send([LoopbackServer.Step].head(302, [("Location", "/x")])),
                .sendRepeatedly([UInt8](repeating: 1, count: 1_000), times: .max),
            ]
        }
        #expect(failure { try client().send(following(.get, try server.at()), upTo: 100) }?.code == .tooLarge)
    }

    @Test(arguments: [
        ("http://a/x", "https://a/", true), ("https://a/", "http://a/", false), ("http://a/", "http://b/", false),
        ("http://a:8080/", "https://a/", false), ("http://a/", "https://a:8443/", false),
        ("https://a/", "https://A/y", true),
        ("https://a/", "https://a:444/", false),
    ])
    func onlyTheSameHostOrTheSameByTLSMayBeNext(from: String, to: String, may: Bool) throws {
        #expect(try HTTPURL(from).mayLead(to: HTTPURL(to)) == may)
    }
}
