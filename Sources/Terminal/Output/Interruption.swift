import Glibc
import Synchronization

/// Whether somebody asked the program to stop (`SIGINT`, `SIGTERM`, `SIGHUP`).
///
/// A command that looks at it comes to an orderly end when asked once and is ended at once when asked twice; every
/// other command is ended at once, which is safe because nothing is half done until its last step.
final class Interruption: Sendable {
    private let requests = Atomic<Int>(0)
    private let heedsSignals: Bool

    /// Makes one that signals reach if it is the process's, and only `request()` if not.
    init(heedsSignals: Bool = false) {
        self.heedsSignals = heedsSignals
    }

    /// Whether the work should stop.
    var isRequested: Bool {
        requests.load(ordering: .relaxed) > 0 || heedsSignals && signalCount.load(ordering: .relaxed) > 0
    }

    /// Asks to stop, as a signal would.
    func request() {
        requests.add(1, ordering: .relaxed)
    }

    /// Throws the failure of an interrupted command if the work should stop.
    func check() throws(Failure) {
        if isRequested { throw Failure(code: "interrupted", "interrupted") }
    }

    /// Begins to listen to signals.
    ///
    /// - Parameter orderly: whether the first signal only raises the flag; else it ends the program with status 130.
    func listen(orderly: Bool) {
        guard heedsSignals else { return }
        signalsUntilEnd.store(orderly ? 2 : 1, ordering: .relaxed)
        signalCount.store(0, ordering: .relaxed)
        sentSignals.store(0, ordering: .relaxed)
        typedSignals.store(0, ordering: .relaxed)
        for signal in [SIGINT, SIGTERM, SIGHUP] { Self.heed(signal) }
    }

    /// Begins to keep the signals for another program, which decides what comes of them: none ends this one any more.
    func collect() {
        guard heedsSignals else { return }
        signalsUntilEnd.store(.max, ordering: .relaxed)
        for signal in Self.collected { Self.heed(signal) }
    }

    /// The signals that came since this was asked last; several of a kind are one.
    func collectedSignals() -> [(signal: Int32, isFromTerminal: Bool)] {
        guard heedsSignals else { return [] }
        let (sent, typed) = (
            sentSignals.exchange(0, ordering: .relaxed), typedSignals.exchange(0, ordering: .relaxed)
        )
        return Self.collected.filter { sent & 1 << $0 != 0 }.map { ($0, false) }
            + Self.collected.filter { typed & 1 << $0 != 0 }.map { ($0, true) }
    }

    private static let collected = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private static func heed(_ signal: Int32) {
        var before = sigaction()
        // A program started in the background, or by nohup, inherits that it ignores these: keep that.
        guard sigaction(signal, nil, &before) == 0, !isIgnored(before) else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, facts, _ in
            // Only what is safe inside a signal handler: lock-free atomics and `_exit`.
            let fromSystem: Int32 = 0x80  // SI_KERNEL: what is typed at the terminal, and that the terminal is gone
            let isFromTerminal = facts?.pointee.si_code == fromSystem
            let bit = 1 << Int(signal)
            if isFromTerminal {
                typedSignals.bitwiseOr(bit, ordering: .relaxed)
            } else {
                sentSignals.bitwiseOr(bit, ordering: .relaxed)
            }
            let count = signalCount.add(1, ordering: .relaxed).newValue
            if count >= signalsUntilEnd.load(ordering: .relaxed) { _exit(130) }
        }
        action.sa_flags = SA_RESTART | Int32(SA_SIGINFO)
        sigaction(signal, &action, nil)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        // SIG_IGN is the number 1 in the place of a function.
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}

// A signal handler can reach global variables only; `listen` has touched all before the first signal can come.
private let signalCount = Atomic<Int>(0)
private let signalsUntilEnd = Atomic<Int>(1)
/// A bit for each signal that came, by its number.
private let sentSignals = Atomic<Int>(0)
private let typedSignals = Atomic<Int>(0)
