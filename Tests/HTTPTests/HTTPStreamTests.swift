import Files
import HTTP
import TestSupport
import Testing

/// Bodies in both directions, piece by piece.
@Suite struct HTTPStreamTests {
    /// How much memory this process has in use.
    private static func memory() throws -> Int {
        let text = String(decoding: try FileSystem.read("/proc/self/statm"), as: UTF8.self)
        return (Int(text.split(separator: " ")[1]) ?? 0) * 4_096
    }

    @Test func twoHundredMebibytesComeInSmallPieces() throws {
        let (piece, times) = ([UInt8](repeating: 7, count: 1 << 20), 200)
        let server = try LoopbackServer { _ in
            [
                .send([LoopbackServer.Step].head(200, [("Content-Length", "\(times << 20)")])),
                .sendRepeatedly(piece, times: times),
            ]
        }
        let before = try Self.memory()
        var (count, largest, peak) = (0, 0, before)
        try client().send(HTTPRequest(.get, try server.at())) { bytes in
            count += bytes.count
            largest = max(largest, bytes.count)
            if count % 31 == 0 { peak = max(peak, (try? Self.memory()) ?? .max) }
            return true
        }
        #expect(count == times << 20 && largest <= 1 << 17)
        // Other tests that run meanwhile have their own.
        #expect(peak - before < 128 << 20, "\(peak - before) bytes more than before")
    }

    @Test(arguments: [true, false]) func aHundredMebibytesGoInSmallPieces(isLengthKnown: Bool) throws {
        let server = try LoopbackServer { .reply(200, [], "\($0.bodyLength)") }
        let length = 100 << 20
        var rest = length
        var largest = 0
        let body = HTTPRequest.Body.stream(length: isLengthKnown ? Int64(length) : nil) { buffer in
            let count = min(rest, buffer.count)
            for index in 0..<count { buffer[index] = 5 }
            rest -= count
            largest = max(largest, count)
            return count
        }
        #expect(try client().text(HTTPRequest(.put, try server.at(), body: body)) == "\(length)")
        #expect(largest <= 1 << 17)
        let seen = try #require(server.requests.first)
        #expect(seen.header("Content-Length") == (isLengthKnown ? "\(length)" : nil))
        #expect(seen.header("Transfer-Encoding") == (isLengthKnown ? nil : "chunked"))
        #expect(seen.body.allSatisfy { $0 == 5 })
        #expect(seen.header("Expect") == nil, "no server is asked beforehand whether it wants a long body")
    }

    @Test func bytesGoAsTheyAre() throws {
        let server = try LoopbackServer { .reply(200, [], body: $0.body) }
        var random = SeededRandom()
        let bytes = random.bytes(900_000)
        let request = HTTPRequest(.post, try server.at(), body: .bytes(bytes))
        #expect(try client().send(request, upTo: bytes.count).body == bytes, "\(random)")
    }

    @Test func theHeadComesBeforeTheBody() throws {
        let server = try LoopbackServer { request in
            #expect(request.header("Range") == "bytes=3-9")
            return .reply(206, [("Content-Range", "bytes 3-9/10")], "defghij")
        }
        var order: [String] = []
        let request = HTTPRequest(.get, try server.at(), headers: ["Range": "bytes=3-9"])
        try client().send(request, isStopped: { false }) { head in
            order.append("\(head.status) \(head.headers["Content-Range"] ?? "")")
            return true
        } onBody: {
            order.append(String(decoding: $0, as: UTF8.self)); return true
        }
        #expect(order == ["206 bytes 3-9/10", "defghij"])
    }

    @Test func whoDoesNotWantTheBodyGetsNone() throws {
        let server = try LoopbackServer { _ in .reply(404, [], "not here") }
        var count = 0
        let error = failure {
            try client().send(HTTPRequest(.get, try server.at()), isStopped: { false }) {
                $0.isSuccess
            } onBody: {
                count += $0.count
                return true
            }
        }
        #expect(error?.code == .stopped && error?.mayHaveArrived == true && count == 0)
    }

    @Test func whatIsPackedIsUnpackedOnlyWhereAsked() throws {
        let hello: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 7, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0,
            0,
        ]
        let server = try LoopbackServer { _ in .reply(200, [("Content-Encoding", "gzip")], body: hello) }
        var request = HTTPRequest(.get, try server.at())
        #expect(try client().send(request, upTo: 100).body == hello)
        request.acceptsPacked = true
        #expect(try client().text(request) == "hello")
        #expect(server.requests.map { $0.header("Accept-Encoding") } == [nil, "gzip"])
    }

    @Test func aBodyThatIsGivenUpEndsTheRequest() throws {
        let server = try LoopbackServer { _ in .reply() }
        let broken = HTTPRequest.Body.stream(length: 1_000) { _ in nil }
        let short = HTTPRequest.Body.stream(length: 1_000) { _ in 0 }
        for body in [broken, short] {
            let error = failure { try client().text(HTTPRequest(.put, try server.at(), body: body)) }
            #expect(error?.code == .stopped)
            #expect(error?.description.contains("ended too early") == true)
        }
    }

    @Test func noMoreIsTakenOfABodyThanWasSaid() throws {
        let server = try LoopbackServer { .reply(200, [], $0.text) }
        let body = HTTPRequest.Body.stream(length: 3) { buffer in
            buffer.copyBytes(from: repeatElement(UInt8(ascii: "a"), count: buffer.count))
            return buffer.count
        }
        let client = client()
        #expect(try client.text(HTTPRequest(.put, try server.at(), body: body)) == "aaa")
        #expect(try client.text(HTTPRequest(.get, try server.at())) == "")
        #expect(server.requests.map(\.method) == ["PUT", "GET"], "nothing of it is left on the connection")
    }

    @Test func aBodyThatCannotBeSentAgainIsNot() throws {
        let server = try LoopbackServer { $0.target == "/2" ? [.close] : .reply() }
        let client = client()
        _ = try client.text(HTTPRequest(.get, try server.at("/1")))
        var isOver = false
        let body = HTTPRequest.Body.stream(length: 1) { buffer in
            defer { isOver = true }
            if !isOver { buffer[0] = 1 }
            return isOver ? 0 : 1
        }
        let error = failure { try client.text(HTTPRequest(.put, try server.at("/2"), body: body)) }
        #expect(error?.code == .cutOff && error?.mayHaveArrived == true)
        #expect(server.requests.count == 2)
    }
}
