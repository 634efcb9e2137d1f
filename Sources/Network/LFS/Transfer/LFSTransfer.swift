import Blobs
import Files
import HTTP
import Synchronization
import Trace

/// Files on their way to a server or from it: several at once, and what is to be done with the next is asked for while
/// the others travel.
final class LFSTransfer: Sendable {
    let server: LFSServer
    let report: LFSReport
    let patience: LFSPatience
    private let reference: String?
    private let trace: Trace
    private let queue: Monitor<LFSQueue>
    // All threads touch these with each piece that comes: a lock would make them wait for each other.
    private let latest = Atomic<Int64>(LFSMoment.now.nanoseconds)
    private let nextLook = Atomic<Int64>(0)
    private let hasEnded = Atomic<Bool>(false)
    private let arrivals = Mutex((files: 0, bytes: Int64(0)))

    /// So many files travel at once.
    private let width: Int

    init(
        _ files: [Pointer], _ server: LFSServer, reference: String?, report: LFSReport, patience: LFSPatience,
        width: Int, trace: Trace
    ) {
        (self.width, self.trace) = (width, trace)
        (self.server, self.reference, self.report, self.patience) = (server, reference, report, patience)
        queue = Monitor(LFSQueue(files))
    }

    /// What is to be done with a file after the server has spoken of it.
    enum Next {
        /// Nothing any more.
        case nothing
        /// It travels.
        case travel
        /// Nothing can be done.
        case failed(LFSFailure)

        var isTravel: Bool { if case .travel = self { true } else { false } }
    }

    /// Brings all files to their ends.
    ///
    /// - Parameters:
    ///   - decide: is told what the server says of files, and decides what follows for each.
    ///   - travel: moves a file. Several threads call it at once.
    /// - Returns: those that the server does not have, and those that are something else.
    /// - Throws: why some of the others came to no good end, when all that could be done was done.
    func run(
        decide: @Sendable ([LFSObject]) throws(NetworkError) -> [Next],
        travel: @Sendable (inout LFSItem) throws(LFSFailure) -> Void
    ) throws(NetworkError) -> (missing: Set<Pointer>, damaged: Set<Pointer>) {
        Parallel.forEach(count: width, workers: width) { _ in
            while let step = next() {
                switch step {
                case .wait: look()
                case .over: break
                case .ask(let items): ask(items, decide)
                case .travel(var item):
                    do throws(LFSFailure) {
                        try trace.count(.sync, "requests for files") { () throws(LFSFailure) in try travel(&item) }
                        moved()
                        queue.change { $0.isDone(item) }
                    } catch { failed(item, error) }
                }
            }
        }
        return try queue.withLock { $0.outcome }.get()
    }

    /// What to do next; nil at the end.
    private func next() -> LFSQueue.Step? {
        let step = queue.take(within: .milliseconds(100)) { $0.next() } ?? .wait
        if case .over = step { return nil }
        return step
    }

    // MARK: Asking

    private var host: String { server.endpoint.url.place }

    private func ask(
        _ items: [LFSItem], _ decide: ([LFSObject]) throws(NetworkError) -> [Next]
    ) {
        let batch = LFSBatch(operation: server.operation, reference: reference, files: items.map(\.file))
        do throws(LFSFailure) {
            let answer = try trace.measure(.sync, "asked about \(items.count) files at \(host)") {
                () throws(LFSFailure) in try server.ask(batch, isStopped: isOver)
            }
            guard let objects = answer else {
                queue.change { $0.halve(items) }
                return
            }
            moved()
            let nexts: [Next]
            do throws(NetworkError) { nexts = try decide(objects) } catch { throw LFSFailure(.all, error) }
            queue.change { queue in
                queue.isAnswered()
                for ((item, object), next) in zip(zip(items, objects), nexts) {
                    switch next {
                    case .nothing: break
                    case .travel: queue.add(item, object)
                    case .failed(let failure): queue.giveUp(item, failure)
                    }
                }
            }
        } catch {
            queue.change { $0.couldNotAsk(items, error, patience) }
        }
    }

    // MARK: Going on

    private func failed(_ item: LFSItem, _ failure: LFSFailure) {
        let latest = latestMove
        queue.change { $0.failed(item, failure, patience, since: latest) }
    }

    /// Notes that something got further.
    func moved() { latest.store(LFSMoment.now.nanoseconds, ordering: .relaxed) }

    private var latestMove: LFSMoment { LFSMoment(nanoseconds: latest.load(ordering: .relaxed)) }

    /// Notes that a file has got so far, and tells of it where that is worth it. With `lasting`, what has come need not come
    /// again.
    func moved(_ item: inout LFSItem, to position: Int64, lasting: Bool) {
        guard position > item.reached else { return }
        item.reached = position
        moved()
        if lasting { (item.tries, item.failing) = (0, nil) }
        guard position - item.told >= 1 << 18 else { return }
        report.done(0, position - item.told)
        item.told = position
    }

    /// Tells which files are going to travel.
    func plan(_ files: [Pointer]) { if !files.isEmpty { report.planned(files.count, files.byteCount) } }

    /// Tells that a file is where it should be.
    func arrived(_ item: LFSItem) {
        arrivals.withLock { $0 = ($0.files + 1, $0.bytes + item.file.size) }
        report.done(1, max(0, item.file.size - item.told))
    }

    /// How many files are where they should be, and how many bytes they have.
    var done: (files: Int, bytes: Int64) { arrivals.withLock { $0 } }

    /// Whether requests under way are to end. All threads together look for a reason fifty times a second.
    func isOver() -> Bool {
        if hasEnded.load(ordering: .relaxed) { return true }
        let (now, due) = (LFSMoment.now.nanoseconds, nextLook.load(ordering: .relaxed))
        guard now >= due,
            nextLook.compareExchange(expected: due, desired: now + 20_000_000, ordering: .relaxed).exchanged,
            queue.withLock({ $0.ending != nil }) || look()
        else { return false }
        hasEnded.store(true, ordering: .relaxed)
        return true
    }

    /// Looks whether somebody wants an end, or nothing goes on any more.
    @discardableResult private func look() -> Bool {
        if report.isStopped() {
            end(NetworkError(.stopped, "the transfer was stopped; what was done so far stays"))
            return true
        }
        let latest = max(latestMove, queue.withLock { $0.pauseEnd } ?? latestMove)
        guard LFSMoment.now - latest > patience.standstill else { return false }
        let time = patience.standstill
        end(
            NetworkError(
                .offline, "nothing comes from \(host), and nothing goes there, for \(time)",
                hint: "try again later; what was done so far stays"))
        return true
    }

    /// Ends everything.
    func end(_ error: NetworkError) { queue.change { $0.ending = $0.ending ?? error } }
}
