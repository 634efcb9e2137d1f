import Synchronization

/// How many connections there are in each direction.
final class TransferCount: Sendable {
    private let counts = Mutex<[TransferDirection: Int]>([:])

    subscript(_ direction: TransferDirection) -> Int { counts.withLock { $0[direction, default: 0] } }

    fileprivate func change(_ direction: TransferDirection, by number: Int) {
        counts.withLock { $0[direction, default: 0] += number }
    }
}

/// Counts a connection for as long as it lives.
final class TransferPresence {
    private let count: TransferCount
    private let direction: TransferDirection

    init(in count: TransferCount, _ direction: TransferDirection) {
        (self.count, self.direction) = (count, direction)
        count.change(direction, by: 1)
    }

    deinit { count.change(direction, by: -1) }
}
