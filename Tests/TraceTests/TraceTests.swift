import Synchronization
import Testing
import Trace

/// A clock that each look moves by a millisecond and a half, and what was told.
private final class Listener: Sendable {
    private let time = Mutex<UInt64>(0)
    private let told = Mutex<[String]>([])

    var lines: [String] { told.withLock { $0 } }

    func trace(_ topics: Set<Trace.Topic>) -> Trace {
        Trace(
            topics,
            clock: {
                self.time.withLock { time in
                    time += 1_500_000
                    return time
                }
            }, tell: { line in self.told.withLock { $0.append(line) } })
    }
}

struct TraceTests {
    private struct Refusal: Error, Equatable {}

    @Test func aStepIsToldWithItsTimeAndWhatCameOfIt() {
        let listener = Listener()
        var written = 0
        let result = listener.trace([.git]).measure(.git, "wrote \(written) objects") {
            written = 3
            return "done"
        }
        #expect(result == "done")
        #expect(listener.lines == ["git: wrote 3 objects, 1.5 ms"])
    }

    @Test func whatNobodyAskedForIsNotTold() {
        let listener = Listener()
        for trace in [listener.trace([.git]), listener.trace([]), .off] {
            #expect(trace.measure(.store, "no") { 1 } == 1)
            #expect(trace.count(.files, "no") { 2 } == 2)
            trace.finish()
        }
        #expect(listener.lines.isEmpty)
    }

    @Test func aStepThatFailsIsToldToo() {
        let listener = Listener()
        let trace = listener.trace([.store])
        #expect(throws: Refusal.self) {
            try trace.measure(.store, "waited for the lock") { () throws(Refusal) in throw Refusal() }
        }
        #expect(listener.lines == ["store: waited for the lock, 1.5 ms"])
    }

    @Test func whatHappensOftenIsToldAtTheEnd() throws {
        let listener = Listener()
        let trace = listener.trace([.git, .files])
        for _ in 0..<3 { trace.count(.git, "objects read") {} }
        trace.count(.files, "files put") {}
        #expect(throws: Refusal.self) {
            try trace.count(.git, "objects read") { () throws(Refusal) in throw Refusal() }
        }
        #expect(listener.lines.isEmpty)
        trace.finish()
        #expect(
            listener.lines == ["files: files put: 1 in all, 1.5 ms", "git: objects read: 4 in all, 6.0 ms"])
        trace.finish()
        #expect(listener.lines.count == 2)
    }
}
