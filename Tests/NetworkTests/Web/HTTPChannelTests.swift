import Files
import Git
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// A git server that is asked over HTTP, and every way in which it is none.
@Suite(.waiting) struct HTTPChannelTests {
    private static let none = NetworkSettings([], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nothing"])

    private func channel(
        _ url: HTTPURL, _ service: String = "git-upload-pack", _ settings: NetworkSettings = none,
        patience: HTTPChannel.Patience = .init(), isStopped: @escaping @Sendable () -> Bool = { false }
    ) -> HTTPChannel {
        HTTPChannel(
            to: url, user: nil, service: service, by: WebClient(settings: settings), patience: patience,
            isStopped: isStopped)
    }

    // MARK: Git's own server

    @Test func aVersionIsFetched() throws {
        try GitHost.with { host throws in
            let server = try LoopbackServer(answer: host.answer)
            let channel = channel(try server.at("/team/x.git"))
            let said = String(decoding: try channel.readAll(by: 7), as: UTF8.self)
            let id = try #require(said.split(separator: "0000").dropFirst().first?.dropFirst(4).prefix(40))
            #expect(said.hasPrefix("001e# service=git-upload-pack\n0000"))
            let haves = (0..<100).map { packetLine("have \(String(repeating: "0", count: 37))\(100 + $0)\n") }
            for known in [[], haves] {
                try channel.send(
                    WireRequest(
                        lines: packetLine("want \(id) ofs-delta\n") + Array("0000".utf8) + known.flatMap { $0 }
                            + packetLine("done\n")))
                #expect(try channel.readAll().starts(with: packetLine("NAK\n") + Array("PACK".utf8)))
            }
            let requests = server.requests
            #expect(requests.map(\.method) == ["GET", "POST", "POST"] && server.connections == 1)
            #expect(requests.map { $0.header("Content-Encoding") } == [nil, nil, "gzip"])
            #expect(requests[2].bodyLength < 1_000)
            #expect(requests[1].header("Content-Type") == "application/x-git-upload-pack-request")
            #expect(requests[1].header("Accept") == "application/x-git-upload-pack-result")
        }
    }

    @Test(arguments: [10, 3_000_000]) func aVersionIsPushed(size: Int) throws {
        try GitHost.with { host throws in
            // The test's server keeps a mebibyte of a body; so the pack is small, however much it says.
            let server = try LoopbackServer { request in
                request.bodyLength > 1 << 20 ? .reply(413) : host.answer(request)
            }
            let old = String(
                decoding: try host.git("--git-dir=\(host.repository)", "rev-parse", "main").prefix(40),
                as: UTF8.self)
            var random = SeededRandom(seed: 7)
            let new = try host.commit("two", onto: old, moves: false, bytes: random.bytes(size))
            let pack = try host.pack(new, without: old, named: "pack")
            let channel = channel(try server.at("/team/x.git/"), "git-receive-pack")
            #expect(String(decoding: try channel.readAll(), as: UTF8.self).contains(old))
            let line = "\(old) \(new) refs/heads/main\0report-status\n"
            let request = WireRequest(lines: packetLine(line) + Array("0000".utf8), pack: pack)
            if size > 1 << 20 {
                let error = refusal { try channel.send(request) }
                #expect(error?.code == .refused && error?.hint?.contains("client_max_body_size") == true)
                #expect(
                    server.requests.map(\.bodyLength).prefix(2) == [0, 4], "a large pack is not sent to find out")
            } else {
                try channel.send(request)
                let said = String(decoding: try channel.readAll(), as: UTF8.self)
                #expect(said.contains("unpack ok") && said.contains("ok refs/heads/main"))
                #expect(server.requests.map(\.method) == ["GET", "POST"])
            }
        }
    }

    @Test func aPasswordIsAskedForInTheMiddleOfAPush() throws {
        try GitHost.with { host throws in
            let server = try LoopbackServer { request in
                request.method == "POST" && request.header("Authorization") == nil
                    ? .reply(401, [("WWW-Authenticate", "Basic")]) : host.answer(request)
            }
            let id = String(
                decoding: try host.git("--git-dir=\(host.repository)", "rev-parse", "main").prefix(40),
                as: UTF8.self)
            let pack = try host.pack(id, without: nil, named: "pack")
            try Helper.with("printf 'username=u\\npassword=p\\n'") { helper throws in
                let channel = channel(try server.at("/team/x.git"), "git-receive-pack", helper.settings)
                let zeros = String(repeating: "0", count: 40)
                let line = "\(zeros) \(id) refs/heads/other\0report-status\n"
                try channel.send(WireRequest(lines: packetLine(line) + Array("0000".utf8), pack: pack))
                #expect(String(decoding: try channel.readAll(), as: UTF8.self).contains("ok refs/heads/other"))
                let sizes = server.requests.map(\.bodyLength)
                #expect(sizes.count == 3 && sizes[1] == sizes[2] && helper.asked == ["[get]", "[store]"])
            }
        }
    }

