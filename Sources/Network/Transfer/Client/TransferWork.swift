import Blobs
import Files
import Synchronization

/// Files that are on their way, in chunks: each goes over one connection, and again over a new one where that is cut off.
final class TransferWork: Sendable {
    /// Some files that one thread is at.
    struct Chunk {
        /// Those with which something is still to be done.
        var left: [Pointer]
        /// Those of which it was told that they will travel.
        var planned: Set<Pointer> = []
        /// How much of large files was told of.
        var told: [Pointer: Int64] = [:]
        /// Those of which wrong bytes came once.
        var suspects: Set<Pointer> = []
    }

    let report: LFSReport
    private let files: [Pointer]
    private let client: TransferClient
    private let direction: TransferDirection
    /// Whether nothing travels, and only answers are wanted.
    private let isQuestion: Bool
    private let state: Mutex<State>

    private struct State {
        var rest: ArraySlice<Pointer>
        var result = LFSClient.Result()
        var missing: Set<Pointer> = []
        var damaged: Set<Pointer> = []
        /// Those that another process is bringing.
        var busy: [Pointer] = []
        /// Why a file came to no good end.
        var failure: NetworkError?
        /// Why nothing goes on.
        var ending: NetworkError?
    }

    /// So often a connection is made again without anything having got further.
    private static let tries = 4
    /// So long another process may be at a file.
    private static let patience = 120.0

    init(
        _ files: [Pointer], _ client: TransferClient, _ direction: TransferDirection, _ report: LFSReport,
        isQuestion: Bool = false
    ) {
        (self.files, self.client, self.direction, self.report) = (files, client, direction, report)
        self.isQuestion = isQuestion
        state = Mutex(State(rest: files[...]))
    }

    /// Does something with all files.
    ///
    /// - Parameter body: does it with the files of a chunk, and takes those out that are done with.
    /// - Throws: why some came to no good end, when all that could be done was done.
    func run(
        _ body: @Sendable (TransferConnection, inout Chunk) throws(NetworkError) -> Void
    ) throws(NetworkError) -> LFSClient.Result {
        let watch = Stopwatch()
        var done = -1
        var since = 0.0
        while true {
            Parallel.forEach(count: client.width, workers: client.width) { _ in
                while let chunk = next(), move(chunk, body) {}
            }
            let (now, isOver) = state.withLock { state in
                state.rest += state.busy
                state.busy = []
                return (state.result.files, state.rest.isEmpty || state.ending != nil)
            }
            if isOver { break }
            if now > done { (done, since) = (now, watch.seconds) }
            if watch.seconds - since > Self.patience {
                throw NetworkError(.offline, "another process is bringing the same files, and does not end")
            }
            pause(0.2)
        }
        return try state.withLock { state throws(NetworkError) in
            if let error = state.ending ?? state.failure { throw error }
            var result = state.result
            result.missing = files.filter(state.missing.contains)
            result.damaged = files.filter(state.damaged.contains)
            return result
        }
    }

    /// The next chunk: so large that few questions are asked, and where files travel so small that all connections have
    /// something to do.
    private func next() -> Chunk? {
        state.withLock { state in
            if state.ending != nil || state.rest.isEmpty { return nil }
            let portions = isQuestion ? 1 : 2 * client.width
            let size = (state.rest.count + portions - 1) / portions
            let chunk = Array(state.rest.prefix(min(max(size, 1), TransferConnection.batchSize)))
            state.rest = state.rest.dropFirst(chunk.count)
            return Chunk(left: chunk)
        }
    }

    /// Moves the files of a chunk; false where there is no connection for one more thread, and others go on.
    private func move(
        _ chunk: Chunk, _ body: (TransferConnection, inout Chunk) throws(NetworkError) -> Void
    ) -> Bool {
        var chunk = chunk
        var tries = 0
        while !chunk.left.isEmpty, !isOver {
            let before = chunk.left.count
            do throws(NetworkError) {
                guard let connection = try client.take(direction, report) else {
                    state.withLock { $0.rest += chunk.left }
                    return false
                }
                try body(connection, &chunk)
                client.giveBack(connection, direction)
            } catch {
                tries = chunk.left.count < before ? 1 : tries + 1
                if error.code != .offline || tries >= Self.tries {
                    end(error)
                    return false
                }
                pause(0.25 * Double(1 << tries))
            }
        }
        return true
    }

    private func pause(_ seconds: Double) {
        let watch = Stopwatch()
        while watch.seconds < seconds, !isOver { SystemClock.sleep(seconds: 0.02) }
    }

    /// Whether nothing goes on any more.
    var isOver: Bool {
        if report.isStopped() {
            end(NetworkError(.stopped, "the transfer was stopped; what was done so far stays"))
        }
        return state.withLock { $0.ending != nil }
    }

    private func end(_ error: NetworkError) { state.withLock { $0.ending = $0.ending ?? error } }

    // MARK: What became of files

    /// Tells that these files are going to travel, once.
    func plan(_ files: [Pointer], in chunk: inout Chunk) {
        let new = files.filter { chunk.planned.insert($0).inserted }
        if !new.isEmpty { report.planned(new.count, new.byteCount) }
    }

    private static let tellingStep: Int64 = 1 << 18

    /// Tells that a file has got so far, where that is worth it, and was not told before it was cut off.
    func moved(_ file: Pointer, to position: Int64, in chunk: inout Chunk) {
        let told = chunk.told[file] ?? 0
        guard position - told >= Self.tellingStep else { return }
        report.done(0, position - told)
        chunk.told[file] = position
    }

    /// Notes that a file is where it should be.
    func arrived(_ file: Pointer, in chunk: inout Chunk) {
        state.withLock { state in
            state.result.files += 1
            state.result.bytes += file.size
        }
        report.done(1, max(0, file.size - (chunk.told[file] ?? 0)))
        chunk.isDone(file)
    }

    func isMissing(_ file: Pointer, in chunk: inout Chunk) {
        state.withLock { _ = $0.missing.insert(file) }
        chunk.isDone(file)
    }

    func isDamaged(_ file: Pointer, in chunk: inout Chunk) {
        state.withLock { _ = $0.damaged.insert(file) }
        chunk.isDone(file)
    }

    func isBusy(_ file: Pointer, in chunk: inout Chunk) {
        state.withLock { $0.busy.append(file) }
        chunk.isDone(file)
    }

    /// Notes that a file is given up; others may fare better.
    func failed(_ file: Pointer, _ error: NetworkError, in chunk: inout Chunk) {
        state.withLock { $0.failure = $0.failure ?? error }
        chunk.isDone(file)
    }
}

extension TransferWork.Chunk {
    mutating func isDone(_ file: Pointer) {
        if let place = left.firstIndex(of: file) { left.remove(at: place) }
    }
}
