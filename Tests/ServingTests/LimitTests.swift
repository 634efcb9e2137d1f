import Glibc
import Serving
import Synchronization
import TestSupport
import Testing

/// What a server puts up with, and how it is stopped.
@Suite struct LimitTests {
    private func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings()
        change(&settings)
        return settings
    }

    private let get = "GET / HTTP/1.1\r\nHost: here\r\n\r\n"

    @Test func aHeadThatDoesNotComeInTime() throws {
        let sample = try Sample(settings { $0.secondsForHead = 0.3 })
        for begin in ["GE", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: here\r\n"] {
            let client = try RawClient(sample.port)
            client.send(begin)
            let start = now()
            // A byte from time to time does not help.
            while !client.isOver(after: 0.05) { client.send("X") }
            #expect(client.answer()?.status == 408, "\(begin)")
            #expect(now() - start < 2)
        }
        let silent = try RawClient(sample.port)
        #expect(silent.all() == "", "who says nothing is told nothing")
        let second = try RawClient(sample.port)
        #expect(second.ask(get)?.status == 200)
        second.send("GET /")
        usleep(100_000)
        second.send("x HTTP/1.1\r\nHost: here\r\n\r\n")
        #expect(second.answer()?.status == 200, "what waits for its next request may do so for longer")
        second.send("GET /x HTTP/1.1\r\n")
        #expect(second.answer()?.status == 408)
    }

    @Test func aConnectionThatIsNotUsed() throws {
        let sample = try Sample(settings { $0.secondsOfIdleness = 0.3 })
        let client = try RawClient(sample.port)
        #expect(client.ask(get)?.status == 200)
        #expect(client.all() == "")
    }

    @Test func moreConnectionsThanThereMayBe() throws {
        let sample = try Sample(settings { $0.connections = 3 })
        let clients = try (0..<3).map { _ in try RawClient(sample.port) }
        for client in clients { #expect(client.ask(get)?.status == 200) }
        let surplus = try RawClient(sample.port)
        let answer = surplus.ask(get)
        #expect(answer?.status == 503 && answer?["retry-after"] == "1")
        #expect(surplus.isAtEnd)
        let idle = try (0..<3).map { _ in try RawClient(sample.port) }
        let none = try RawClient(sample.port)
        #expect(none.all() == "", "beyond the surplus nothing is said")
        #expect(clients[0].ask(get)?.status == 200)
        _ = idle
    }

    @Test func moreConnectionsFromOneAddressThanThereMayBe() throws {
        // From this computer itself all may come; by the address that others know it by it is one of them.
        guard let address = RawClient.outerAddress else { return }
        let sample = try Sample(
            settings {
                $0.address = address
                $0.connectionsPerAddress = 2
            })
        let clients = try (0..<2).map { _ in try RawClient(sample.port, at: address) }
        for client in clients { #expect(client.ask(get)?.text.contains("from \(address) ") == true) }
        #expect(try RawClient(sample.port, at: address).ask(get)?.status == 503)
        let own = try Sample(settings { $0.connectionsPerAddress = 1 })
        let others = try (0..<3).map { _ in try RawClient(own.port) }
        for client in others { #expect(client.ask(get)?.status == 200) }
    }

    @Test func theOtherKindOfAddress() throws {
        let sample: Sample
        do { sample = try Sample(settings { $0.address = "::1" }) } catch {
            #expect("\(error)".hasPrefix("cannot listen at [::1]:0: "), "a computer without IPv6 says so")
            return
        }
        #expect(try curl("http://[::1]:\(sample.port)/").stdout.contains("@[::1]:\(sample.port) () from ::1"))
    }

    @Test func moreWorkThanThereMayBe() throws {
        let sample = try Sample(
            settings {
                $0.workers = 2
                $0.waiting = 0
            })
        let busy = try (0..<2).map { _ in try RawClient(sample.port) }
        for client in busy { client.send("GET /wait HTTP/1.1\r\nHost: here\r\n\r\n") }
        #expect(eventually { sample.waiting == 2 })
        let other = try RawClient(sample.port)
        let refused = other.ask("GET /wait HTTP/1.1\r\nHost: here\r\n\r\n")
        #expect(refused?.status == 503 && refused?["retry-after"] == "1" && refused?["connection"] != "close")
        #expect(
            other.ask("PUT /count HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\n\u{1}")?.text == "1 1",
            "bodies have workers of their own")
        sample.go()
        for client in busy { #expect(client.answer()?.text == "waited") }
        #expect(other.ask(get)?.status == 200, "and then it goes on, on the same connection")
    }

    @Test func aSlowHandlerKeepsNobodyWaiting() throws {
        let sample = try Sample()
        let slow = try RawClient(sample.port)
        slow.send("GET /wait HTTP/1.1\r\nHost: here\r\n\r\n")
        #expect(eventually { sample.waiting == 1 })
        #expect(try RawClient(sample.port).ask(get)?.status == 200)
        sample.go()
        #expect(slow.answer()?.text == "waited")
    }

    @Test func answersThatCannotBeSent() throws {
        let server = try Server { request in
            var response = Response(text: "x")
            switch request.path.first {
            case "break": response.headers["X-A"] = "b\r\nX-C: d"
            case "name": response.headers.append("X A", "b")
            case "nul": response.headers["X-A"] = "b\u{0}"
            case "status": response.status = 100
            default:
                response.headers = [
                    "Content-Length": "7", "Transfer-Encoding": "gzip", "Connection": "x", "X-Empty": "",
                    "X-Fine": "a\tb",
                ]
            }
            return response
        }
        defer { server.stop(within: 1) }
        let client = try RawClient(server.port)
        for path in ["break", "name", "nul", "status"] {
            let answer = client.ask("GET /\(path) HTTP/1.1\r\nHost: here\r\n\r\n")
            #expect(
                answer?.status == 500 && answer?["x-c"] == nil && answer?.text.contains("cannot be sent") == true)
        }
        let answer = client.ask(get)
        #expect(answer?.text == "x" && answer?["content-length"] == "1" && answer?["x-fine"] == "a\tb")
        #expect(answer?["transfer-encoding"] == nil && answer?["connection"] != "x" && answer?["x-empty"] == nil)
    }

    @Test func whereItCannotListen() throws {
        let sample = try Sample()
        func failure(_ change: (inout ServerSettings) -> Void) -> String? {
            do { _ = try Server(settings(change)) { _ in Response(text: "") } } catch { return error.description }
            return nil
        }
        #expect(
            failure { $0.port = sample.port }
                == "cannot listen at 127.0.0.1:\(sample.port): Address already in use: another program listens there, choose another port"
        )
        #expect(
            failure { $0.address = "localhost" } == "localhost is no address in numbers, as 127.0.0.1 or ::1 are")
        #expect(failure { $0.address = "203.0.113.1" }?.hasPrefix("cannot listen at 203.0.113.1:0: ") == true)
    }

    // MARK: The end

    @Test func stoppingEndsWhatWaitsAndAwaitsWhatWorks() throws {
        let sample = try Sample()
        let (idle, working, begun) = (
            try RawClient(sample.port), try RawClient(sample.port), try RawClient(sample.port)
        )
        #expect(idle.ask(get)?.status == 200)
        working.send("GET /wait HTTP/1.1\r\nHost: here\r\n\r\n")
        begun.send("PUT /count HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(begun.answer()?.status == 100)
        #expect(eventually { sample.waiting == 1 })
        let stopping = Thread { sample.server.stop(within: 5) }
        #expect(idle.all() == "", "what waits ends at once")
        #expect(throws: NoConnection.self) { try RawClient(sample.port) }
        begun.send("\u{1}\u{1}\u{1}\u{1}")
        #expect(begun.answer()?.text == "4 4")
        sample.go()
        let answer = working.answer()
        #expect(answer?.text == "waited" && answer?["connection"] == "close")
        stopping.join()
        #expect(sample.server.connections == 0)
        sample.server.stop(within: 5)
    }

    @Test func stoppingCutsOffWhatTakesTooLong() throws {
        let told = Mutex<[Problem]>([])
        let gate = Gate()
        let server = try Server { (request) throws(Problem) in
            if request.method == "GET" { gate.wait() }
            do throws(Problem) { return Response(text: "\(try request.body.collect(upTo: 1 << 20).count)") } catch {
                told.withLock { $0.append(error) }
                throw error
            }
        }
        let clients = try (0..<4).map { _ in try RawClient(server.port) }
        for client in clients {
            client.send("PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
            #expect(client.answer()?.status == 100)
            client.send("some")
        }
        let stuck = try RawClient(server.port)
        stuck.send(get)
        #expect(eventually { gate.waiting == 1 })
        let begin = now()
        server.stop(within: 0.2)
        #expect(now() - begin < 2.5, "a handler that does not end is not waited for")
        for client in clients { #expect(client.all() == "") }
        #expect(stuck.all() == "")
        #expect(eventually { told.withLock { $0.map(\.status) } == [503, 503, 503, 503] })
        gate.open()
        #expect(eventually { gate.waiting == 0 })
    }

    @Test func startingAndStoppingAgainAndAgain() throws {
        for round in 0..<30 {
            let sample = try Sample()
            let clients = try (0..<4).map { _ in try RawClient(sample.port) }
            clients[0].send(get)
            clients[1].send("PUT /count HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nabc")
            clients[2].send("GET /wait HTTP/1.1\r\nHost: here\r\n\r\n")
            if round % 3 == 0 { #expect(clients[0].answer()?.status == 200) }
            sample.stop(within: round % 2 == 0 ? 0 : 0.05)
            for client in clients { #expect(client.all() != nil) }
        }
    }
}
