import CCurl
import Files
import TestSupport
import Testing

@testable import HTTP

/// Every way in which a request ends without an answer, and whether it may have arrived.
@Suite struct HTTPErrorTests {
    private func error(
        of server: LoopbackServer, _ method: HTTPRequest.Method = .post, activity: Duration = .seconds(10),
        limit: Duration? = nil, isStopped: () -> Bool = { false }
    ) throws -> HTTPError? {
        var request = HTTPRequest(
            method, try server.at("/secret?word=1"), headers: ["Authorization": "Bearer word"])
        if method != .get { request.body = .bytes(Array("body".utf8)) }
        request.timeLimit = limit
        let error = failure { try client(activity: activity).send(request, upTo: 1_000, isStopped: isStopped) }
        for secret in ["secret", "word", "Bearer", "\n"] {
            #expect(error?.description.contains(secret) == false, "\(error?.description ?? "")")
        }
        return error
    }

    /// A name that cannot be one, so that nobody has to be asked about it.
    private static let nobody = String(repeating: "a", count: 64) + ".invalid"

    // MARK: Nothing arrived

    @Test func aNameThatNobodyHasIsUnreachable() throws {
        let error = failure { try client().text(HTTPRequest(.post, try HTTPURL("http://\(Self.nobody)/"))) }
        #expect(error?.code == .unreachable && error?.mayHaveArrived == false)
        #expect(error?.description.contains(Self.nobody) == true)
    }

    @Test func whatFailedBeforeFailsInTheSameWayAgain() throws {
        let client = client()
        for name in [Self.nobody, Self.nobody, "nobody.invalid", "nobody.invalid"] {
            let error = failure { try client.text(HTTPRequest(.post, try HTTPURL("http://\(name)/"))) }
            #expect(error?.code == .unreachable, "\(name): \(error?.description ?? "")")
        }
        let server = try LoopbackServer { _ in .reply(200, [], "here") }
        try #expect(client.text(HTTPRequest(.get, HTTPURL(server.url))) == "here")
    }

    @Test func aPortWhereNobodyListensIsUnreachable() throws {
        let server = try LoopbackServer { _ in .reply() }
        server.stop()
        let error = try error(of: server)
        #expect(error?.code == .unreachable && error?.mayHaveArrived == false)
        #expect(error?.description == "127.0.0.1:\(server.port) cannot be reached: Connection refused")
    }

    @Test func aProxyThatNobodyHasIsUnreachable() throws {
        let client = client(proxy: .url("http://user:word@\(Self.nobody):3128"))
        let error = failure { try client.text(HTTPRequest(.post, try HTTPURL("http://example.invalid/"))) }
        #expect(error?.code == .unreachable && error?.mayHaveArrived == false)
        #expect(error?.description.contains("word") == false)
    }

    @Test func aProxyThatLetsNobodyThroughIsUnreachable() throws {
        let proxy = try LoopbackServer { _ in .reply(403, [], "no") }
        let client = client(proxy: .url(proxy.url))
        let error = failure { try client.text(HTTPRequest(.post, try HTTPURL("https://example.invalid/"))) }
        #expect(error?.code == .unreachable && error?.mayHaveArrived == false)
        #expect(error?.description.contains("403") == true)
        #expect(proxy.requests.map(\.method) == ["CONNECT"])
    }

    @Test func whatDoesNotSpeakTLSIsNotTrusted() throws {
        let server = try LoopbackServer(greeting: { _ in .garbage }, answer: { _ in .reply() })
        let url = try HTTPURL("https://127.0.0.1:\(server.port)/")
        let error = failure { try client().text(HTTPRequest(.post, url, body: .bytes([1]))) }
        #expect(error?.code == .tls && error?.mayHaveArrived == false)
    }

