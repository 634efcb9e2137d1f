import Files
import TestSupport
import Testing

@testable import Publishing

/// What comes of handing a post to a service, row by row.
@Suite struct ServiceTargetTests {
    // MARK: Sent

    @Test func aPostThatIsOutIsSentWithItsLinks() throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        #expect(try ServiceRig.handOff(to: server) == .sent(links: ServiceRig.bothLinks))
        #expect(server.requests.count == 1, "nothing is asked that is known")
    }

    @Test func aPostInAListOfProfilesIsSentToo() throws {
        let server = try ServiceRig.server(.json("{\"status\":\"success\",\"posts\":[\(ServiceRig.success)]}"))
        #expect(try ServiceRig.handOff(to: server) == .sent(links: ServiceRig.bothLinks))
    }

    @Test func linksThatAreNotThereYetAreAskedFor() throws {
        let server = try ServiceRig.server(
            .json("{\"status\":\"processing\",\"id\":\"abc-1\"}", status: 202), .reply(502), .json("[]"),
            .json("{\"status\":\"pending\",\"id\":\"abc-1\",\"postIds\":[]}"), .json(ServiceRig.success))
        #expect(try ServiceRig.handOff(to: server) == .sent(links: ServiceRig.bothLinks))
        let questions = server.requests.dropFirst()
        #expect(questions.count == 4)
        for question in questions {
            #expect(question.method == "GET" && question.target == "/api/post/abc-1" && question.bodyLength == 0)
            #expect(question.header("Authorization") == "Bearer \(ServiceRig.token)")
            #expect(question.header("Profile-Key") == ServiceRig.profileKey)
            #expect(question.header("Idempotency-Key") == nil)
        }
    }

    @Test func aPlatformThatTheServiceCallsOtherwiseIsNotWaitedFor() throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        let publication = try ServiceRig.publication(["x", "facebook"])
        let outcome = try ServiceRig.handOff(to: server, publication)
        #expect(outcome == .sent(links: ServiceRig.bothLinks) && server.requests.count == 1)
    }

    @Test func linksThatNeverComeAreNotWaitedForForever() throws {
        let server = try ServiceRig.server(
            .json(
                """
                {"status":"success","id":"abc","postIds":[{"status":"success","platform":"tiktok"},
                {"status":"success","platform":"twitter","postUrl":"https://twitter.com/1"}]}
                """))
        let watch = Stopwatch()
        let outcome = try ServiceRig.handOff(to: server, ServiceRig.publication(["tiktok", "twitter"]))
        #expect(outcome == .sent(links: ["twitter": "https://twitter.com/1"]))
        #expect(0.2...5 ~= watch.seconds && server.requests.count > 4)
    }

    @Test func whatIsTakenIsSentAlsoWhereNothingCanBeAsked() throws {
        for id in ["", "../../users", String(repeating: "a", count: 200)] {
            let server = try ServiceRig.server(.json("{\"status\":\"pending\",\"id\":\"\(id)\"}"))
            #expect(try ServiceRig.handOff(to: server) == .sent(links: [:]))
            #expect(server.requests.count == 1)
        }
    }

    @Test func whatIsStoppedAfterItWasTakenIsSent() throws {
        let server = try ServiceRig.server(.json("{\"status\":\"pending\",\"id\":\"a\"}"))
        let outcome = try ServiceRig.handOff(to: server, polling: .seconds(60)) { server.requests.count > 2 }
        #expect(outcome == .sent(links: [:]))
    }

    @Test(arguments: [200, 400, 500]) func aPostThatFailedAtOnePlatformIsSentWithTheFailure(status: Int) throws {
        let text = """
            {"status":"error","id":"abc","errors":[{"action":"post","status":"error","code":107,
            "message":"Facebook Error:\\n the image is too small","platform":"facebook"}],
            "postIds":[{"status":"success","platform":"twitter","postUrl":"https://twitter.com/1"}]}
            """
        let server = try ServiceRig.server(.json(text, status: status))
        let failures = ["facebook": "Facebook Error: the image is too small"]
        #expect(
            try ServiceRig.handOff(to: server)
                == .sent(links: ["twitter": "https://twitter.com/1"], failures: failures))
        #expect(server.requests.count == 1)
    }

    @Test func aFailureOfTheWholeIsOneOfEachPlatformThatIsNotOut() throws {
        let server = try ServiceRig.server(
            .json(
                """
                {"status":"error","errors":[{"message":"half of it failed"}],
                "postIds":[{"status":"success","platform":"twitter","postUrl":"https://twitter.com/1"}]}
                """))
        let links = ["twitter": "https://twitter.com/1"]
        #expect(
            try ServiceRig.handOff(to: server) == .sent(links: links, failures: ["facebook": "half of it failed"]))
    }

    @Test func aPlatformThatFailsLaterIsTold() throws {
        let server = try ServiceRig.server(
            .json(
                """
                {"status":"success","id":"a","postIds":[{"status":"pending","platform":"youtube"},
                {"status":"success","platform":"twitter","postUrl":"https://twitter.com/1"}]}
                """),
            .json(
                """
                {"status":"error","id":"a","postIds":[{"status":"error","platform":"youtube","message":"too long"}]}
                """))
        let outcome = try ServiceRig.handOff(to: server, ServiceRig.publication(["youtube", "twitter"]))
        #expect(outcome == .sent(links: ["twitter": "https://twitter.com/1"], failures: ["youtube": "too long"]))
    }

    @Test func whatIsNoLinkIsLeftOut() throws {
        for link in ["javascript:alert(1)", "https://a/ b", "https://a/\(ServiceRig.token)", "twitter.com/1"] {
            let server = try ServiceRig.server(
                .json(
                    "{\"status\":\"success\",\"postIds\":[{\"status\":\"success\",\"platform\":\"x\",\"postUrl\":\"\(link)\"}]}"
                ))
            #expect(try ServiceRig.handOff(to: server) == .sent(links: [:]))
        }
    }

    // MARK: Refused

    @Test(arguments: [200, 400, 404, 422]) func aFailureThatTheServiceNamesIsRefused(status: Int) throws {
        let text = """
            {"status":"error","postIds":[],"id":"a","errors":[{"code":110,"message":"Status is a duplicate.",
            "platform":"twitter"},{"code":107,"message":"Too long","platform":"facebook"}]}
            """
        let server = try ServiceRig.server(.json(text, status: status))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(outcome.isRefused && outcome.words.hasSuffix("facebook: Too long; twitter: Status is a duplicate."))
        #expect(server.requests.count == 1, "what is refused is not sent again")
    }

    @Test func aPostThatFailsEverywhereAfterItWasTakenIsRefused() throws {
        let server = try ServiceRig.server(
            .json("{\"status\":\"pending\",\"id\":\"a\"}"), .json("{\"status\":\"error\",\"message\":\"no film\"}"))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(outcome.isRefused && outcome.words.hasSuffix("no film"))
    }

    @Test(arguments: [401, 403]) func aTokenThatIsRefusedIsNotTold(status: Int) throws {
        let text =
            "{\"status\":\"error\",\"message\":\"API Key \(ServiceRig.token) for \(ServiceRig.profileKey) not valid\"}"
        let server = try ServiceRig.server(.json(text, status: status))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(
            outcome == .refused("the token for 127.0.0.1:\(server.port) was refused: API Key … for … not valid"))
    }

    @Test func whatServicesSayIsMadeFitToBeTold() throws {
        let long = String(repeating: "very ", count: 200)
        let server = try ServiceRig.server(
            .json("{\"status\":\"error\",\"message\":\"a\\tb\\u2028c\\u001b[31m \(long)\"}", status: 400))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(outcome.isRefused && outcome.words.contains("a b c [31m very") && outcome.words.count < 400)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func aServiceThatSendsUsOnIsRefused(status: Int) throws {
        let other = try ServiceRig.server(.json(ServiceRig.success))
        let server = try ServiceRig.server(.redirect(to: other.url + "/\(ServiceRig.token)", status: status))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(outcome.isRefused && outcome.words.contains("127.0.0.1:\(other.port)"))
        #expect(other.connections == 0 && server.requests.count == 1)
    }

    @Test func aServiceThatFailsToTheEndIsRefused() throws {
        let server = try ServiceRig.server(
            .json("{\"status\":\"error\",\"message\":\"out of order\"}", status: 500))
        let outcome = try ServiceRig.handOff(to: server)
        #expect(outcome.isRefused && outcome.words.contains("out of order"))
        #expect(server.requests.count == 3)
        #expect(Set(server.requests.map { $0.header("Idempotency-Key") }).count == 1)
        #expect(Set(server.requests.map(\.text)).count == 1)
    }

    // MARK: Unreached

    @Test func aServiceThatIsNotThereIsUnreached() throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        server.stop()
        #expect(try ServiceRig.handOff(to: server).isUnreached)
    }

    @Test func whatWouldBeTheSameLaterIsNotTriedAgain() throws {
        let server = try LoopbackServer(greeting: { _ in .garbage }, answer: { _ in .reply() })
        let target = ServiceRig.target("https://127.0.0.1:\(server.port)/api")
        let outcome = target.handOff(try ServiceRig.publication(), until: Deadline(in: .seconds(60))) { false }
        #expect(outcome.isUnreached && outcome.words.contains("cannot be trusted"))
        #expect(server.connections == 1)
    }

    @Test(arguments: [429, 503]) func aServiceThatTakesNothingIsUnreached(status: Int) throws {
        let server = try ServiceRig.server(.page429(status))
        #expect(try ServiceRig.handOff(to: server).isUnreached)
        #expect(server.requests.count == 3)
    }

    @Test func aServiceThatWasBusyIsSentToAgain() throws {
        let server = try ServiceRig.server(
            .reply(429, [("Retry-After", "1")]), .reply(503, [("Retry-After", "0")]), .json(ServiceRig.success))
        let watch = Stopwatch()
        #expect(try ServiceRig.handOff(to: server) == .sent(links: ServiceRig.bothLinks))
        #expect(1...10 ~= watch.seconds && server.requests.count == 3)
    }

    @Test func aTimeToComeBackIsUnderstood() throws {
        let date = ("Date", "Mon, 30 Nov 2026 23:59:59 GMT")
        let server = try ServiceRig.server(
            .reply(429, [date, ("Retry-After", "Tue, 01 Dec 2026 00:00:00 GMT")]),
            .reply(429, [date, ("Retry-After", "Tue, 01 Foo 2026 00:00:00 GMT")]), .json(ServiceRig.success))
        let watch = Stopwatch()
        #expect(try ServiceRig.handOff(to: server).isSent && 1...10 ~= watch.seconds)
    }

    @Test func aServiceThatWantsTooLongIsNotWaitedFor() throws {
        let server = try ServiceRig.server(.reply(429, [("Retry-After", "301")]))
        #expect(try ServiceRig.handOff(to: server, until: Deadline(in: .seconds(1_000))).isUnreached)
        let other = try ServiceRig.server(.reply(429, [("Retry-After", "3")]))
        #expect(try ServiceRig.handOff(to: other, until: Deadline(in: .seconds(2))).isUnreached)
        #expect(server.requests.count == 1 && other.requests.count == 1)
    }

    @Test func nothingIsSentAfterTheDeadlineOrTheEnd() throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        #expect(try ServiceRig.handOff(to: server, until: Deadline(in: .zero)).isUnreached)
        #expect(try ServiceRig.handOff(to: server) { true }.isUnreached)
        #expect(server.connections == 0)
    }

    // MARK: Unknown

    @Test(
        arguments: [
            ("a page", .page), ("an empty answer", .reply(200)), ("no object", .json("[1]")),
            ("nothing known", .json("{}")),
            ("broken JSON", .json("{\"status\":\"success\",")),
            ("a status of its own", .json("{\"status\":\"paused\"}")),
            ("too much", .reply(200, [], String(repeating: " ", count: 1 << 20) + ServiceRig.success)),
        ] as [(String, [LoopbackServer.Step])])
    func anAnswerThatIsNotUnderstoodIsUnknown(what: String, steps: [LoopbackServer.Step]) throws {
        let server = try ServiceRig.server(steps)
        #expect(try ServiceRig.handOff(to: server).isUnknown, "\(what)")
        #expect(server.requests.count == 1)
    }

    @Test(
        arguments: [
            ("nothing", [.close]), ("garbage", .garbage), ("a reset", [.reset]),
            ("half of it", .cutOff(after: "{", promising: 9)),
            ("a gateway", .reply(502)), ("a slow gateway", .reply(504)), ("too late", .reply(408)),
        ] as [(String, [LoopbackServer.Step])])
    func anAnswerThatNeverComesIsUnknown(what: String, steps: [LoopbackServer.Step]) throws {
        let server = try ServiceRig.server(steps)
        #expect(try ServiceRig.handOff(to: server).isUnknown, "\(what)")
        #expect(server.requests.count == 3)
        let returning = try ServiceRig.server(steps, .json(ServiceRig.success))
        #expect(try ServiceRig.handOff(to: returning) == .sent(links: ServiceRig.bothLinks), "\(what)")
    }

    @Test func aServiceThatHangsIsUnknown() throws {
        let server = try ServiceRig.server([.hang])
        #expect(try ServiceRig.handOff(to: server, attempts: 2, activity: .milliseconds(200)).isUnknown)
        #expect(server.requests.count == 2)
        let watch = Stopwatch()
        #expect(try ServiceRig.handOff(to: server, until: Deadline(in: .milliseconds(300))).isUnknown)
        #expect(try ServiceRig.handOff(to: server) { watch.seconds > 0.6 }.isUnknown)
        #expect(watch.seconds < 3)
    }

    @Test(arguments: [400, 401, 409]) func aRefusalAfterADoubtIsUnknown(status: Int) throws {
        let server = try ServiceRig.server(
            [.close], .json("{\"status\":\"error\",\"message\":\"a duplicate\"}", status: status))
        #expect(try ServiceRig.handOff(to: server).isUnknown)
        #expect(server.requests.count == 2)
    }

    @Test func whatEndsInSilenceAfterADoubtIsUnknown() throws {
        let server = try ServiceRig.server([.close], .reply(503), .reply(500))
        #expect(try ServiceRig.handOff(to: server).isUnknown)
    }

    @Test func aKeyThatWasUsedBeforeIsUnknown() throws {
        let conflict = try ServiceRig.server(.reply(409))
        #expect(try ServiceRig.handOff(to: conflict).isUnknown)
        let named = try ServiceRig.server(
            .json("{\"status\":\"error\",\"message\":\"Idempotency key already used\"}", status: 400))
        #expect(try ServiceRig.handOff(to: named).isUnknown)
    }
}

extension [LoopbackServer.Step] {
    /// A server that has too much to do, and says so to people.
    fileprivate static func page429(_ status: Int) -> Self { reply(status, [], "<html>slow down</html>") }
}
