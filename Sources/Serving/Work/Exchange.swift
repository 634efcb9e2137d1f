import CMicrohttpd
import Glibc

/// A request and its answer.
///
/// libmicrohttpd's thread calls ``step(_:)`` whenever it can go on; a worker runs the handler. Whichever has to wait for the
/// other does so here: the connection by being suspended, the worker at the monitor.
///
/// Unchecked: what changes is only touched under the connection's monitor.
final class Exchange: @unchecked Sendable {
    /// How far the request has come.
    enum Stage {
        /// Its head is here, and nothing of its body is taken yet.
        case head
        /// Its body comes.
        case body
        /// All of it is here.
        case whole
        /// It was answered past libmicrohttpd, and what else comes is thrown away until that moment.
        case refused(until: Double)
    }

    /// How the body came to its end.
    private enum Ending {
        case whole
        case failed(Problem)
    }

    /// What is left to throw away of a body rather than ending the connection.
    static let smallBody: Int64 = 256 << 10
    /// For how many seconds something is read of a client that does not stop sending a body which nobody wants.
    static let secondsOfPatience = 2.0

    let core: Core
    let connection: Connection
    let framing: Framing
    let expectsContinue: Bool
    private let raw: OpaquePointer
    private var monitor: Monitor { connection.monitor }

    private var stage = Stage.head
    private var isSubmitted = false
    private var isSuspended = false
    /// libmicrohttpd knows it no more, or will not in a moment.
    private var isOver = false
    /// Nobody is there whom it could be answered.
    private var isAbandoned = false
    private var answer: Answer?
    private var request: Request?

    /// Whether the handler has asked for the body, and how much of it it takes.
    private var limit: Int64?
    private var ring: Ring?
    private var received: Int64 = 0
    private var mark = (moment: 0.0, received: Int64(0))
    private var lastSeen: Int64 = -1
    private var ending: Ending?

    init(_ raw: OpaquePointer, on connection: Connection, of core: Core, framing: Framing, expectsContinue: Bool) {
        (self.raw, self.connection, self.core) = (raw, connection, core)
        (self.framing, self.expectsContinue) = (framing, expectsContinue)
    }

    /// Has the handler work on the request, or gives the answer that it has without.
    func begin(_ outcome: Result<Request, Problem>) {
        switch outcome {
        case .success(let request): self.request = request
        case .failure(let problem): answer = Answer(problem, core: core)
        }
    }

    // MARK: libmicrohttpd's thread

    /// Goes on, with so much of the body, or with none where the head or all of it is here; answers how much of it is
    /// taken, or nil where the connection has to be closed.
    func step(_ bytes: UnsafeRawBufferPointer?) -> Int? {
        monitor.locked {
            isSuspended = false
            if isOver || isAbandoned || core.isClosing { return nil }
            if let bytes { return take(bytes) }
            switch stage {
            case .refused: return nil
            case .head where framing != .none: return stepInHead()
            case .head:
                // An answer that is given before libmicrohttpd has looked for a body would end the connection.
                stage = .whole
                return 0
            case .body: endBody(.whole)
            case .whole: break
            }
            stage = .whole
            if let answer { return queue(answer) }
            return work()
        }
    }

    /// The head of a request with a body is here: it waits for the handler to take the body or answer.
    private func stepInHead() -> Int? {
        if let answer {
            if answer.endsConnection || expectsContinue { return queue(answer) }
            if framing.rest(after: 0) <= Self.smallBody {
                stage = .body
            } else {
                refuse(with: answer)
            }
            return 0
        }
        guard limit == nil else {
            stage = .body
            return 0
        }
        return work() == nil ? nil : isSuspended ? 0 : stepInHead()
    }

    /// Lets the handler work, and waits for it.
    private func work() -> Int? {
        if !isSubmitted, let request {
            isSubmitted = true
            self.request = nil
            let workers = framing == .none ? core.workers : core.uploads
            if !workers.submit({ self.run(request) }) {
                let busy = Answer(core.isDraining ? .stopping : .busy, core: core)
                answer = busy
                return isAtHead ? 0 : queue(busy)
            }
        }
        suspend()
        return 0
    }

    private var isAtHead: Bool { if case .head = stage { true } else { false } }

    private func suspend() {
        isSuspended = true
        core.library.suspend(raw)
    }

    private func resume() {
        guard isSuspended, !isOver else { return }
        isSuspended = false
        // Time that passed meanwhile was not the client's.
        mark = (Machine.now, received)
        core.library.resume(raw)
    }

