import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import HTTP

/// What a request looks like when it arrives, and what its answer looks like when it is back.
@Suite struct HTTPClientTests {
    @Test func aRequestArrivesAsItWasMeant() throws {
        let server = try LoopbackServer { _ in
            .reply(201, [("X-One", "a"), ("x-two", ""), ("X-One", " b ")], "done")
        }
        var request = HTTPRequest(.post, try server.at("/a/../b?c=d"), headers: ["X-Word": "ü", "X-Empty": ""])
        request.body = .bytes(Array("{}".utf8))
        let answer = try client().send(request, upTo: 100)
        #expect(answer.head.status == 201 && answer.head.isSuccess && answer.body == Array("done".utf8))
        #expect(answer.head.headers.all("X-ONE") == ["a", "b"] && answer.head.headers["X-Two"] == "")
        #expect(answer.head.url == request.url)
        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST" && seen.target == "/a/../b?c=d" && seen.text == "{}")
        #expect(seen.header("X-Word") == "ü" && seen.header("X-Empty") == "")
        #expect(seen.header("Content-Length") == "2")
        for name in ["Expect", "Content-Type", "User-Agent", "Cookie", "Accept-Encoding", "Transfer-Encoding"] {
            #expect(seen.header(name) == nil, "\(name) was not asked for")
        }
    }

    @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
    func eachMethodArrivesWithoutABody(method: HTTPRequest.Method) throws {
        let server = try LoopbackServer {
            $0.method == "HEAD" ? [.send([LoopbackServer.Step].head(200, []))] : .reply()
        }
        let head = try client().send(HTTPRequest(method, try server.at()), upTo: 0).head
        #expect(head.status == 200)
        let seen = try #require(server.requests.first)
        #expect(seen.method == method.rawValue && seen.bodyLength == 0)
        let hasBody = [.post, .put, .patch].contains(method)
        #expect(seen.header("Content-Length") == (hasBody ? "0" : nil))
    }

