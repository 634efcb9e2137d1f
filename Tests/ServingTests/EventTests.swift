import Glibc
import Serving
import Synchronization
import TestSupport
import Testing

/// Answers that are told bit by bit.
@Suite struct EventTests {
    /// The streams that a server has made, and how they ended.
    private final class Streams: Sendable {
        let all = Mutex<[EventStream]>([])
        let endings = Mutex<[EventStream.Ending]>([])

        var last: EventStream? { all.withLock { $0.last } }
        var count: Int { all.withLock { $0.count } }

        func add(limit: Int) -> EventStream {
            let stream = EventStream(limit: limit) { [self] ending in endings.withLock { $0.append(ending) } }
            all.withLock { $0.append(stream) }
            return stream
        }
    }

    private let server: Server
    private let streams: Streams

    init() throws {
        let streams = Streams()
        self.streams = streams
        server = try Server { _ in Response(events: streams.add(limit: 1 << 16)) }
    }

    private func listener(_ first: String = "GET / HTTP/1.1") throws -> (RawClient, EventStream) {
        let client = try RawClient(server.port)
        let count = streams.count
        client.send("\(first)\r\nHost: here\r\n\r\n")
        #expect(eventually { streams.count > count })
        return (client, try #require(streams.last))
    }

    @Test func eventsComeWhenTheyHappen() throws {
        let (client, stream) = try listener()
        #expect(stream.send(event: "change", id: "7", data: "one\ntwo"))
        #expect(client.line() == "HTTP/1.1 200 OK")
        var head: [String] = []
        while let line = client.line(), !line.isEmpty { head.append(line) }
        #expect(head.contains("Content-Type: text/event-stream") && head.contains("Transfer-Encoding: chunked"))
        func chunk() -> String? {
            guard let size = client.line().flatMap({ Int($0, radix: 16) }), let bytes = client.bytes(size) else {
                return nil
            }
            return client.line().map { _ in String(decoding: bytes, as: UTF8.self) }
        }
        #expect(chunk() == "event: change\nid: 7\ndata: one\ndata: two\n\n")
        #expect(!client.isOver(after: 0.05), "nothing comes where nothing happens")
        #expect(stream.send(event: "a\ndata: b", id: "c\rd", data: "x\r\n"))
        #expect(chunk() == "event: a\nid: c\ndata: x\ndata: \n\n", "a name and an id cannot end their line")
        stream.send([])
        stream.send(Array(": still here\n\n".utf8))
        #expect(chunk() == ": still here\n\n")
        stream.end()
        #expect(chunk() == "")
        #expect(!stream.send(data: "more"))
        #expect(eventually { streams.endings.withLock { $0 } == [.ended] })
        client.send("HEAD / HTTP/1.1\r\nHost: here\r\n\r\n")
        let again = client.answer(toHead: true)
        #expect(again?.status == 200, "the connection goes on, and HEAD has no stream")
        #expect(eventually { streams.endings.withLock { $0.count } == 2 })
    }

    @Test func whatIsAddedBeforeAnybodyListensIsTold() throws {
        let stream = EventStream()
        stream.send(data: "early")
        stream.end()
        let server = try Server { _ in Response(events: stream) }
        defer { server.stop(within: 1) }
        #expect(try RawClient(server.port).ask("GET / HTTP/1.1\r\nHost: here\r\n\r\n")?.text == "data: early\n\n")
        // It is told once: another client finds nothing, and the connection ends.
        let second = try RawClient(server.port)
        second.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        #expect(second.all() == "")
    }

    @Test func aClientThatSpeaksTheOldVersion() throws {
        let (client, stream) = try listener("GET / HTTP/1.0")
        stream.send(data: "one")
        stream.end()
        #expect(client.all()?.hasSuffix("\r\n\r\ndata: one\n\n") == true)
    }

    @Test func itIsToldThatTheClientHasGone() throws {
        for leave: (RawClient) -> Void in [{ $0.finish() }, { $0.reset() }] {
            let count = streams.endings.withLock { $0.count }
            do {
                let (client, stream) = try listener()
                stream.send(data: "one")
                #expect(client.line() != nil)
                leave(client)
            }
            #expect(eventually(within: 1) { streams.endings.withLock { $0.count } == count + 1 })
            #expect(streams.last?.isOpen == false && streams.last?.send(data: "x") == false)
        }
        #expect(streams.endings.withLock { $0 }.allSatisfy { $0 == .gone })
        #expect(eventually { server.connections == 0 })
    }

    @Test func oneThatReadsTooSlowlyIsLetGo() throws {
        let (client, stream) = try listener()
        let line = String(repeating: "a", count: 10_000)
        // Several megabytes lie in the system's own buffers.
        for _ in 0..<5000 { guard stream.send(data: line) else { break } }
        #expect(!stream.isOpen)
        #expect(eventually { streams.endings.withLock { $0 } == [.gone] })
        #expect(client.all()?.hasSuffix("0\r\n\r\n") == false, "it is not taken for all")
        let (other, large) = try listener()
        #expect(!large.send([UInt8](repeating: 1, count: 1 << 17)), "one event that is too large")
        #expect(other.all() != nil)
    }

    @Test func manyThreadsMayAdd() throws {
        let (client, stream) = try listener()
        var threads: [Thread] = []
        for thread in 0..<4 {
            threads.append(Thread { for number in 0..<100 { stream.send(data: "\(thread).\(number)") } })
        }
        for thread in threads { thread.join() }
        stream.end()
        let text = client.answer()?.text ?? ""
        for thread in 0..<4 {
            var rest = text[...]
            for number in 0..<100 {
                let range = rest.firstRange(of: "data: \(thread).\(number)\n")
                #expect(range != nil)
                rest = rest[(range?.upperBound ?? rest.endIndex)...]
            }
        }
    }
}
