import Dispatch

/// What a person at the terminal of this process is asked by programs that are run here: one thing at a time.
///
/// Two that ask at once would take each other's answers, and the one would show what is typed for the other, be it a
/// passphrase. A terminal is for the whole process, and so is the turn.
struct Questions: Sendable {
    private static let turn = DispatchSemaphore(value: 1)
    /// Is told with true before somebody may be asked, and with false afterwards: what else is written to the terminal has
    /// to wait.
    private let onQuestion: @Sendable (Bool) -> Void

    init(_ onQuestion: @escaping @Sendable (Bool) -> Void = { _ in }) { self.onQuestion = onQuestion }

    /// Waits for the turn to ask; nil where somebody wants an end before.
    func begin(isStopped: () -> Bool) -> Question? {
        while Self.turn.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            if isStopped() { return nil }
        }
        onQuestion(true)
        return Question { [onQuestion] in
            onQuestion(false)
            Self.turn.signal()
        }
    }
}

/// Something that a person may be asked just now, until it ends or is dropped. For one thread.
final class Question {
    private var onEnd: (() -> Void)?

    fileprivate init(_ onEnd: @escaping () -> Void) { self.onEnd = onEnd }

    deinit { end() }

    /// Says that nothing is asked any more. May be called again.
    func end() {
        onEnd?()
        onEnd = nil
    }
}
