import Files
import Guests
import Offbeat
import Serving
import Synchronization

/// Tells browsers of every move of the head, whoever made it: this process, a command, a sync.
///
/// All is told by one thread, in one order, with numbers that increase, also from one start of the server to the next.
final class EventHub: Sendable {
    /// Whose library something happens in; nil for the served one.
    typealias Home = GuestID?

    private let library: Library
    private let door: Door
    private let log: (@Sendable (String) -> Void)?
    /// Nil where the system watches no more folders; then the library is looked at all the time.
    private let watch: FolderWatch?
    private let state = Mutex(State())
    private let steps = Mutex<@Sendable (LibraryStep, Library) -> Void>({ _, _ in })

    private struct State {
        var news: [News] = []
        var isStopped = false
        var thread: BackgroundWork?
        var listeners = 0
    }

    /// What other threads hand to the one that tells.
    private enum News {
        case happened(Happening, Home)
        case joined(Feed.Listener, Home, since: UInt64?)
        case came(Library, GuestID)
        case left(GuestID)
    }

    init(of library: Library, _ door: Door, log: (@Sendable (String) -> Void)?) {
        (self.library, self.door, self.log) = (library, door, log)
        // A reference moves by itself, or with many others.
        watch = try? FolderWatch(library.path.appending("refs/heads"))
        also(library.path)
    }

    private func also(_ folder: FilePath) {
        switch watch {
        case .some(let watch): try? watch.add(folder)
        case .none: break
        }
    }

    /// Begins to watch the head, and calls back at each move, also of guests' own libraries.
    func begin(_ onStep: @escaping @Sendable (LibraryStep, Library) -> Void) {
        steps.withLock { $0 = onStep }
        let thread = BackgroundWork { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    /// Ends all streams, and watches no more.
    func stop() {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.thread.take()
        }
        wake()
        try? thread?.wait()
        steps.withLock { $0 = { _, _ in } }
    }

    /// Whether anybody listens.
    var hasListeners: Bool { state.withLock { $0.listeners > 0 } }

    // MARK: What others hand over

    /// A stream that tells somebody of everything from now on, and first of what came after the event of an id.
    func listen(_ visitor: Visitor, since last: UInt64?) -> EventStream {
        let stream = EventStream()
        let listener = Feed.Listener(stream: stream, handle: visitor.handle, pass: visitor.pass)
        if !hand(.joined(listener, visitor.library.guest?.id, since: last)) { stream.end() }
        return stream
    }

    /// Tells of something that happened in the served library, or a guest's.
    func tell(_ happening: Happening, in library: Library) { hand(.happened(happening, library.guest?.id)) }

    /// Tells that something about guests is other than it was.
    func tellOfGuests() { tell(.guests, in: library) }

    /// Begins to tell of a guest's library.
    func add(_ library: Library, of guest: GuestID) {
        also(library.path.appending("refs/heads"))
        hand(.came(library, guest))
    }

    /// Ends the streams of a guest, and lets go of its library.
    func remove(_ guest: GuestID) { hand(.left(guest)) }

    @discardableResult private func hand(_ news: News) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isStopped { state.news.append(news) }
            return !state.isStopped
        }
        if isTaken { wake() }
        return isTaken
    }

    private func wake() {
        switch watch {
        case .some(let watch): watch.wake()
        case .none: break
        }
    }

    // MARK: The thread

    private static let heartbeat = 15.0
    /// Revoked tokens are noticed as often.
    private static let pause = 0.25

    private func run() {
        var feeds: [Home: Feed] = [:]
        var id = UInt64(clamping: SystemClock.wallMilliseconds()) * 1000
        feeds[nil] = try? Feed(of: library, after: id)
        var beat = Stopwatch()
        while !state.withLock({ $0.isStopped }) {
            wait()
            letGo(&feeds)
            look(&feeds, &id)
            for news in state.withLock({ state in
                defer { state.news = [] }
                return state.news
            }) {
                take(news, &feeds, &id)
            }
            state.withLock { $0.listeners = feeds.values.reduce(0) { $0 + $1.listeners.count } }
            if beat.seconds >= Self.heartbeat {
                beat = Stopwatch()
                for feed in feeds.values {
                    for listener in feed.listeners { listener.stream.send(Array(":\n\n".utf8)) }
                }
            }
        }
        for feed in feeds.values { for listener in feed.listeners { listener.stream.end() } }
        for case .joined(let listener, _, _) in state.withLock({ $0.news }) { listener.stream.end() }
    }

    private func wait() {
        switch watch {
        case .some(let watch): _ = try? watch.wait(seconds: Self.pause)
        case .none: SystemClock.sleep(seconds: 0.02)
        }
    }

    /// Ends the streams of those who would not be let in any more.
    private func letGo(_ feeds: inout [Home: Feed]) {
        var known: [Pass: Bool] = [:]
        for home in feeds.keys {
            feeds[home]?.listeners.removeAll { listener in
                guard listener.stream.isOpen else { return true }
                guard let pass = listener.pass else { return false }
                let isIn = known[pass] ?? door.stillAdmits(pass)
                known[pass] = isIn
                if !isIn { listener.stream.end() }
                return !isIn
            }
        }
    }

    private func look(_ feeds: inout [Home: Feed], _ id: inout UInt64) {
        for home in feeds.keys {
            guard let step = feeds[home]?.look(), let library = feeds[home]?.library else { continue }
            id += 1
            feeds[home]?.tell(.moved(step), as: id)
            if home == nil, let log { for line in library.invalidations(by: step) { log(line) } }
            steps.withLock { $0 }(step, library)
        }
    }

    private func take(_ news: News, _ feeds: inout [Home: Feed], _ id: inout UInt64) {
        switch news {
        case .happened(let happening, let home):
            id += 1
            feeds[home]?.tell(happening, as: id)
        case .joined(let listener, let home, let last):
            if feeds[home] == nil { listener.stream.end() }
            feeds[home]?.join(listener, since: last, now: id)
        case .came(let library, let guest): feeds[guest] = try? Feed(of: library, after: id)
        case .left(let guest):
            for listener in feeds.removeValue(forKey: guest)?.listeners ?? [] { listener.stream.end() }
        }
    }
}
