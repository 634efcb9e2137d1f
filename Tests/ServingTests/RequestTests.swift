import Files
import Glibc
import Serving
import Synchronization
import TestSupport
import Testing

/// What a handler asks of a request.
@Suite struct RequestTests {
    @Test func namesLeadToValues() throws {
        let server = try Server { (request) throws(Problem) in
            let query = request.query
            return Response(
                text: "\(query["x"] ?? "-") \(query.all("x")) \(query["no"] ?? "-") \(query.all("no")) "
                    + "\(request.cookie("b") ?? "-") \(request.cookie("no") ?? "-")")
        }
        let answer = try RawClient(server.port).ask(
            "GET /?x=1&y=2&x=3 HTTP/1.1\r\nHost: here\r\nCookie: a=0; b=first; b=second\r\n\r\n")
        #expect(answer?.text == "1 [\"1\", \"3\"] - [] first -")
    }

    @Test func whoHasGoneIsNotedWhileTheAnswerIsWorkedAt() throws {
        let wasForsaken = Mutex<[Bool]>([])
        let server = try Server { (request) throws(Problem) in
            wasForsaken.withLock { $0.append(request.isForsaken) }
            let watch = Stopwatch()
            while !request.isForsaken, watch.seconds < 20 { sched_yield() }
            wasForsaken.withLock { $0.append(request.isForsaken) }
            return Response(text: "late")
        }
        var client: RawClient? = try RawClient(server.port)
        client?.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        let watch = Stopwatch()
        while wasForsaken.withLock({ $0.isEmpty }), watch.seconds < 20 { sched_yield() }
        client = nil
        while wasForsaken.withLock({ $0.count }) < 2, watch.seconds < 25 { sched_yield() }
        #expect(wasForsaken.withLock { $0 } == [false, true])
    }
}
