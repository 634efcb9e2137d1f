import Files
import Guests
import Offbeat
import Synchronization

/// What has to be done from time to time, and what is made ready for those who are about to ask.
final class Housekeeping: Sendable {
    private struct State {
        var isStopped = false
        /// Workspaces that somebody has opened.
        var opened: [(workspace: String, visitor: Visitor)] = []
        /// When each was last made ready, for whom, in seconds.
        var warmed: [String: Double] = [:]
    }

    private let service: Chores
    private let bell = Bell()
    private let state = Mutex(State())

    /// What it does, as the service can do it.
    struct Chores: Sendable {
        /// Lets go of whoever was away too long; answers whether something of a guest is still to go.
        let sweep: @Sendable () -> Bool
        /// Cleans up what is kept.
        let clean: @Sendable () -> Void
        /// Makes a workspace ready for somebody.
        let warm: @Sendable (String, Visitor) -> Void
    }

    private static let pause = 5.0
    /// What a guest has left goes as soon as nobody works in it any more.
    private static let shortPause = 0.05
    private static let cleaningPause = 3600.0
    /// Who opens a workspace again within so many seconds finds it ready.
    private static let warmthLasts = 60.0
    private static let warmthKept = 1000

    init(_ chores: Chores) { service = chores }

    /// Has a look taken now.
    func look() { bell.ring() }

    /// Notes that somebody has opened a workspace.
    func open(_ workspace: String, by visitor: Visitor) {
        let key = "\(workspace)/\(visitor.handle ?? "")/\(visitor.library.guest?.id.hex ?? "")"
        let now = Self.now
        let isNew = state.withLock { state in
            if let last = state.warmed[key], now - last < Self.warmthLasts { return false }
            if state.warmed.count >= Self.warmthKept { state.warmed = [:] }
            state.warmed[key] = now
            state.opened.append((workspace, visitor))
            return true
        }
        if isNew { bell.ring() }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    private static var now: Double { Double(SystemClock.monotonicNanoseconds()) / 1e9 }

    func run() {
        var nextCleaning = Self.now + Self.cleaningPause
        while !state.withLock({ $0.isStopped }) {
            let opened = state.withLock { state in
                defer { state.opened = [] }
                return state.opened
            }
            for (workspace, visitor) in opened { service.warm(workspace, visitor) }
            if Self.now >= nextCleaning {
                service.clean()
                nextCleaning = Self.now + Self.cleaningPause
            }
            bell.wait(seconds: service.sweep() ? Self.shortPause : Self.pause)
        }
    }
}