    @Test func whatIsNotThereIsMissing() throws {
        try GitHost.with { host throws in
            let server = try LoopbackServer(answer: host.answer)
            let error = refusal { try channel(try server.at("/team/y.git")).readAll() }
            #expect(error?.code == .missing && error?.message.contains("\(server.url)/team/y.git") == true)
            let forbidden = try LoopbackServer { _ in
                .reply(403, [("Content-Type", "text/plain")], "you\u{1B}[1m are \u{202E}blocked\nsecond")
            }
            let no = refusal { try channel(try forbidden.at("/x"), "git-receive-pack").readAll() }
            #expect(no?.code == .denied && no?.message.contains("does not allow us to write to") == true)
            #expect(no?.message.hasSuffix(": you [1m are blocked") == true)
        }
    }

    // MARK: Redirects

    @Test func aNameInTheAddressGoesAlongToTLSOnTheSameHost() throws {
        let talk = HTTPTalk(
            repository: try HTTPURL("http://h.org/x"), user: "me", service: "git-upload-pack",
            client: WebClient(settings: NetworkSettings([])), patience: HTTPChannel.Patience(), isStopped: { false }
        )
        #expect(talk.access(at: try HTTPURL("http://h.org/y")) == .person(user: "me"))
        #expect(talk.access(at: try HTTPURL("https://h.org/x.git")) == .person(user: "me"))
        #expect(talk.access(at: try HTTPURL("https://other.org/x")) == .person(user: nil))
    }