    @Test func aHandshakeThatNeverEndsTimesOut() throws {
        let server = try LoopbackServer(greeting: { _ in [.hang] }, answer: { _ in .reply() })
        let url = try HTTPURL("https://127.0.0.1:\(server.port)/")
        let watch = Stopwatch()
        let error = failure { try client(connect: .milliseconds(300)).text(HTTPRequest(.post, url)) }
        #expect(error?.code == .timedOut && error?.mayHaveArrived == false)
        #expect(watch.seconds < 3)
    }

    @Test func whoIsStoppedBeforehandSendsNothing() throws {
        let server = try LoopbackServer { _ in .reply() }
        let stopped = try error(of: server, isStopped: { true })
        #expect(stopped?.code == .stopped && stopped?.mayHaveArrived == false)
        let late = try error(of: server, limit: .zero)
        #expect(late?.code == .timedOut && late?.mayHaveArrived == false)
        #expect(server.connections == 0)
    }

    @Test func aHeaderThatIsTwoIsRefused() throws {
        let url = try HTTPURL("http://127.0.0.1:1/")
        for headers: HTTPHeaders in [
            ["X": "a\r\nY: b"], ["X\r\nY": "b"], ["": "b"], ["X:": "b"], ["X": "\u{0}"], ["Content-Length": "4"],
            ["transfer-encoding": "chunked"],
        ] {
            let error = failure { try client().text(HTTPRequest(.get, url, headers: headers)) }
            #expect(error?.code == .badHeader && error?.mayHaveArrived == false)
        }
    }

    @Test func aLibraryThatIsMissingIsNamed() {
        let missing = failure { try Curl(opening: "libcurl-of-nobody.so.4") }
        #expect(missing?.code == .library && missing?.mayHaveArrived == false)
        #expect(missing?.description.contains("install the package libcurl4") == true)
        let other = failure { try Curl(opening: "libm.so.6") }
        #expect(other?.code == .library)
        #expect(other?.description.contains("libm.so.6 has no curl_easy_setopt") == true)
    }

    @Test func anOptionOfAnotherKindIsRefused() throws {
        let handle = try Handle(of: Curl.loaded())
        #expect(failure { try handle.set(CURLOPT_URL, 1) }?.code == .library)
        #expect(failure { try handle.set(CURLOPT_POST, "1") }?.code == .library)
        #expect(failure { try handle.set(CURLOPT_POST, size: 1) }?.code == .library)
        #expect(handle.number(CURLINFO_REDIRECT_URL) == -1 && handle.text(CURLINFO_REQUEST_SIZE) == nil)
    }

    // MARK: It may have arrived

    @Test(
        arguments: [
            ("nothing", [.close]), ("a reset", [.reset]),
            ("half a head", [.send([UInt8]("HTTP/1.1 200 OK\r\nX-".utf8)), .close]),
            ("half a body", .cutOff(after: "ab", promising: 10)),
            (
                "half a chunk",
                [.send([UInt8]("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab".utf8)), .close]
            ),
            (
                "no chunks",
                [.send([UInt8]("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n".utf8)), .close]
            ),
        ] as [(String, [LoopbackServer.Step])])
    func anAnswerThatEndsTooEarlyIsCutOff(what: String, steps: [LoopbackServer.Step]) throws {
        let server = try LoopbackServer { _ in steps }
        let error = try error(of: server)
        #expect(error?.code == .cutOff && error?.mayHaveArrived == true, "\(what): \(error?.description ?? "")")
        #expect(server.requests.count == 1)
    }

    @Test(
        arguments: [
            ("no HTTP", .garbage),
            (
                "no number for a length",
                [.send([UInt8]("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n".utf8)), .close]
            ),
        ] as [(String, [LoopbackServer.Step])])
    func whatIsNoHTTPIsABadAnswer(what: String, steps: [LoopbackServer.Step]) throws {
        let server = try LoopbackServer { _ in steps }
        let error = try error(of: server)
        #expect(error?.code == .badAnswer && error?.mayHaveArrived == true, "\(what): \(error?.description ?? "")")
    }

