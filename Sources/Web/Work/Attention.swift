import Files
import Store
import Synchronization

/// Whether anybody asks for anything, and which moves of the head are this process's own.
final class Attention: Sendable {
    private struct State {
        var last: UInt64 = 0
        var own: [Version] = []
    }

    private let state = Mutex(State())

    private static let lasts: UInt64 = 300 * 1_000_000_000
    private static let kept = 64

    /// Notes that somebody asks.
    func note() { state.withLock { $0.last = SystemClock.monotonicNanoseconds() } }

    /// Whether somebody asked within the last minutes.
    var isRecent: Bool {
        let last = state.withLock { $0.last }
        return last > 0 && SystemClock.monotonicNanoseconds() - last < Self.lasts
    }

    /// Notes a version that this process has made.
    func noteOwn(_ version: Version) {
        state.withLock { state in
            state.own.append(version)
            if state.own.count > Self.kept { state.own.removeFirst() }
        }
    }

    /// Whether this process has made it, or syncing did.
    func isOwn(_ version: Version) -> Bool { state.withLock { $0.own.contains(version) } }
}