    private func queue(_ answer: Answer) -> Int? {
        // Who has gone before there was a stream is not told of again.
        if connection.isForsaken { answer.events?.end(.gone) }
        return answer.queue(on: raw, of: connection) ? 0 : nil
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
        switch stage {
        case .refused: return bytes.count
        case .head, .whole: return nil
        case .body: break
        }
        if let answer {
            received += Int64(bytes.count)
            if framing.rest(after: received) > Self.smallBody { refuse(with: answer) }
            return bytes.count
        }
        guard let ring, let limit, ending == nil else {
            received += Int64(bytes.count)
            return bytes.count
        }
        if received + Int64(bytes.count) > limit {
            received += Int64(bytes.count)
            endBody(.failed(.tooLarge(limit)))
            return bytes.count
        }
        let count = ring.put(bytes)
        received += Int64(count)
        monitor.changed()
        if count < bytes.count { suspend() }
        return count
    }

    private func endBody(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        monitor.changed()
    }

    /// Answers in the middle of the request. What still comes is read for a while, as closing the connection at once would
    /// take the answer away from a client that is still sending.
    private func refuse(with answer: Answer) {
        stage = .refused(until: Machine.now + Self.secondsOfPatience)
        if !connection.tell(answer.response) { connection.end() }
    }

    /// libmicrohttpd is done with it.
    func complete() {
        let events = monitor.locked { () -> EventStream? in
            isOver = true
            // It knows of this exchange, and would keep it.
            request = nil
            endBody(.failed(.cutOff))
            return answer?.events
        }
        events?.detach(from: raw)
    }

    // MARK: The warden, and the end of the server

    /// Under the lock: ends what takes too long.
    func check(at now: Double) {
        if case .refused(let end) = stage, end < now { connection.end() }
        guard case .body = stage, !isSuspended, ending == nil else { return }
        guard now - mark.moment >= core.settings.secondsOfPace else { return }
        if Double(received - mark.received) < core.settings.bytesPerSecond * (now - mark.moment) {
            endBody(.failed(.slow))
            connection.tell(Problem.slow.response)
            connection.end()
        }
        mark = (now, received)
    }

    /// Under the lock: whether it waits for a body of which nothing has come since it was last asked.
    var isStuck: Bool {
        guard case .body = stage, !isSuspended, ending == nil || answer != nil else { return false }
        defer { lastSeen = received }
        return lastSeen == received
    }

    /// Under the lock: the stream that is its answer.
    var events: EventStream? { answer?.events }

    /// Under the lock: ends it wherever it is.
    func abandon(_ problem: Problem) {
        isAbandoned = true
        endBody(.failed(problem))
        resume()
    }

    // MARK: The worker

    private func run(_ request: Request) {
        if monitor.locked({ isOver || isAbandoned }) { return }
        let answer: Answer
        do throws(Problem) { answer = Answer(try core.handler(request), to: request, core: core) } catch {
            answer = Answer(error, core: core)
        }
        monitor.locked {
            self.answer = answer
            if case .body = stage, !isSuspended, !isOver, framing.rest(after: received) > Self.smallBody {
                refuse(with: answer)
            }
            resume()
        }
        if monitor.locked({ isOver }) { answer.events?.detach(from: raw) }
    }

    var isForsaken: Bool { monitor.locked { isOver || connection.isForsaken } }

    /// Has the body sent, of which so many bytes are taken.
    func accept(upTo limit: Int64) throws(Problem) {
        if case .length(let length) = framing, length > limit { throw .tooLarge(limit) }
        if framing == .none { return }
        try monitor.locked { () throws(Problem) in
            guard self.limit == nil else { return }
            if isOver { throw .cutOff }
            if core.isClosing { throw .stopping }
            self.limit = limit
            ring = Ring()
            mark = (Machine.now, 0)
            resume()
        }
    }

    /// Waits for more of the body; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
        if framing == .none || buffer.isEmpty { return 0 }
        return try monitor.locked { () throws(Problem) in
            guard let ring else { throw Problem(500, "The body was not asked for.") }
            while true {
                // What failed is told at once: what is still here of it is of no use.
                if case .failed(let problem) = ending { throw problem }
                if ring.count > 0 { break }
                if case .whole = ending { return 0 }
                monitor.wait()
            }
            let count = ring.take(into: buffer)
            if isSuspended, ring.count <= Ring.capacity / 2 { resume() }
            return count
        }
    }
}
