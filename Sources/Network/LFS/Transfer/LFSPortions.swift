import Blobs
import Synchronization

/// Files that come, in portions that each become durable together: what is cut off loses no more than about a second of
/// work, and what is large goes on from where it was anyway.
///
/// Several threads put files at once. A portion that is full is made durable by whoever leaves it last, while the others go
/// on with the next.
final class LFSPortions: Sendable {
    private let store: BlobStore
    private let current = Mutex<Portion?>(nil)
    private let begun = LFSMoment.now

    /// One portion, and how many threads are putting something into it.
    private final class Portion: Sendable {
        let batch: BlobBatch
        let begun = LFSMoment.now
        let state = Mutex<State>(State())

        struct State {
            var users = 0
            var room = LFSPortions.room
            var isFull = false
        }

        init(_ batch: BlobBatch) { self.batch = batch }
    }

    /// How much fits into one. A batch holds descriptors for each file that is too large to have come in memory.
    private static let room = 5_000
    private static func weight(of size: Int64) -> Int { size > 1 << 16 ? 50 : 1 }
    private static let age = Duration.seconds(1)

    /// Whether a portion has lasted long enough. The first are short: what is left to be made durable at the end of a small
    /// transfer is then little.
    private func isOld(_ portion: Portion) -> Bool {
        let age = min(Self.age, max(.milliseconds(30), (portion.begun - begun) * 0.5))
        return LFSMoment.now - portion.begun >= age
    }

    init(of store: BlobStore) { self.store = store }

    /// Calls `put` with the batch of a portion, for a file of so many bytes.
    func put(_ size: Int64, _ put: (BlobBatch) throws(BlobError) -> Bool) throws(BlobError) -> Bool {
        let portion = try enter()
        let result = Result { () throws(BlobError) in try put(portion.batch) }
        try leave(portion, with: Self.weight(of: size))
        return try result.get()
    }

    private func enter() throws(BlobError) -> Portion {
        try current.withLock { current throws(BlobError) in
            let portion: Portion
            if let current { portion = current } else { portion = Portion(try store.beginBatch()) }
            current = portion
            portion.state.withLock { $0.users += 1 }
            return portion
        }
    }

    private func leave(_ portion: Portion, with weight: Int) throws(BlobError) {
        let isLast = current.withLock { current in
            portion.state.withLock { state in
                state.users -= 1
                state.room -= weight
                if !state.isFull, state.room <= 0 || isOld(portion) {
                    state.isFull = true
                    current = nil
                }
                return state.isFull && state.users == 0
            }
        }
        if isLast { try portion.batch.commit() }
    }

    /// Makes the last portion durable; for when nobody puts anything any more.
    func finish() throws(BlobError) {
        let portion = current.withLock { current in
            defer { current = nil }
            return current
        }
        try portion?.batch.commit()
    }
}
