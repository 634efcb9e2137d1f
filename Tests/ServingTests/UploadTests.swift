import Files
import Glibc
import Serving
import Synchronization
import TestSupport
import Testing

/// Bodies of requests: what comes, what does not come, and what is too much.
@Suite struct UploadTests {
    private let sample: Sample

    init() throws { sample = try Sample() }

    private func begun(_ target: String, _ lines: String...) throws -> RawClient {
        let client = try RawClient(sample.port)
        client.send("PUT \(target) HTTP/1.1\r\nHost: here\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
        return client
    }

    /// What a handler that reads all of a body is told in the end.
    private func outcome(_ send: (RawClient) -> Void, settings: ServerSettings = .init()) throws -> Problem? {
        let told = Mutex<Problem??>(nil)
        let server = try Server(settings) { (request) throws(Problem) in
            do throws(Problem) {
                let count = try request.body.collect(upTo: 1 << 20).count
                told.withLock { $0 = .some(nil) }
                return Response(text: "\(count)")
            } catch {
                told.withLock { $0 = .some(error) }
                throw error
            }
        }
        defer { server.stop(within: 1) }
        send(try RawClient(server.port))
        #expect(eventually { told.withLock { $0 != nil } }, "the handler is told")
        return told.withLock { $0 } ?? nil
    }

    @Test func aBodyThatIsCutOffIsNotTakenForWhole() throws {
        let head = "PUT / HTTP/1.1\r\nHost: here\r\n"
        for text in ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc"] {
            #expect(try outcome { $0.send(head + text) }?.status == 400, "closed: \(text)")
            #expect(
                try outcome {
                    $0.send(head + text); $0.finish()
                }?.status == 400, "half closed: \(text)")
            #expect(
                try outcome {
                    // A connection that is reset before it was taken in is none.
                    $0.send(head + "Expect: 100-continue\r\n" + text)
                    _ = $0.answer()
                    $0.reset()
                }?.status == 400, "reset: \(text)")
        }
        // What libmicrohttpd alone would not notice: the end comes with the last bytes.
        let before = now()
        #expect(
            try outcome { client in
                client.send(head + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")
                _ = client.answer()
                usleep(20_000)
                client.hold { client.send("abc") && client.finish() }
            }?.status == 400)
        #expect(now() - before < 3)
        let chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        #expect(try outcome { $0.send(head + chunks) }?.status == 400, "without the last chunk")
        #expect(
            try outcome {
                $0.send(head + chunks + "zz\r\n"); _ = $0.answer()
            }?.status == 400, "a bad chunk")
        #expect(
            try outcome {
                $0.send(head + chunks + "0\r\n\r\n"); _ = $0.answer()
            } == nil, "with it")
    }

    @Test func nothingIsSentBeforeItIsWanted() throws {
        let count = try begun("/count", "Content-Length: 3", "Expect: 100-continue")
        #expect(count.answer()?.status == 100)
        count.send("\u{1}\u{1}\u{1}")
        #expect(count.answer()?.text == "3 3")
        let refuse = try begun("/refuse", "Content-Length: 3", "Expect: 100-Continue")
        #expect(refuse.answer()?.status == 403)
        let much = try begun("/count", "Content-Length: 3000000", "Expect: 100-continue")
        #expect(much.answer()?.status == 413)
        let bodiless = try begun("/count", "Content-Length: 0", "Expect: 100-continue")
        #expect([100, 200].contains(bodiless.answer()?.status))
    }

    @Test func whatIsTooLargeIsRefusedWhileItIsSent() throws {
        let piece = String(repeating: "a", count: 0x10000)
        let known = try begun("/count", "Content-Length: 100000000")
        while known.send(piece), known.descriptor >= 0 {}
        #expect(known.answer()?.status == 413)
        let unknown = try begun("/count", "Transfer-Encoding: chunked")
        while unknown.send("10000\r\n\(piece)\r\n") {}
        #expect(unknown.answer()?.status == 413)
        // Refused by somebody who reads none of it, and by somebody who reads a little.
        for (target, status) in [("/refuse", 403), ("/some", 200)] {
            let client = try begun(target, "Content-Length: 100000000")
            while client.send(piece) {}
            #expect(client.answer()?.status == status)
        }
        #expect(eventually { sample.server.connections == 0 })
        let curled = try curl(
            "-o", "-", "-w", " %{http_code}", "-T", "/dev/zero", "--max-time", "5", sample.url + "/count")
        #expect(curled.stdout.hasSuffix(" 413"), "\(curled.stdout) \(curled.stderr)")
    }

    @Test func theAnswerComesAlsoToOneWhoWaitsInTheMiddle() throws {
        let client = try begun("/some", "Content-Length: 100000000")
        client.send("0123456789")
        #expect(client.answer()?.text == "enough")
        let small = try begun("/some", "Content-Length: 1000")
        small.send("0123456789")
        small.send(String(repeating: "a", count: 990))
        #expect(small.answer()?.text == "enough")
        #expect(small.ask("GET /x HTTP/1.1\r\nHost: here\r\n\r\n")?.status == 200, "the connection goes on")
    }

    @Test func aBodyThatComesTooSlowlyIsDropped() throws {
        var settings = ServerSettings()
        settings.secondsOfPace = 0.3
        settings.bytesPerSecond = 1000
        let problem = try outcome(
            { client in
                client.send("PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n")
                while client.send("a"), !client.isOver(after: 0.02) {}
                #expect(client.answer()?.status == 408)
            }, settings: settings)
        #expect(problem?.status == 408)
    }

    @Test func aHandlerThatReadsSlowlyIsWaitedFor() throws {
        var settings = ServerSettings()
        settings.secondsOfPace = 0.2
        let gate = Gate()
        let server = try Server(settings) { (request) throws(Problem) in
            try request.body.accept(upTo: .max)
            gate.wait()
            return Response(text: "\(try request.body.collect(upTo: .max).count)")
        }
        defer { server.stop(within: 1) }
        let client = try RawClient(server.port)
        client.send("PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 64000000\r\n\r\n")
        let bytes = [UInt8](repeating: 1, count: 64_000_000)
        let sender = BackgroundWork { client.send(bytes) }
        // What does not fit waits with the client, for longer than a slow one may take.
        usleep(500_000)
        #expect(!sender.isDone)
        gate.open()
        try sender.wait()
        #expect(client.answer()?.text == "64000000")
    }
}
