import Glibc
import Synchronization

/// Tells how far a long piece of work has come.
///
/// Nothing shows in the first half second. Threads may report at once; a report costs an addition and a look at the
/// clock, and nothing at all when progress is off.
final class Progress: Sendable {
    /// How it is told.
    enum Form: Sendable {
        case off
        /// One line on a terminal, written over and over, gone at the end.
        case live(columns: Int)
        /// A line now and then, for logs.
        case plain
        /// One JSON document a line.
        case json
    }

    /// What is counted.
    enum Unit: String, Sendable { case items, bytes }

    private struct Stage {
        let what: String
        let unit: Unit
        var total: Int64?
        let begun: UInt64
        var last: (time: UInt64, done: Int64)
        var perSecond: Double
        var isShown = false
    }

    let form: Form
    private let output: Output
    private let clock: @Sendable () -> UInt64
    private let isOff: Bool
    private let done = Atomic<Int64>(0)
    private let due = Atomic<UInt64>(.max)
    private let stage = Mutex<Stage?>(nil)
    /// How many others have the terminal for themselves.
    private let holds = Atomic<Int>(0)

    /// Makes a reporter.
    ///
    /// - Parameter clock: nanoseconds from any beginning that never go back.
    init(
        _ form: Form, to output: Output,
        clock: @escaping @Sendable () -> UInt64 = { steadyNanoseconds() }
    ) {
        self.form = form
        self.output = output
        self.clock = clock
        if case .off = form { isOff = true } else { isOff = false }
    }

    /// One that tells nothing.
    static var off: Progress { Progress(.off, to: .memory()) }

    private static let patience: UInt64 = 500_000_000

    private var interval: UInt64 {
        switch form {
        case .off: .max
        case .live: 100_000_000
        case .plain: 3_000_000_000
        case .json: 500_000_000
        }
    }

    /// Does a piece of work and tells its progress, which ends with it.
    func during<Result, Problem>(
        _ what: String, unit: Unit = .items, total: Int64? = nil, _ work: () throws(Problem) -> Result
    ) throws(Problem) -> Result {
        begin(what, unit: unit, total: total)
        defer { end() }
        return try work()
    }

    /// Begins a piece of work, for example `Adding files`; what went before has ended.
    func begin(_ what: String, unit: Unit = .items, total: Int64? = nil) {
        if isOff { return }
        end()
        let now = clock()
        stage.withLock { stage in
            done.store(0, ordering: .relaxed)
            stage = Stage(
                what: Visible.text(what), unit: unit, total: total, begun: now, last: (now, 0), perSecond: 0)
            due.store(now + Self.patience, ordering: .relaxed)
        }
    }

    /// Says that so much more is done.
    func advance(by amount: Int64 = 1) {
        if isOff { return }
        done.add(amount, ordering: .relaxed)
        showIfDue()
    }

    /// Says how much is done and how much there is, as far as that is known.
    func update(done amount: Int64, total: Int64? = nil) {
        if isOff { return }
        done.store(amount, ordering: .relaxed)
        if let total { stage.withLock { $0?.total = total } }
        showIfDue()
    }

    /// Ends the work; a live line goes away, a log gets a last line if it had one.
    func end() {
        if isOff { return }
        due.store(.max, ordering: .relaxed)
        stage.withLock { stage in
            guard var ending = stage else { return }
            stage = nil
            guard ending.isShown else { return }
            if case .live = form { put("\r\u{1b}[K") } else { show(&ending, at: clock()) }
        }
    }

    /// Makes room for a line of other text: takes the live line away until it is next due.
    func clear() {
        if isOff { return }
        stage.withLock { stage in
            guard case .live = form, stage?.isShown == true else { return }
            put("\r\u{1b}[K")
            stage?.isShown = false
        }
    }

    /// Takes the live line away, and shows none until ``goOn()``: a program asks a person something at the terminal.
    func hold() {
        holds.add(1, ordering: .sequentiallyConsistent)
        clear()
    }

    /// Ends what ``hold()`` began.
    func goOn() { holds.subtract(1, ordering: .sequentiallyConsistent) }

    private func showIfDue() {
        let now = clock()
        let time = due.load(ordering: .relaxed)
        guard now >= time else { return }
        // Of the threads that find it due, one shows it.
        let won = due.compareExchange(expected: time, desired: now + interval, ordering: .relaxed).exchanged
        guard won else { return }
        stage.withLock { stage in
            guard var current = stage else { return }
            // Looked at under the lock, so that nothing is on its way any more once the line is cleared.
            if case .live = form, holds.load(ordering: .sequentiallyConsistent) > 0 { return }
            show(&current, at: now)
            stage = current
        }
    }

    private func show(_ stage: inout Stage, at now: UInt64) {
        let amount = done.load(ordering: .relaxed)
        measure(&stage, amount, at: now)
        stage.isShown = true
        let state = ProgressState(
            what: stage.what, unit: stage.unit, done: amount, total: stage.total, perSecond: stage.perSecond)
        switch form {
        case .off: break
        case .live(let columns): put("\r\(DisplayWidth.prefix(of: state.line, columns: columns - 1))\u{1b}[K")
        case .plain: put(state.line + "\n")
        case .json: put(state.json + "\n")
        }
    }

    /// The speed of late counts most, but one slow file does not turn the time left upside down.
    private func measure(_ stage: inout Stage, _ amount: Int64, at now: UInt64) {
        let seconds = Double(now - stage.last.time) / 1e9
        guard seconds > 0 else { return }
        let current = Double(amount - stage.last.done) / seconds
        let weight = stage.last.time == stage.begun ? 1 : seconds / (seconds + 3)
        stage.perSecond += (current - stage.perSecond) * weight
        stage.last = (now, amount)
    }

    /// Progress that cannot be written is no reason to stop the work.
    private func put(_ text: String) {
        try? output.write(text)
        try? output.flush()
    }
}

/// Nanoseconds since the machine was started.
private func steadyNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
