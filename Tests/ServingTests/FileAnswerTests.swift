import Files
import Glibc
import Serving
import TestSupport
import Testing

/// Files as answers, and parts of them.
@Suite struct FileAnswerTests {
    private let server: Server
    private let content: [UInt8]

    init() throws {
        var random = SeededRandom(seed: 1)
        let content = random.bytes(100_000)
        self.content = content
        server = try Server { (request) throws(Problem) in
            let file = request.path == ["empty"] ? Self.file([]) : Self.file(content)
            return Response(file: file, type: "audio/wav", tag: #""v1""#, to: request)
        }
    }

    private static func file(_ bytes: [UInt8]) -> ServedFile {
        var name = Array("/tmp/offbeat-serving-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        unlink(name)
        bytes.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
        return ServedFile(descriptor: descriptor, length: Int64(bytes.count))
    }

    private func get(_ lines: String..., target: String = "/", method: String = "GET") throws -> RawAnswer? {
        let client = try RawClient(server.port)
        client.send("\(method) \(target) HTTP/1.1\r\nHost: here\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
        return client.answer(toHead: method == "HEAD")
    }

    @Test func allOfIt() throws {
        let answer = try get()
        #expect(answer?.status == 200 && answer?.body == content)
        #expect(answer?["content-type"] == "audio/wav" && answer?["accept-ranges"] == "bytes")
        #expect(answer?["etag"] == #""v1""#)
        let head = try get(method: "HEAD")
        #expect(head?.status == 200 && head?["content-length"] == "100000")
        #expect(try get("Range: bytes=0-9", method: "HEAD")?["content-length"] == "100000", "only GET has parts")
        let empty = try get(target: "/empty")
        #expect(empty?.status == 200 && empty?.body == [])
    }

    @Test(arguments: [
        ("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=99999-", 99999, 99999),
        ("bytes=50000-", 50000, 99999),
        ("bytes=-1", 99999, 99999), ("bytes=-500000", 0, 99999), ("bytes=90000-200000", 90000, 99999),
        ("bytes=0-99999999999999999", 0, 99999), ("BYTES=3-4", 3, 4),
    ]) func aPartOfIt(range: String, first: Int, last: Int) throws {
        let answer = try get("Range: \(range)")
        #expect(answer?.status == 206)
        #expect(answer?["content-range"] == "bytes \(first)-\(last)/100000")
        #expect(answer?.body == Array(content[first...last]))
    }

    @Test(arguments: [
        "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes 0-1", "bytes=+1-2",
        "bytes=0x0-0x1", "bytes=1--2", "bytes=99999999999999999999-", "bytes=0-1-2", "bytes= 0-1",
    ]) func whatIsNoRangeIsNotAskedFor(range: String) throws {
        let answer = try get("Range: \(range)")
        #expect(answer?.status == 200 && answer?.body == content)
    }

    @Test func aPartThatIsNotThere() throws {
        for range in ["bytes=100000-", "bytes=100000-100001", "bytes=-0"] {
            let answer = try get("Range: \(range)")
            #expect(answer?.status == 416 && answer?["content-range"] == "bytes */100000")
            #expect(answer?["content-type"] == "application/problem+json")
        }
        #expect(try get("Range: bytes=0-0", target: "/empty")?.status == 416)
    }

    @Test func onlyOfWhatTheClientHas() throws {
        #expect(try get("Range: bytes=0-1", #"If-Range: "v1""#)?.status == 206)
        #expect(try get("Range: bytes=0-1", #"If-Range: "v0""#)?.body == content)
        #expect(try get("Range: bytes=0-1", #"If-Range: W/"v1""#)?.status == 200, "a weak tag names no bytes")
        #expect(try get("Range: bytes=0-1", "If-Range: Tue, 01 Dec 2026 00:00:00 GMT")?.status == 200)
        for known in [#""v1""#, #"W/"v1""#, #""v0", "v1""#, "*"] {
            let answer = try get("If-None-Match: \(known)", "Range: bytes=0-1")
            #expect(answer?.status == 304 && answer?.body == [] && answer?["etag"] == #""v1""#)
        }
        #expect(try get(#"If-None-Match: "v0""#)?.status == 200)
    }

    @Test func theConnectionGoesOnAfterAnyOfThese() throws {
        let client = try RawClient(server.port)
        for line in ["Range: bytes=0-9", #"If-None-Match: "v1""#, "Range: bytes=-0", "X: y"] {
            let answer = client.ask("GET / HTTP/1.1\r\nHost: here\r\n\(line)\r\n\r\n")
            #expect([206, 304, 416, 200].contains(answer?.status))
        }
    }

    @Test func curlGoesOnWhereItStopped() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("part")
            try FileSystem.write(Array(content.prefix(40_000)), to: path)
            let result = try curl("-C", "-", "-o", path.string, "http://127.0.0.1:\(server.port)/")
            #expect(result.status == 0, "\(result.stderr)")
            #expect(try FileSystem.read(path) == content)
        }
    }
}
