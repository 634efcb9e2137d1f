import Dispatch
import Files
import Git
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import HTTP
@testable import Network

/// What servers are told about who asks, and when.
@Suite(.waiting) struct WebClientTests {
    /// Wants `word` in `Authorization`.
    private static func guarding(_ word: String) -> @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step] {
        { request in
            request.header("Authorization") == word
                ? .reply(200, [], request.text.isEmpty ? "in" : request.text)
                : .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")], "out")
        }
    }
    private static let giver = "[ \"$1\" = get ] && printf 'username=u\\npassword=p\\n'"
    private static let word = "Basic dTpw"

    private func text(
        _ client: WebClient, _ request: HTTPRequest, _ access: WebClient.Access = .person(user: nil)
    ) throws -> String {
        String(decoding: try client.send(request, as: access, upTo: 1_000).body, as: UTF8.self)
    }

    @Test func whoWantsNoNameGetsNone() throws {
        let server = try LoopbackServer { _ in .reply(200, [], "in") }
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            #expect(try text(client, HTTPRequest(.get, server.at("/"))) == "in")
            #expect(server.requests.map { $0.header("Authorization") } == [nil] && helper.log == [])
            #expect(server.requests.first?.header("User-Agent")?.hasPrefix("git/") == true)
        }
    }

    @Test func aNameIsAskedForOnceAndThenSentAtOnce() throws {
        let server = try LoopbackServer(answer: Self.guarding(Self.word))
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            for _ in 0..<3 { #expect(try text(client, HTTPRequest(.get, server.at("/a"))) == "in") }
            #expect(server.requests.map { $0.header("Authorization") != nil } == [false, true, true, true])
            #expect(helper.asked == ["[get]", "[store]"] && server.connections == 1)
        }
    }

    @Test func aStreamIsSentAgainFromItsBeginning() throws {
        let server = try LoopbackServer(answer: Self.guarding(Self.word))
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            let bytes = Array("the whole body".utf8)
            var place = 0
            func body(_ rewind: (() -> Bool)?) -> HTTPRequest.Body {
                .stream(length: Int64(bytes.count), rewind: rewind) { buffer in
                    let count = min(4, bytes.count - place, buffer.count)
                    buffer.copyBytes(from: bytes[place..<(place + count)])
                    place += count
                    return count
                }
            }
            let again = body {
                place = 0
                return true
            }
            #expect(try text(client, HTTPRequest(.put, server.at("/a"), body: again)) == "the whole body")
            place = 0
            let other = WebClient(settings: helper.settings)
            let error = refusal { try text(other, HTTPRequest(.put, server.at("/a"), body: body(nil))) }
            #expect(error?.code == .local)
        }
    }

    @Test func eightThreadsAskOnce() throws {
        let server = try LoopbackServer(answer: Self.guarding(Self.word))
        try Helper.with("sleep 0.2; \(Self.giver)") { helper throws in
            let client = WebClient(settings: helper.settings)
            let texts = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let text = (try? server.at("/")).flatMap { try? self.text(client, HTTPRequest(.get, $0)) }
                texts.withLock { $0.append(text ?? "") }
            }
            #expect(texts.withLock { $0 } == Array(repeating: "in", count: 8))
            #expect(helper.asked == ["[get]", "[store]"])
        }
    }

    @Test func aPasswordThatIsRefusedIsForgottenAndNotSentAgain() throws {
        let server = try LoopbackServer(answer: Self.guarding("Basic other"))
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            let errors = Mutex<[NetworkError?]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let error = refusal { try text(client, HTTPRequest(.get, server.at("/"))) }
                errors.withLock { $0.append(error) }
            }
            for error in errors.withLock({ $0 }) {
                #expect(error?.code == .denied && error?.message.contains("does not take") == true)
                #expect(error?.hint?.contains("log in again") == true)
            }
            // It is asked a second time, as another helper may know better, and gives the same.
            #expect(helper.asked == ["[get]", "[erase]", "[get]", "[erase]"])
            let tries = server.requests.filter { $0.header("Authorization") != nil }.count
            #expect(tries <= 8, "none sends what was refused twice")
            let before = helper.asked.count
            #expect(refusal { try text(client, HTTPRequest(.get, server.at("/"))) }?.code == .denied)
            #expect(helper.asked.count == before)
        }
    }

    @Test func aPasswordThatHasChangedIsAskedForAnew() throws {
        let wanted = Mutex(Self.word)
        let server = try LoopbackServer { request in Self.guarding(wanted.withLock { $0 })(request) }
        let script = "[ \"$1\" = get ] && { echo username=u; cat \"$HOME/password\"; }"
        try Helper.with(script) { helper throws in
            try FileSystem.write("password=p\n", to: helper.home.appending("password"))
            let client = WebClient(settings: helper.settings)
            #expect(try text(client, HTTPRequest(.get, server.at("/"))) == "in")
            for (password, word) in [("q", "Basic dTpx"), ("r", "Basic dTpy"), ("s", "Basic dTpz")] {
                try FileSystem.write("password=\(password)\n", to: helper.home.appending("password"))
                wanted.withLock { $0 = word }
                #expect(try text(client, HTTPRequest(.get, server.at("/"))) == "in")
            }
        }
    }

    @Test func forbiddenIsNotUnknown() throws {
        let server = try LoopbackServer { request in
            request.header("Authorization") == nil ? .reply(401) : .reply(403)
        }
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            let head = try client.send(HTTPRequest(.get, server.at()), as: .person(user: nil), upTo: 10).head
            #expect(head.status == 403 && helper.asked == ["[get]"], "it is neither remembered nor forgotten")
        }
    }

    @Test func whoIsToldNothingIsToldNothing() throws {
        let server = try LoopbackServer(answer: Self.guarding(Self.word))
        try Helper.with(Self.giver, "[http]\n\textraHeader = X-Secret: word") { helper throws in
            let client = WebClient(settings: helper.settings)
            _ = try text(client, HTTPRequest(.get, server.at("/")))
            let head = try client.send(HTTPRequest(.get, server.at()), as: .anonymous, upTo: 10).head
            #expect(head.status == 401)
            let words = server.requests.map { $0.header("Authorization") }
            #expect(words == [nil, Self.word, nil])
            #expect(server.requests.map { $0.header("X-Secret") } == ["word", "word", nil])
        }
    }

    @Test func aPasswordGoesToNoOtherServer() throws {
        let first = try LoopbackServer(answer: Self.guarding(Self.word))
        let second = try LoopbackServer { _ in .reply(200, [], "open") }
        try Helper.with(Self.giver) { helper throws in
            let client = WebClient(settings: helper.settings)
            _ = try text(client, HTTPRequest(.get, first.at("/")))
            _ = try text(client, HTTPRequest(.get, second.at("/")))
            #expect(second.requests.map { $0.header("Authorization") } == [nil])
        }
    }

    @Test func whatIsForAPartOfAServerCountsThereAlone() throws {
        let server = try LoopbackServer { _ in .reply(200, [], "in") }
        try Helper.with("") { helper throws in
            let lines = ["": "A: all", "/part": "A: part"].map { path, value in
                Setting(name: "http.\(server.url)\(path).extraheader", value: value)
            }
            for (lines, wanted) in [
                (lines, ["part", "all", "part"]), (lines.filter { $0.value == "A: all" }, ["all"]),
            ] {
                let settings = NetworkSettings(lines, environment: helper.environment)
                #expect(settings.dependsOnPath == (wanted.count > 1))
                let client = WebClient(settings: settings)
                let before = server.requests.count
                for path in ["/part/x", "/whole", "/part"] {
                    _ = try text(client, HTTPRequest(.get, server.at(path)))
                }
                let seen = server.requests.dropFirst(before).map { $0.headers.last { $0.name == "A" }?.value }
                #expect(Set(seen) == Set(wanted) && (wanted.count == 1 || seen == wanted))
            }
        }
    }

    @Test func whoBringsTheirOwnWordHasNoOther() throws {
        let server = try LoopbackServer(answer: Self.guarding("Bearer x"))
        try Helper.with(Self.giver, "[http \"http://127.0.0.1:*/\"]\n\textraHeader = Authorization: Bearer y") {
            helper throws in
            let settings = NetworkSettings(
                helper.settings.lines + [
                    .init(name: "http.\(server.url).extraheader", value: "AUTHORIZATION: Bearer x")
                ], environment: helper.environment)
            let client = WebClient(settings: settings)
            #expect(try text(client, HTTPRequest(.get, server.at("/"))) == "in")
            let own = HTTPRequest(.get, try server.at("/"), headers: ["Authorization": "Bearer z"])
            let head = try client.send(own, as: .person(user: nil), upTo: 10).head
            #expect(head.status == 401 && helper.log == [])
            #expect(server.requests.last?.headers.filter { $0.name.lowercased() == "authorization" }.count == 1)
        }
    }

    @Test func thePasswordInTheAddressCountsForItsServer() throws {
        let server = try LoopbackServer(answer: Self.guarding("Basic dTpwOnEv"))
        try Helper.with("") { helper throws in
            let address = "http://u:p%3Aq%2F@127.0.0.1:\(server.port)/x.git"
            func settings(_ address: String) -> NetworkSettings {
                NetworkSettings(
                    helper.settings.lines + [.init(name: "remote.o.url", value: address)],
                    environment: helper.environment)
            }
            #expect(
                try text(WebClient(settings: settings(address)), HTTPRequest(.get, server.at("/x.git/a"))) == "in")
            #expect(server.requests.count == 1, "it is sent at once")
            let typed = WebClient(settings: helper.settings.including(address: address))
            #expect(try text(typed, HTTPRequest(.get, server.at("/other"))) == "in")
            let wrong = settings(address.replacing("u:p", with: "u:secret"))
            let client = WebClient(settings: wrong)
            for _ in 0..<2 {
                let error = refusal { try text(client, HTTPRequest(.get, server.at("/x.git/a"))) }
                #expect(error?.code == .denied && error?.message.contains("remote's address") == true)
                #expect(error?.description.contains("secret") == false)
            }
            let other = WebClient(settings: settings(address))
            let error = refusal { try text(other, HTTPRequest(.get, server.at("/x.git")), .person(user: "v")) }
            #expect(error?.code == .denied && error?.message.contains("git credential") == true)
        }
    }

    @Test func aServerThatTakesNoPasswordIsSentNone() throws {
        let server = try LoopbackServer { _ in .reply(401, [("WWW-Authenticate", "Negotiate")]) }
        try Helper.with(Self.giver) { helper throws in
            let error = refusal {
                try text(WebClient(settings: helper.settings), HTTPRequest(.get, server.at("/")))
            }
            #expect(error?.code == .denied && error?.message.contains("only negotiate") == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test func aHelperMayTakeSeveralSteps() throws {
        let server = try LoopbackServer { request in
            switch request.header("Authorization") {
            case "Custom two": .reply(200, [], "in")
            case "Custom one": .reply(401, [("WWW-Authenticate", "Custom step")])
            default: .reply(401, [("WWW-Authenticate", "Custom")])
            }
        }
        // What git does since 2.46 is played by a program: the one here may be older.
        try Helper.with("") { helper throws in
            let git = helper.home.appending("git")
            try FileSystem.write(
                """
                #!/bin/sh
                said=$(cat); echo "$2 $said" >> \(helper.home.appending("log"))
                [ "$2" = fill ] || exit 0
                case "$said" in *state*=s1*) echo credential=two;; *) echo credential=one; echo continue=1;; esac
                printf 'capability[]=authtype\\nauthtype=Custom\\nephemeral=1\\nstate[]=s1\\n'
                """, to: git)
            _ = try run(command: "chmod", arguments: ["+x", git.string])
            let program = CredentialProgram(settings: helper.settings, mayAsk: false, name: git.string)
            let client = WebClient(settings: helper.settings, remote: nil, program: program)
            #expect(try text(client, HTTPRequest(.get, server.at("/"))) == "in")
            #expect(server.requests.count == 3)
            let words = ["fill", "approve", "reject"]
            let asked = helper.log.compactMap { line in words.first { line.hasPrefix($0) } }
            #expect(asked == ["fill", "fill", "approve"])
            #expect(helper.log.contains("wwwauth[]=Custom step") && helper.log.contains("ephemeral=1"))
        }
    }

    @Test func aQuestionCanBeStopped() throws {
        let server = try LoopbackServer(answer: Self.guarding(Self.word))
        try Helper.with("sleep 600") { helper throws in
            let client = WebClient(settings: helper.settings)
            let error = refusal {
                try client.send(
                    HTTPRequest(.get, server.at()), as: .person(user: nil), upTo: 10,
                    isStopped: { helper.asked == ["[get]"] })
            }
            #expect(error?.code == .stopped)
        }
    }

    @Test func aProxyThatWantsANameIsNamed() throws {
        let proxy = try LoopbackServer { _ in .reply(407, [("Proxy-Authenticate", "Basic")], "who?") }
        try Helper.with("") { helper throws in
            let settings = NetworkSettings(
                [.init(name: "http.proxy", value: "http://u:secret@127.0.0.1:\(proxy.port)")],
                environment: helper.environment)
            for url in ["http://h.invalid/", "https://h.invalid/"] {
                let error = refusal { try text(WebClient(settings: settings), HTTPRequest(.get, HTTPURL(url))) }
                #expect(error?.code == .denied && error?.hint?.contains("http.proxy") == true, "\(url)")
                #expect(error?.description.contains("secret") == false)
            }
            #expect(proxy.requests.allSatisfy { $0.header("Proxy-Authorization") == "Basic dTpzZWNyZXQ=" })
        }
    }

    @Test func thePasswordOfAProxyIsAskedForWhereItHasANameAlone() throws {
        let proxy = try LoopbackServer { request in
            request.header("Proxy-Authorization") == "Basic dTpwIHc="
                ? .reply(200, [], "in") : .reply(407, [("Proxy-Authenticate", "Basic")], "who?")
        }
        for isRight in [true, false] {
            let script = "[ \"$1\" = get ] && printf 'password=\(isRight ? "p w" : "q")\\n'"
            try Helper.with(script) { helper throws in
                let settings = NetworkSettings(
                    helper.settings.lines + [.init(name: "http.proxy", value: "http://u@127.0.0.1:\(proxy.port)")],
                    environment: helper.environment)
                let client = WebClient(settings: settings)
                for _ in 0..<2 {
                    let request = HTTPRequest(.put, try HTTPURL("http://h.invalid/"), body: .bytes([1]))
                    if isRight {
                        #expect(try text(client, request) == "in")
                    } else {
                        let error = refusal { try text(client, request) }
                        #expect(
                            error?.code == .denied && error?.message.hasPrefix("127.0.0.1:\(proxy.port)") == true)
                    }
                }
                #expect(
                    helper.log.prefix(4) == [
                        "[get]", "protocol=http", "host=127.0.0.1:\(proxy.port)", "username=u",
                    ])
                #expect(
                    helper.asked == (isRight ? ["[get]", "[store]"] : ["[get]", "[erase]", "[get]", "[erase]"]))
            }
        }
    }

    @Test(arguments: [
        HTTPError.TrustFault.expired, .notYetValid, .otherName, .selfSigned, .unknownIssuer, .badCertificate,
        .trustedFile, .ownCertificate, .noAgreement,
    ])
    func whatIsWrongWithACertificateComesWithWhatToDo(fault: HTTPError.TrustFault) {
        let error = NetworkError(HTTPError(.tls, "h.org cannot be trusted: why", fault: fault))
        #expect(error.code == .denied && error.message == "h.org cannot be trusted: why" && error.hint != nil)
    }

    @Test func eachFailureHasItsKind() {
        let codes: [(HTTPError.Code, NetworkError.Code)] = [
            (.unreachable, .offline), (.timedOut, .offline), (.cutOff, .offline), (.stopped, .stopped),
            (.library, .local), (.badAnswer, .refused), (.tooLarge, .refused), (.badURL, .refused),
            (.proxyDenied, .denied),
        ]
        for (code, wanted) in codes {
            #expect(NetworkError(HTTPError(code, "x")).code == wanted, "\(code.rawValue)")
        }
    }

    @Test func whatIsNoProxyOfHTTPIsAskedNothing() {
        for proxy in ["http://h:1", "http://u:p@h:1", "socks5://u@h:1", "http://@h:1", "u@"] {
            #expect(ProxyAccess(.url(proxy)) == nil, "\(proxy)")
        }
        #expect(ProxyAccess(.environment) == nil)
        let plain = ProxyAccess(.url("u%40x@h:3128"))
        #expect(plain?.place.user == "u@x" && plain?.place.host == "h:3128" && plain?.place.scheme == "http")
        let told = plain?.proxy(telling: Credential(user: "u@x", password: "ä/\u{1}"))
        #expect(told == .url("http://u%40x:%C3%A4%2F%01@h:3128"))
        #expect(plain?.proxy(telling: Credential([])) == nil)
    }

    @Test func whatHasNoAnswerIsOffline() throws {
        let server = try LoopbackServer { _ in .reply() }
        let url = try server.at("/")
        server.stop()
        try Helper.with("") { helper throws in
            let client = WebClient(settings: helper.settings)
            #expect(refusal { try text(client, HTTPRequest(.get, url)) }?.code == .offline)
            let page = try LoopbackServer { _ in .reply(200, [], String(repeating: "x", count: 2_000)) }
            #expect(refusal { try text(client, HTTPRequest(.get, page.at("/"))) }?.code == .refused)
        }
    }
}
