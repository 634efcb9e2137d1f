import Synchronization

/// Tells whoever asked for it what happens inside, and how long it takes: one line for each step that matters, and at
/// the end one for each thing that happened many times.
///
/// A plain value that is handed down. It knows no clock and no stream of its own, and where nobody asked it costs one
/// look at whether somebody did.
public struct Trace: Sendable {
    /// What can be asked for.
    public enum Topic: String, Sendable, CaseIterable {
        /// What is derived from versions.
        case cache
        /// Blobs, their journal, and flushes.
        case files
        /// Objects, packs and references.
        case git
        /// The lock, versions, and the door.
        case store
        /// Remotes.
        case sync
    }

    private let teller: Teller?
    private let listener: (@Sendable (String) -> Void)?

    /// Tells nothing.
    public static let off = Trace([], clock: { 0 }, tell: { _ in })

    /// Tells of these topics.
    ///
    /// - Parameters:
    ///   - topics: what was asked for.
    ///   - clock: nanoseconds since any moment, never running backwards.
    ///   - tell: takes a line, such as `git: wrote 3 objects, 1.2 ms`; from any thread.
    ///   - listener: takes what is announced, whatever the topics; nil where nobody wants to hear it.
    public init(
        _ topics: Set<Topic>, clock: @escaping @Sendable () -> UInt64, tell: @escaping @Sendable (String) -> Void,
        listener: (@Sendable (String) -> Void)? = nil
    ) {
        self.listener = listener
        teller = topics.isEmpty ? nil : Teller(topics, clock, tell)
    }

    /// Calls `body`, and tells how long it took, also where it fails.
    ///
    /// - Parameter what: what was done; asked for afterwards, so that it may say what came of it.
    public func measure<Result: ~Copyable, Failure: Error>(
        _ topic: Topic, _ what: @autoclosure () -> String, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let teller, teller.topics.contains(topic) else { return try body() }
        let start = teller.clock()
        defer { teller.tell("\(topic.rawValue): \(what()), \(Self.duration(teller.clock() - start))") }
        return try body()
    }

    /// Tells something that took no time.
    public func note(_ topic: Topic, _ what: @autoclosure () -> String) {
        guard let teller, teller.topics.contains(topic) else { return }
        teller.tell("\(topic.rawValue): \(what())")
    }

    /// Tells something to whoever asked for the topic, and to whoever just wants to hear more of what is done.
    public func announce(_ topic: Topic, _ what: @autoclosure () -> String) {
        note(topic, what())
        listener?(what())
    }

    /// Calls `body` and counts it among others that ``finish()`` tells of together.
    public func count<Result: ~Copyable, Failure: Error>(
        _ topic: Topic, _ what: StaticString, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let teller, teller.topics.contains(topic) else { return try body() }
        let start = teller.clock()
        defer { teller.add(topic, what, teller.clock() - start) }
        return try body()
    }

    /// Tells what was counted, and begins to count anew.
    public func finish() {
        for (what, times) in teller?.takeCounts() ?? [] {
            teller?.tell("\(what): \(times.count) in all, \(Self.duration(times.nanoseconds))")
        }
    }

    /// Milliseconds with one decimal.
    private static func duration(_ nanoseconds: UInt64) -> String {
        let tenths = (nanoseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

/// Whom a trace tells, and what it has counted for them.
private final class Teller: Sendable {
    struct Times {
        var count = 0
        var nanoseconds: UInt64 = 0
    }

    let topics: Set<Trace.Topic>
    let clock: @Sendable () -> UInt64
    let tell: @Sendable (String) -> Void
    private let counts = Mutex<[String: Times]>([:])

    init(
        _ topics: Set<Trace.Topic>, _ clock: @escaping @Sendable () -> UInt64,
        _ tell: @escaping @Sendable (String) -> Void
    ) {
        self.topics = topics
        self.clock = clock
        self.tell = tell
    }

    func add(_ topic: Trace.Topic, _ what: StaticString, _ nanoseconds: UInt64) {
        counts.withLock { counts in
            counts["\(topic.rawValue): \(what)", default: Times()].count += 1
            counts["\(topic.rawValue): \(what)", default: Times()].nanoseconds += nanoseconds
        }
    }

    func takeCounts() -> [(what: String, times: Times)] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }
}