    @Test func aHeadThatPromisesABodyHasNone() throws {
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, [("Content-Length", "1000")]))]
        }
        let answer = try client().send(HTTPRequest(.head, try server.at()), upTo: 0)
        #expect(answer.head.headers["content-length"] == "1000" && answer.body.isEmpty)
    }

    @Test func whatIsSaidInPassingAndAfterwardsIsLeftOut() throws {
        let passing = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        let head = "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        let server = try LoopbackServer { _ in
            [.send([UInt8]("\(passing)\(head)3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n".utf8))]
        }
        let answer = try client().send(HTTPRequest(.get, try server.at()), upTo: 5)
        #expect(answer.head.headers.lines.map(\.name) == ["X-A", "Transfer-Encoding"])
        #expect(answer.body == Array("abcde".utf8))
    }

    @Test func theAgentIsToldWhereOneIsSet() throws {
        let server = try LoopbackServer { _ in .reply() }
        var settings = HTTPClient.Settings()
        settings.proxy = .none
        settings.userAgent = "somebody/1"
        try HTTPClient(settings).send(HTTPRequest(.get, try server.at())) { _ in true }
        #expect(server.requests.first?.header("User-Agent") == "somebody/1")
    }

    @Test func aProxyIsAskedInPlaceOfTheServer() throws {
        let proxy = try LoopbackServer { _ in .reply(200, [], "by proxy") }
        let url = try HTTPURL("http://nobody.invalid/x")
        #expect(try client(proxy: .url(proxy.url)).text(HTTPRequest(.get, url)) == "by proxy")
        #expect(proxy.requests.first?.target == "http://nobody.invalid/x")
    }

    @Test func whatIsForThisComputerGoesByNoProxyOfTheEnvironment() throws {
        let (here, there) = (try HTTPURL("http://127.0.0.1/"), try HTTPURL("https://example.com/"))
        let environment = HTTPClient.Proxy.environment
        #expect(environment.url(for: here) == "" && environment.url(for: there) == nil)
        #expect(HTTPClient.Proxy.none.url(for: there) == "")
        let server = try LoopbackServer { _ in .reply(200, [], "here") }
        #expect(try client(proxy: .environment).text(HTTPRequest(.get, try server.at())) == "here")
    }

    // MARK: Connections

    @Test func aConnectionIsUsedAgain() throws {
        let server = try LoopbackServer { _ in .reply(200, [], "x") }
        let client = client()
        for _ in 0..<10 { #expect(try client.text(HTTPRequest(.get, try server.at())) == "x") }
        #expect(server.requests.count == 10 && server.connections == 1)
    }

    @Test func nothingOfARequestIsLeftForTheNext() throws {
        let server = try LoopbackServer {
            $0.method == "HEAD" ? [.send([LoopbackServer.Step].head(200, []))] : .reply()
        }
        let client = client()
        var first = HTTPRequest(.put, try server.at(), headers: ["X-A": "1"], body: .bytes([1, 2]))
        first.acceptsPacked = true
        let stream = HTTPRequest.Body.stream(length: 2) { buffer in min(buffer.count, 2) }
        let requests = [
            first, HTTPRequest(.put, try server.at(), body: stream), HTTPRequest(.head, try server.at()),
        ]
        for request in requests {
            _ = try client.text(request)
            _ = try client.text(HTTPRequest(.get, try server.at()))
        }
        for seen in server.requests where seen.method == "GET" {
            #expect(seen.headers.map(\.name).sorted() == ["Accept", "Host"] && seen.bodyLength == 0)
        }
        #expect(server.requests.map(\.method) == ["PUT", "GET", "PUT", "GET", "HEAD", "GET"])
    }

    @Test func eachOfSeveralServersKeepsItsConnection() throws {
        let servers = try (0..<3).map { _ in try LoopbackServer { _ in .reply() } }
        let client = client()
        for _ in 0..<4 { for server in servers { _ = try client.text(HTTPRequest(.put, try server.at())) } }
        #expect(servers.map(\.connections) == [1, 1, 1])
    }

    @Test func aRequestGoesByTheHandleThatIsConnected() throws {
        let servers = try (0..<2).map { _ in try LoopbackServer { _ in [.pause(0.2)] + .reply() } }
        let client = client()
        DispatchQueue.concurrentPerform(iterations: 2) { number in
            _ = try? client.text(HTTPRequest(.get, servers[number].at()))
        }
        for server in servers + servers.reversed() { _ = try client.text(HTTPRequest(.get, try server.at())) }
        #expect(servers.map(\.requests.count) == [3, 3] && servers.map(\.connections) == [1, 1])
    }

    @Test func whatMayNotArriveTwiceHasAConnectionOfItsOwn() throws {
        // The first connection is kept open, and ended when the second request has come by it.
        let server = try LoopbackServer { $0.method == "GET" ? .reply() : [.close] }
        let client = client()
        _ = try client.text(HTTPRequest(.get, try server.at()))
        let error = failure { try client.text(HTTPRequest(.post, try server.at(), body: .bytes([1]))) }
        #expect(error?.code == .cutOff && error?.mayHaveArrived == true)
        #expect(server.requests.map(\.connection) == [1, 2], "it was sent once, and by another connection")
    }

    @Test func whatMayArriveTwiceSurvivesADeadConnection() throws {
        let server = try LoopbackServer { request in
            request.connection == 1 && request.target == "/2" ? [.close] : .reply(200, [], request.text)
        }
        let client = client()
        _ = try client.text(HTTPRequest(.get, try server.at("/1")))
        let bytes = Array("again".utf8)
        var left = bytes[...]
        let body = HTTPRequest.Body.stream(
            length: 5,
            rewind: {
                left = bytes[...]; return true
            }
        ) { buffer in
            buffer.copyBytes(from: left)
            defer { left = [] }
            return left.count
        }
        #expect(try client.text(HTTPRequest(.put, try server.at("/2"), body: body)) == "again")
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }

    @Test func aThousandRequestsOfEightThreadsHaveEightConnections() throws {
        let server = try LoopbackServer { .reply(200, [], $0.target) }
        let client = client()
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<125 {
                let wanted = "/\(thread)/\(number)"
                let text = (try? server.at(wanted)).flatMap { try? client.text(HTTPRequest(.get, $0)) }
                if text != wanted { failures.withLock { $0 += 1 } }
            }
        }
        #expect(failures.withLock { $0 } == 0 && server.requests.count == 1_000)
        #expect(server.connections <= 8, "\(server.connections) connections")
    }

    @Test func whatIsTooSlowIsGivenUp() throws {
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, [("Content-Length", "1000")]))]
                + [.trickle([UInt8](repeating: 1, count: 1_000), every: 0.05)]
        }
        var settings = HTTPClient.Settings()
        settings.proxy = .none
        settings.slowest = .init(bytes: 1_000, seconds: 1)
        let error = failure { try HTTPClient(settings).text(HTTPRequest(.get, server.at())) }
        #expect(error?.code == .timedOut && error?.description.contains("too little") == true)
    }

    @Test func whereARedirectLeadsIsTold() throws {
        let server = try LoopbackServer { _ in .redirect(to: "../c?d", status: 307) }
        let head = try client().send(HTTPRequest(.put, server.at("/a/b/x")), upTo: 0).head
        #expect(head.next == (try server.at("/a/c?d")))
    }

    @Test func eightRequestsAtOnceHaveEightConnections() throws {
        let server = try LoopbackServer { [.pause(0.05)] + .reply(200, [], $0.target) }
        let client = client()
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { number in
            let text = (try? server.at("/\(number)")).flatMap { try? client.text(HTTPRequest(.get, $0)) }
            if text != "/\(number)" { wrong.withLock { $0.append("\(number): \(text ?? "nothing")") } }
        }
        #expect(wrong.withLock { $0 } == [])
        #expect(server.requests.count == 64)
        // One for each thread that sends, not one for each request.
        #expect(server.connections <= 16, "\(server.connections) connections")
    }
}