    @Test func aServerThatHangsEndsInTheTimeForActivity() throws {
        let server = try LoopbackServer { _ in [.hang] }
        let watch = Stopwatch()
        let error = try error(of: server, activity: .milliseconds(400))
        #expect(error?.code == .timedOut && error?.mayHaveArrived == true)
        #expect(0.39...3 ~= watch.seconds)
    }

    @Test func aServerThatHangsInTheMiddleEndsInTheTimeForActivity() throws {
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, [("Content-Length", "9")]) + [1]), .hang]
        }
        let error = try error(of: server, activity: .milliseconds(400))
        #expect(error?.code == .timedOut && error?.mayHaveArrived == true)
    }

    @Test func aServerThatReadsNoMoreEndsInTheTimeForActivity() throws {
        let server = try LoopbackServer(readingBodiesUpTo: 100) { _ in [.hang] }
        var sent = 0
        let body = HTTPRequest.Body.stream(length: 1 << 30) { buffer in
            sent += buffer.count
            return buffer.count
        }
        let request = HTTPRequest(.put, try server.at(), body: body)
        let error = failure { try client(activity: .milliseconds(400)).text(request) }
        #expect(error?.code == .timedOut && error?.mayHaveArrived == true)
        #expect(sent < 1 << 26)
    }

    @Test func aServerThatIsSlowIsWaitedFor() throws {
        let text = String(repeating: "slow", count: 5)
        let server = try LoopbackServer { _ in
            [
                .send([LoopbackServer.Step].head(200, [("Content-Length", "\(text.utf8.count)")])),
                .trickle([UInt8](text.utf8), every: 0.05),
            ]
        }
        let url = try server.at()
        #expect(try client(activity: .milliseconds(700)).text(HTTPRequest(.get, url)) == text)
        let error = try error(of: server, .get, limit: .milliseconds(300))
        #expect(error?.code == .timedOut && error?.mayHaveArrived == true, "the whole has its own time")
    }

    @Test func whoStopsIsHeardWithinASecond() throws {
        let server = try LoopbackServer { _ in [.hang] }
        let watch = Stopwatch()
        var asked = 0
        let error = try error(of: server) {
            asked += 1
            return watch.seconds > 0.5
        }
        #expect(error?.code == .stopped && error?.mayHaveArrived == true)
        #expect(watch.seconds < 1.5)
        #expect(asked >= 4, "asked \(asked) times in half a second")
    }

    @Test(arguments: [false, true]) func anAnswerThatNeverEndsIsEndedByWhoAsked(isChunked: Bool) throws {
        let head = isChunked ? [("Transfer-Encoding", "chunked")] : [("Connection", "close")]
        let piece: [UInt8] = isChunked ? [UInt8]("4\r\nabcd\r\n".utf8) : [UInt8]("abcd".utf8)
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, head)), .sendRepeatedly(piece, times: .max)]
        }
        let error = try error(of: server)
        #expect(error?.code == .stopped && error?.mayHaveArrived == true)
    }

    @Test func aHeadThatNeverEndsIsTooLarge() throws {
        let line = [UInt8]("X-Line: \(String(repeating: "x", count: 500))\r\n".utf8)
        let server = try LoopbackServer { _ in
            [.send([UInt8]("HTTP/1.1 200 OK\r\n".utf8)), .sendRepeatedly(line, times: .max)]
        }
        let error = try error(of: server)
        #expect(error?.code == .tooLarge && error?.mayHaveArrived == true)
    }

    @Test func whatComesAfterTheAnswerIsNoPartOfIt() throws {
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, [("Content-Length", "2")]) + [1, 2, 3, 4])]
        }
        let client = client()
        for _ in 0..<2 { #expect(try client.send(HTTPRequest(.get, try server.at()), upTo: 2).body == [1, 2]) }
        #expect(server.connections == 2, "nobody knows where the next answer would begin")
    }

    @Test func aConnectionThatEndsAtOnceIsCutOff() throws {
        let server = try LoopbackServer(greeting: { _ in [.close] }, answer: { _ in .reply() })
        let error = try error(of: server)
        #expect(error?.code == .cutOff)
    }
}
