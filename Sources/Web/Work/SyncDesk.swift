import Catalog
import Files
import Offbeat
import Store
import Sync
import Synchronization

/// Syncs with the remote when somebody asks, and when what people look at is older than it may be; and brings out posts whose
/// time has come. One thing at a time.
final class SyncDesk: Sendable {
    /// One round that is over.
    struct Round: Sendable {
        let began: Int64
        let ended: Int64
        let state: SyncState

        var json: JSON {
            [
                "at": .string(Timestamp(milliseconds: began).description), "tookMs": .integer(ended - began),
                "state": .string(state.state.rawValue), "result": state.result.map(JSON.string) ?? .null,
                "message": state.message.map(JSON.string) ?? .null,
            ]
        }
    }

    private struct State {
        var isWanted = false
        var isStopped = false
        var running: SyncState?
        var rounds: [Round] = []
        /// When the next one is due by itself, in the seconds of the clock that never goes back.
        var next = 0.0
        var pause = SyncDesk.firstPause
        var nextPublishing = 0.0
        var wasOffline = false
    }

    private let library: Library
    private let settings: PageSettings
    private let isLookedAt: @Sendable () -> Bool
    private let tell: @Sendable (Happening, Library) -> Void
    private let onArrival: @Sendable (LibraryStep) -> Void
    private let bell = Bell()
    private let state = Mutex(State())

    /// While the remote cannot be reached it is asked again after so many seconds, and then after twice as many.
    private static let firstPause = 5.0
    private static let roundsKept = 20
    /// How often is looked whether a post is due.
    private static let postPause = 5.0
    /// What could not be brought out from here is tried again after so many seconds.
    private static let vainPause = 60.0
    private static let progressPause = 0.2

    /// - Parameters:
    ///   - isLookedAt: says whether anybody would see what is new.
    ///   - onArrival: is told what a sync brought, once its files are here too.
    init(
        of library: Library, _ settings: PageSettings, isLookedAt: @escaping @Sendable () -> Bool,
        tell: @escaping @Sendable (Happening, Library) -> Void,
        onArrival: @escaping @Sendable (LibraryStep) -> Void = { _ in }
    ) {
        (self.library, self.settings, self.isLookedAt, self.tell) = (library, settings, isLookedAt, tell)
        self.onArrival = onArrival
    }

    /// What runs now; nil where nothing does.
    var running: SyncState? { state.withLock { $0.running } }
    /// The last rounds of this server, the newest first.
    var rounds: [Round] { state.withLock { $0.rounds.reversed() } }

    /// Asks for a sync, soon; one that runs counts.
    func request() {
        state.withLock { $0.isWanted = $0.running == nil }
        bell.ring()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }
    private static var now: Double { Double(SystemClock.monotonicNanoseconds()) / 1e9 }

    // MARK: The thread

    func run() {
        let timeToLive = timeToLive
        state.withLock { $0.next = Self.now + timeToLive }
        while !isStopped {
            if isDue() { sync() }
            publishIfDue()
            if isStopped { return }
            if state.withLock({ $0.isWanted }) { continue }
            bell.wait(seconds: min(Self.postPause, max(0.05, timeToLive)))
        }
    }

    private var timeToLive: Double { settings.timeToLive ?? library.timeToLive }

    private func isDue() -> Bool {
        let isWanted = state.withLock { state in
            defer { state.isWanted = false }
            return state.isWanted
        }
        if isWanted { return true }
        guard Self.now >= state.withLock({ $0.next }), isLookedAt() else { return false }
        return (try? library.remotes().isEmpty) == false
    }

    private func sync() {
        let began = SystemClock.wallMilliseconds()
        show(SyncState(state: .running))
        let result: SyncState
        do throws(Failure) {
            let before = try library.heads()
            let outcome = try library.sync(SyncRequest(), progress: progress())
            onArrival(library.step(from: before, to: try library.heads()))
            result = SyncState(state: .done, result: outcome.result.rawValue)
            if let log = settings.invalidationLog {
                for view in outcome.invalidated { log("\(view): synced with \(outcome.remote)") }
            }
        } catch {
            let isOffline = error.code == .offline || error.code == .locked
            result = SyncState(
                state: isOffline ? .offline : .failed, message: Discretion.withoutPaths(error.message))
        }
        let timeToLive = timeToLive
        state.withLock { state in
            state.running = nil
            state.rounds.append(Round(began: began, ended: SystemClock.wallMilliseconds(), state: result))
            if state.rounds.count > Self.roundsKept { state.rounds.removeFirst() }
            let rest = result.state == .done ? timeToLive : min(state.pause, max(timeToLive, Self.firstPause))
            state.pause = result.state == .done ? Self.firstPause : state.pause * 2
            state.next = Self.now + rest
        }
        if !isStopped { tell(.sync(result), library) }
    }

    private func show(_ now: SyncState) {
        state.withLock { $0.running = now }
        tell(.sync(now), library)
    }

    /// Tells how far it is, a few times a second.
    private func progress() -> Progress {
        let last = Mutex<(what: String, moment: Double)>(("", 0))
        return Progress(
            receive: { [self] report in
                let now = Self.now
                let isNews = last.withLock { last in
                    guard last.what != report.what || now - last.moment >= Self.progressPause else { return false }
                    last = (report.what, now)
                    return true
                }
                if isNews {
                    show(SyncState(state: .running, what: report.what, done: report.done, total: report.total))
                }
            }, stop: { [self] in isStopped })
    }

    // MARK: Posts whose time has come

    /// Only a person who runs the server brings posts out, as that person.
    private func publishIfDue() {
        guard settings.publishesPosts, Self.now >= state.withLock({ $0.nextPublishing }), !isStopped,
            let session = try? library.session(as: settings.handle), session.person != nil
        else { return }
        var isVain = false
        do throws(Failure) {
            let outcome = try session.publish(
                .due, environment: settings.environment, progress: Progress(stop: { [self] in isStopped }))
            for post in outcome.published { settings.log("published \(post.post.id.hex.prefix(8))") }
            for one in outcome.failed + outcome.attention {
                settings.log("not published: \(one.post.post.id.hex.prefix(8)): \(one.reason)")
            }
            isVain = outcome.published.isEmpty && !(outcome.failed + outcome.lost + outcome.attention).isEmpty
        } catch {
            isVain = true
            if error.code != .offline, error.code != .interrupted {
                settings.log("posts were not published: \(error.message)")
            }
        }
        let pause = isVain ? Self.vainPause : Self.postPause
        state.withLock { $0.nextPublishing = Self.now + pause }
    }
}
