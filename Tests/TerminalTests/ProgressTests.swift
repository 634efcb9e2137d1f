import Glibc
import Synchronization
import Testing

@testable import Terminal

/// A clock that goes when it is told to.
private final class HandClock: Sendable {
    private let nanoseconds = Atomic<UInt64>(1_000_000_000)

    var now: UInt64 { nanoseconds.load(ordering: .relaxed) }

    func pass(milliseconds: UInt64) {
        nanoseconds.add(milliseconds * 1_000_000, ordering: .relaxed)
    }
}

private struct Told {
    let progress: Progress
    let clock = HandClock()
    private let output = Output.memory()

    init(_ form: Progress.Form) {
        let clock = clock
        progress = Progress(form, to: output) { clock.now }
    }

    var text: String { String(decoding: output.captured, as: UTF8.self) }
}

@Test func nothingShowsInTheFirstHalfSecond() {
    let told = Told(.live(columns: 80))
    told.progress.during("Adding", total: 100) {
        for _ in 0..<49 {
            told.clock.pass(milliseconds: 10)
            told.progress.advance()
        }
    }
    #expect(told.text.isEmpty)
}

@Test func aLiveLineIsRewrittenAndGoesAwayAtTheEnd() {
    let told = Told(.live(columns: 80))
    told.progress.begin("Adding", unit: .bytes, total: 10 << 20)
    told.clock.pass(milliseconds: 1000)
    told.progress.advance(by: 1 << 20)
    told.progress.end()
    #expect(told.text == "\rAdding  1.0 MiB/10.0 MiB  10 %  1.0 MiB/s  0:09 left\u{1b}[K\r\u{1b}[K")
}

@Test func aLiveLineIsWrittenTenTimesASecondAtMost() {
    let told = Told(.live(columns: 80))
    told.progress.begin("Adding")
    for _ in 0..<10_000 {
        told.clock.pass(milliseconds: 1)
        told.progress.advance()
    }
    let lines = told.text.split(separator: "\r").count
    #expect((90...96).contains(lines), "\(lines)")
}

@Test func aLiveLineNeverWraps() {
    let told = Told(.live(columns: 20))
    told.progress.begin("A long name of what is done", total: 10)
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    #expect(told.text == "\rA long name of what\u{1b}[K")
}

@Test func otherTextTakesTheLiveLineAwayFirst() {
    let told = Told(.live(columns: 80))
    told.progress.begin("Adding")
    told.progress.clear()
    #expect(told.text.isEmpty)
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    told.progress.clear()
    told.progress.clear()
    #expect(told.text == "\rAdding  1  2/s\u{1b}[K\r\u{1b}[K")
}

@Test func nothingIsShownWhileAPersonIsAsked() {
    let told = Told(.live(columns: 80))
    told.progress.begin("Adding")
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    told.progress.hold()
    told.progress.hold()
    told.progress.goOn()
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    #expect(told.text == "\rAdding  1  2/s\u{1b}[K\r\u{1b}[K")
    told.progress.goOn()
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    #expect(told.text.hasPrefix("\rAdding  1  2/s\u{1b}[K\r\u{1b}[K\rAdding  3 "))
}

@Test func logsGetALineNowAndThenAndOneAtTheEnd() {
    let told = Told(.plain)
    told.progress.begin("Adding", total: 10)
    for _ in 0..<10 {
        told.clock.pass(milliseconds: 500)
        told.progress.advance()
    }
    told.progress.end()
    #expect(
        told.text == """
            Adding  1/10  10 %  2/s  0:05 left
            Adding  7/10  70 %  2/s  0:02 left
            Adding  10/10  100 %  2/s  0:00 left

            """)
}

@Test func programsGetOneDocumentALine() {
    let told = Told(.json)
    told.progress.begin("Adding", unit: .bytes)
    told.clock.pass(milliseconds: 500)
    told.progress.update(done: 100)
    told.clock.pass(milliseconds: 500)
    told.progress.update(done: 300, total: 1000)
    told.progress.end()
    let lines = told.text.split(separator: "\n")
    #expect(lines[0] == #"{"progress":{"done":100,"perSecond":200,"unit":"bytes","what":"Adding"}}"#)
    #expect(lines[1].hasPrefix(#"{"progress":{"done":300,"perSecond":228.6,"secondsLeft":3.1,"total":1000"#))
}

@Test func anotherPieceOfWorkEndsTheOneBefore() {
    let told = Told(.live(columns: 80))
    told.progress.begin("First")
    told.clock.pass(milliseconds: 600)
    told.progress.advance(by: 5)
    told.progress.begin("Second")
    told.clock.pass(milliseconds: 600)
    told.progress.advance()
    #expect(told.text.hasSuffix("\r\u{1b}[K\rSecond  1  2/s\u{1b}[K"))
}

@Test func whatIsOffSaysNothing() {
    let told = Told(.off)
    told.progress.begin("Adding")
    told.clock.pass(milliseconds: 10_000)
    told.progress.advance()
    told.progress.update(done: 5, total: 7)
    told.progress.clear()
    told.progress.end()
    #expect(told.text.isEmpty)
    #expect(Progress.off.during("x") { 7 } == 7)
}

@Test func threadsMayReportAtOnce() {
    let told = Told(.plain)
    told.progress.begin("Adding", total: 4000)
    withThreads(4) {
        for _ in 0..<1000 {
            told.clock.pass(milliseconds: 1)
            told.progress.advance()
        }
    }
    told.progress.end()
    let lines = told.text.split(separator: "\n")
    #expect(lines.last?.hasPrefix("Adding  4,000/4,000  100 %") == true)
    #expect(lines.allSatisfy { $0.hasPrefix("Adding  ") })
}

/// Runs the same work on several threads and waits for all.
private func withThreads(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var threads: [pthread_t] = []
    for _ in 0..<count {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(work)).toOpaque()
        pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().work() }
                return nil
            }, box)
        threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
}

@Test func aTotalThatWasTooSmallGivesNoTimeLeft() {
    let state = ProgressState(what: "x", unit: .items, done: 12, total: 10, perSecond: 1)
    #expect(state.secondsLeft == nil)
    #expect(state.line == "x  12/10  100 %  1/s")
    let fast = ProgressState(what: "x", unit: .items, done: 0, total: 0, perSecond: .infinity)
    #expect(fast.line.hasPrefix("x  0/0"))
}

@Test func progressShowsWhereItIsWanted() {
    func form(_ line: String, terminal: Bool, term: Word = "xterm") -> String {
        let console = Console.plain(
            out: .memory(), err: .memory(isTerminal: terminal), interruption: Interruption())
        var parser = Parser(
            CommandList(Sample.commands), words: line.split(separator: " ").map { Word(String($0)) })
        guard let request = try? parser.request() else { return "misread" }
        return "\(console.configured(request.values, environment: Environment(["TERM": term])).progress.form)"
    }
    #expect(form("add a", terminal: true) == "live(columns: 80)")
    #expect(form("add a", terminal: true, term: "dumb") == "plain")
    #expect(form("add a", terminal: false) == "off")
    #expect(form("add a --quiet", terminal: true) == "off")
    #expect(form("add a --progress none", terminal: true) == "off")
    #expect(form("add a --progress plain", terminal: false) == "plain")
    #expect(form("add a --progress json --quiet", terminal: false) == "json")
}
