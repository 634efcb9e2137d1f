import Glibc
import Serving
import TestSupport
import Testing

/// Requests that chance has changed: each is answered, or its connection ends, and the server goes on.
@Suite struct FuzzTests {
    private let rounds = getenv("OFFBEAT_FUZZ").flatMap { Int(String(cString: $0)) } ?? 150

    private static let proper = [
        "GET /a%20b/c?d=e&f HTTP/1.1\r\nHost: here\r\nCookie: a=b; c=d\r\nAccept: */*\r\n\r\n",
        "HEAD /size/100 HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\n\r\n",
        "PUT /count HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n0123456789",
        "PUT /count HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5;x=y\r\n56789\r\n0\r\nX: y\r\n\r\n",
        "PUT /some HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 12\r\n\r\n0123456789ab",
        "GET http://here/size/1 HTTP/1.0\r\nHost: here\r\nIf-None-Match: \"x\"\r\n\r\n",
    ].map { Array($0.utf8) }

    private static func changed(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int(random.next() % 4) + 1 where !bytes.isEmpty {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 6 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[place] ^= 1 << UInt8(random.next() % 8)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert([0, 9, 10, 13, 32, 58, 255][Int(random.next() % 7)], at: place)
            case 4: bytes.insert(contentsOf: bytes[place...].prefix(Int(random.next() % 30)), at: place)
            default: bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }

    @Test func requestsThatChanceHasChanged() throws {
        var random = SeededRandom()
        let sample = try Sample()
        for round in 0..<rounds {
            var bytes: [UInt8] = []
            for _ in 0...Int(random.next() % 3) {
                bytes += Self.changed(Self.proper.randomElement(using: &random) ?? [], &random)
            }
            let client = try RawClient(sample.port)
            let cut = Int(random.next() % UInt64(bytes.count + 1))
            client.send(Array(bytes[..<cut]))
            client.send(Array(bytes[cut...]))
            client.finish()
            guard let answer = client.all() else {
                Issue.record("no answer in round \(round) to \(String(decoding: bytes, as: UTF8.self)), \(random)")
                continue
            }
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 "), "round \(round), \(random)")
        }
        #expect(try RawClient(sample.port).ask("GET / HTTP/1.1\r\nHost: here\r\n\r\n")?.status == 200)
        #expect(eventually { sample.server.connections <= 1 })
    }
}
