/// Commits that wait to be looked at, the latest first.
struct CommitQueue: Sendable {
    /// A commit and the time that it stands at.
    struct Waiting: Sendable {
        let commit: Commit
        let id: ObjectID
        let time: Int64
        fileprivate let order: Int

        /// Whether this one comes before the other; of two of one second, the one that came in first.
        fileprivate func precedes(_ other: Waiting) -> Bool {
            time != other.time ? time > other.time : order < other.order
        }
    }

    /// A binary heap.
    private var heap: [Waiting] = []
    private var order = 0

    /// The commit that comes next.
    var first: Waiting? { heap.first }

    mutating func push(_ commit: Commit, _ id: ObjectID, at time: Int64) {
        heap.append(Waiting(commit: commit, id: id, time: time, order: order))
        order += 1
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Waiting? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[best]) {
                best = child
            }
            if best == parent { return first }
            heap.swapAt(parent, best)
            parent = best
        }
    }
}