    @Test func theFirstAnswerMayLeadOn() throws {
        try GitHost.with { host throws in
            let server = try LoopbackServer(answer: host.answer)
            let first = try LoopbackServer { _ in
                .redirect(to: server.url + "/team/x.git/info/refs?service=git-upload-pack")
            }
            try Helper.with("printf 'username=u\\npassword=p\\n'") { helper throws in
                let settings = NetworkSettings(
                    helper.settings.lines + [
                        .init(name: "remote.o.url", value: "http://a:b@127.0.0.1:\(first.port)/")
                    ],
                    environment: helper.environment)
                let channel = channel(try first.at("/old"), "git-upload-pack", settings)
                #expect(try channel.readAll().count > 100)
                #expect(channel.repository == (try server.at("/team/x.git")))
                try channel.send(WireRequest(lines: Array("0000".utf8)))
                _ = try channel.readAll()
                #expect(first.requests.map { $0.header("Authorization") } == ["Basic YTpi"])
                #expect(server.requests.map { $0.header("Authorization") } == [nil, nil])
                let off = NetworkSettings([.init(name: "http.followredirects", value: "false")])
                #expect(
                    refusal { try self.channel(try first.at("/old"), "git-upload-pack", off).readAll() }?.code
                        == .refused)
            }
        }
    }

    @Test func whereNobodyShouldGoNobodyGoes() throws {
        let leads = ["/login?service=git-upload-pack", "/x/info/refs?service=git-receive-pack"]
        for place in leads {
            let server = try LoopbackServer { _ in .redirect(to: place) }
            let error = refusal { try channel(try server.at("/x")).readAll() }
            #expect(error?.code == .refused && error?.message.contains("no git repository") == true)
        }
        let circle = try LoopbackServer { _ in .redirect(to: "/x/info/refs?service=git-upload-pack") }
        #expect(refusal { try channel(try circle.at("/x")).readAll() }?.message.contains("without end") == true)
        #expect(circle.requests.count == 6)
    }

    // MARK: What is no git server

    @Test func aPageIsNoGitServer() throws {
        let server = try LoopbackServer { _ in .page }
        let error = refusal { try channel(try server.at("/x")).readAll() }
        #expect(error?.code == .refused && error?.message.contains("web page") == true)
        let files = try LoopbackServer { _ in
            .reply(200, [("Content-Type", "text/plain")], "abc\trefs/heads/main\n")
        }
        let dumb = refusal { try channel(try files.at("/x")).readAll() }
        #expect(dumb?.code == .refused && dumb?.message.contains("smart protocol") == true)
    }

    @Test func longWordsAreNotWaitedFor() throws {
        let text = Array(String(repeating: "words ", count: 10_000).utf8)
        for status in [200, 500] {
            let server = try LoopbackServer { _ in
                [.send([LoopbackServer.Step].head(status, [("Content-Type", "text/html")]))]
                    + [.sendRepeatedly(text, times: 1_000), .close]
            }
            let error = refusal { try channel(try server.at("/x")).readAll() }
            #expect(error?.code == (status == 200 ? .refused : .offline), "\(error?.description ?? "")")
        }
    }

    @Test(arguments: [
        (400, NetworkError.Code.refused), (404, .missing), (410, .missing), (413, .refused), (408, .offline),
        (500, .offline), (502, .offline), (507, .noSpace), (403, .denied),
    ])
    func eachStatusSaysSomething(status: Int, code: NetworkError.Code) throws {
        let server = try LoopbackServer { _ in .reply(status, [], "words") }
        let error = refusal { try channel(try server.at("/x?token=secret")).readAll() }
        #expect(error?.code == code && error?.hint != nil, "\(error?.description ?? "")")
        #expect(error?.description.contains("secret") == false)
    }

    @Test(
        arguments: [
            (429, [("Retry-After", "7200")], "2 hours"), (403, [("Retry-After", "600")], "10 minutes"),
            (403, [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "99999999999")], "hours"),
            (503, [("Retry-After", "600")], "10 minutes"),
        ] as [(Int, [(String, String)], String)])
    func whoWasAskedTooOftenSaysHowLong(status: Int, headers: [(String, String)], words: String) throws {
        let server = try LoopbackServer { _ in .reply(status, headers) }
        let error = refusal { try channel(try server.at("/x")).readAll() }
        #expect(error?.code == .offline && error?.message.contains(words) == true, "\(error?.description ?? "")")
        #expect(server.requests.count == 1)
    }

    @Test func aWordOfTheConfigurationThatIsNotTakenIsNamed() throws {
        let server = try LoopbackServer { _ in .reply(401) }
        let settings = NetworkSettings([.init(name: "http.extraheader", value: "Authorization: Bearer secret")])
        let error = refusal { try channel(try server.at("/x"), "git-upload-pack", settings).readAll() }
        #expect(error?.code == .denied && error?.message.contains("http.extraHeader") == true)
        #expect(error?.description.contains("secret") == false && server.requests.count == 1)
    }

    @Test func whoHasTooMuchToDoIsWaitedForALittle() throws {
        let count = Mutex(0)
        let body = packetLine("# service=git-upload-pack\n")
        let server = try LoopbackServer { _ in
            count.withLock {
                $0 += 1
                return $0 < 3
                    ? .reply($0 == 1 ? 429 : 503, [("Retry-After", "0")])
                    : .reply(200, [("Content-Type", "application/x-git-upload-pack-advertisement")], body: body)
            }
        }
        #expect(try channel(try server.at("/x")).readAll() == body)
        let busy = try LoopbackServer { _ in .reply(503, [("Retry-After", "3600")]) }
        let error = refusal { try channel(try busy.at("/x")).readAll() }
        #expect(error?.code == .offline && error?.message.contains("60 minutes") == true)
        #expect(busy.requests.count == 1)
    }

    // MARK: Ending

    private static func endless(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        let type = request.method == "GET" ? "advertisement" : "result"
        let head = [LoopbackServer.Step].head(200, [("Content-Type", "application/x-git-upload-pack-\(type)")])
        return [.send(head), .sendRepeatedly([UInt8](repeating: 7, count: 1 << 16), times: .max >> 1)]
    }

    @Test func aChannelMayBeClosedAtAnyMoment() throws {
        let server = try LoopbackServer { Self.endless($0) }
        let hanging = try LoopbackServer { _ in [.hang] }
        for number in 0..<12 {
            let channel = channel(try (number % 4 == 3 ? hanging : server).at("/x"))
            let watch = Stopwatch()
            var buffer = [UInt8](repeating: 0, count: 1_000)
            switch number % 4 {
            case 0: break
            case 1: _ = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
            case 2:
                try channel.send(WireRequest(lines: [1]))
                _ = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
            default:
                let other = HTTPChannel(
                    to: try hanging.at("/x"), user: nil, service: "git-upload-pack",
                    by: WebClient(settings: Self.none), isStopped: { watch.seconds > 0.1 })
                #expect(refusal { try other.readAll() }?.code == .stopped)
            }
            channel.close()
            channel.close()
            #expect(watch.seconds < 5, "closing does not wait for the server")
        }
    }

    @Test func anAnswerThatEndsTooEarlyIsNoEnd() throws {
        let server = try LoopbackServer { _ in
            let type = ("Content-Type", "application/x-git-upload-pack-advertisement")
            return [
                .send([LoopbackServer.Step].head(200, [type, ("Content-Length", "100")]) + [1, 2, 3]), .close,
            ]
        }
        let channel = channel(try server.at("/x"))
        var buffer = [UInt8](repeating: 0, count: 10)
        var got: [UInt8] = []
        let error = refusal {
            while true {
                let count = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
                if count == 0 { return }
                got += buffer[..<count]
            }
        }
        #expect(got == [1, 2, 3] && error?.code == .offline)
    }

    @Test func aServerThatSaysNothingIsGivenUp() throws {
        let server = try LoopbackServer { _ in [.hang] }
        var patience = HTTPChannel.Patience()
        patience.listing = .milliseconds(200)
        let watch = Stopwatch()
        let error = refusal { try channel(try server.at("/x"), patience: patience).readAll() }
        #expect(error?.code == .offline && watch.seconds < 5)
    }

    @Test func aServerThatWorksBeforeItAnswersIsWaitedFor() throws {
        // Longer than nothing may come or go otherwise, as a hook may take.
        let server = try LoopbackServer { request in
            let type = request.method == "GET" ? "advertisement" : "result"
            let header = ("Content-Type", "application/x-git-receive-pack-\(type)")
            return (request.method == "GET" ? [] : [.pause(0.6)]) + .reply(200, [header], "0000")
        }
        var patience = HTTPChannel.Patience()
        for (limit, isEnough) in [(Duration.seconds(20), true), (.milliseconds(150), false)] {
            patience.taking = limit
            let channel = channel(try server.at("/x"), "git-receive-pack", patience: patience)
            _ = try channel.readAll()
            try channel.send(WireRequest(lines: [1]))
            let error = refusal { try channel.readAll() }
            #expect((error == nil) == isEnough, "\(error?.description ?? "")")
        }
    }

    /// What is thrown by sending means that nothing was done; what nobody knows is told by reading.
    @Test(arguments: [
        (403, true), (404, true), (413, true), (401, true), (307, true), (507, true), (500, false), (502, false),
        (503, false), (504, false), (0, false), (-1, false),
    ])
    func whatCertainlyWasNotDoneIsToldAtOnce(status: Int, isCertain: Bool) throws {
        let type = "application/x-git-receive-pack-"
        let server = try LoopbackServer { request in
            if request.method == "GET" {
                return .reply(200, [("Content-Type", type + "advertisement")], "0000")
            }
            if status == 0 { return [.close] }
            if status == -1 { return .page }
            return .reply(status, status == 307 ? [("Location", "/y")] : [], "no")
        }
        try withTemporaryDirectory { folder throws in
            let pack = folder.appending("pack")
            try FileSystem.write([UInt8](repeating: 7, count: 100_000), to: pack)
            let channel = channel(try server.at("/x"), "git-receive-pack")
            _ = try channel.readAll()
            let request = WireRequest(lines: Array("0000".utf8), pack: pack)
            #expect((refusal { try channel.send(request) } != nil) == isCertain)
            #expect(refusal { try channel.readAll() } != nil)
        }
    }

    @Test func aServerThatLacksAPartHasDoneNothing() throws {
        let type = "application/x-git-receive-pack-"
        let server = try LoopbackServer(readingBodiesUpTo: 1_000) { request in
            if request.method == "GET" { return .reply(200, [("Content-Type", type + "advertisement")], "0000") }
            // The few bytes by which it is found out whether it wants to know who asks.
            return request.bodyLength == 4 ? .reply(200, [("Content-Type", type + "result")], "") : [.reset]
        }
        try withTemporaryDirectory { folder throws in
            let pack = folder.appending("pack")
            try FileSystem.write([UInt8](repeating: 7, count: 1 << 25), to: pack)
            let channel = channel(try server.at("/x"), "git-receive-pack")
            let error = refusal { try channel.send(WireRequest(lines: [], pack: pack)) }
            #expect(error?.code == .offline)
            #expect(server.requests.map(\.bodyLength) == [0, 4, 1_000])
        }
    }

    @Test func aPackThatCannotBeReadIsToldSo() throws {
        let server = try LoopbackServer { request in
            let type = request.method == "GET" ? "advertisement" : "result"
            return .reply(200, [("Content-Type", "application/x-git-receive-pack-\(type)")], "0000")
        }
        let channel = channel(try server.at("/x"), "git-receive-pack")
        let error = refusal { try channel.send(WireRequest(lines: [1], pack: "/nothing/here")) }
        #expect(error?.code == .local && error?.message.contains("/nothing/here") == true)
    }
}
