import Blobs
import Files
import Store
import Synchronization

/// The batches that an intake fills, one after the other: while one is being made durable, the next is being filled.
///
/// A small addition has one. A large one has many, so that one that is cut off has something to go on from.
final class IntakeRounds: Sendable {
    /// One batch, and the files that were read into it.
    private final class Round: Sendable {
        struct State: Sendable {
            /// Threads that are putting a file into it.
            var busy = 0
            var bytes: Int64 = 0
            var isClosed = false
            var sightings: [KnownFiles.Sighting] = []
        }

        let batch: BlobBatch
        /// When it began, by the clock of the file system.
        let moment: FileTime
        let watch = Stopwatch()
        let state = Mutex(State())

        init(_ batch: BlobBatch) throws {
            self.batch = batch
            moment = try FileSystem.status(of: batch.temporary.path).changed
        }
    }

    private struct State: Sendable {
        var current: Round?
        /// All of them are kept until the end: what is in a batch that lives is needed.
        var rounds: [Round] = []
        /// Makes the last round durable that was closed, after those before it.
        var settling: BackgroundWork?
    }

    private let blobs: BlobStore
    private let pace: AddRequest.Pace
    private let recollection: Recollection?
    private let state = Mutex(State())

    init(blobs: BlobStore, pace: AddRequest.Pace, recollection: Recollection?) {
        self.blobs = blobs
        self.pace = pace
        self.recollection = recollection
    }

    /// When the first round began; all files were read later.
    var moment: FileTime? { state.withLock { $0.rounds.first?.moment } }

    /// Puts a file into the present round. `sighting` describes it for later additions.
    func put(
        _ file: borrowing FileDescriptor, _ sighting: (Pointer) -> KnownFiles.Sighting?
    ) throws -> Put {
        try put({ try $0.put(file) }, sighting)
    }

    /// Puts a file by a step that does so into a batch.
    func put(_ step: (BlobBatch) throws -> Put, _ sighting: (Pointer) -> KnownFiles.Sighting?) throws -> Put {
        let round = try enter()
        let put: Put
        do { put = try step(round.batch) } catch {
            try leave(round, bytes: 0, nil)
            throw error
        }
        try leave(round, bytes: put.wasHere ? 0 : put.size, sighting(put.pointer))
        return put
    }

    private func enter() throws -> Round {
        try state.withLock { state in
            let round: Round
            if let current = state.current {
                round = current
            } else {
                round = try Round(blobs.beginBatch())
                state.current = round
                state.rounds.append(round)
            }
            round.state.withLock { $0.busy += 1 }
            return round
        }
    }

    /// The thread that leaves a full round last has it made durable.
    private func leave(_ round: Round, bytes: Int64, _ sighting: KnownFiles.Sighting?) throws {
        let isFull = round.state.withLock { state in
            state.bytes += bytes
            if let sighting { state.sightings.append(sighting) }
            return state.bytes >= pace.bytes || round.watch.seconds >= pace.seconds
        }
        if isFull { state.withLock { if $0.current === round { $0.current = nil } } }
        let isOver = state.withLock { state in
            round.state.withLock { inner in
                inner.busy -= 1
                guard inner.busy == 0, state.current !== round, !inner.isClosed else { return false }
                inner.isClosed = true
                return true
            }
        }
        // No more than two rounds are on their way to the disk, however slow it is.
        if isOver { try settle(round, isLast: false)?.wait() }
    }

    /// Begins to make a round durable; answers with the work before it.
    @discardableResult
    private func settle(_ round: Round, isLast: Bool) throws -> BackgroundWork? {
        state.withLock { state in
            let previous = state.settling
            state.settling = BackgroundWork { [recollection] in
                try previous?.wait()
                try round.batch.commit()
                // What is in the last one is remembered with its tracks.
                if isLast { return }
                let sightings = round.state.withLock { $0.sightings }
                recollection?.remember(sightings, readAfter: round.moment)
            }
            return previous
        }
    }

    /// Begins to make the last round durable; what this answers with is done when all of them are.
    func finish() throws -> BackgroundWork? {
        let last = state.withLock { state in
            defer { state.current = nil }
            return state.current
        }
        if let last { try settle(last, isLast: true) }
        return state.withLock { $0.settling }
    }

    /// Takes the files away again that no version came to name.
    func withdraw(from store: Store) {
        let (rounds, settling) = state.withLock { ($0.rounds, $0.settling) }
        // What is on its way to its name cannot be taken away yet; whether it comes there says nothing here.
        _ = try? settling?.wait()
        // What stays by mistake goes with a collection.
        _ = try? store.withdraw(rounds.map(\.batch))
    }

    /// Lets go of the files. Until then no collection takes them away, though no version may name them yet.
    func end() {
        for round in state.withLock({ $0.rounds }) { round.batch.end() }
    }
}
