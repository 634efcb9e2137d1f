import Files
import Processes

/// Bytes to and from a command on another computer. For one thread.
final class SSHConversation {
    private let conversation: Conversation
    let call: SSHCall
    private let patience: Duration
    /// Whether something could not be written any more.
    private var isCutOff = false
    private var outcome: Program.Outcome?
    /// What somebody may be asked until the other end has let us in.
    private let question: Question?

    init(_ conversation: Conversation, _ call: SSHCall, patience: Duration, question: Question? = nil) {
        self.question = question
        self.conversation = conversation
        self.call = call
        self.patience = patience
    }

    deinit { _ = conversation.end(within: .zero) }

    /// Reads some of what comes; 0 where the other end has said all and ended in order.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int {
        if outcome != nil { return 0 }
        let count: Int
        do throws(ProcessError) { count = try conversation.read(into: buffer) } catch { throw call.failure(error) }
        if count > 0 {
            // It has let us in: from now on nobody has to type anything.
            question?.end()
            conversation.patience = patience
            return count
        }
        let outcome = end(within: .seconds(10))
        if isCutOff || !outcome.isSuccess { throw call.failure(outcome) }
        return 0
    }

    /// Writes all the bytes. Where the other end takes no more of them, that is no error yet: what it said about it, or how
    /// it ended, is found by reading.
    func write(_ bytes: UnsafeRawBufferPointer) throws(NetworkError) {
        guard !isCutOff, outcome == nil else { return }
        do throws(ProcessError) { try conversation.write(bytes) } catch {
            guard error.code == .closed else { throw call.failure(error) }
            isCutOff = true
        }
    }

    /// Says that nothing more will be written.
    func closeInput() { conversation.closeInput() }

    /// Whether the other end takes no more.
    var takesNoMore: Bool { isCutOff || outcome != nil }

    var hasEnded: Bool { outcome != nil }

    /// What it means that it ended so, where the command there ended, and neither ssh nor the way to there; nil otherwise, and
    /// where it ended in order.
    var complaint: NetworkError? {
        guard let outcome, !outcome.isSuccess, SSHFailure(outcome, call).isOfCommand else { return nil }
        return call.failure(outcome)
    }

    /// Whether it is over, because there is no such program there.
    var hasNoCommand: Bool { outcome.map { SSHFailure($0, call).isNoCommand } ?? false }

    /// Ends it, and gives how it ended by itself, if it did in time.
    @discardableResult
    func end(within time: Duration) -> Program.Outcome {
        if let outcome { return outcome }
        let outcome = conversation.end(within: time)
        self.outcome = outcome
        question?.end()
        return outcome
    }
}
