import Glibc

/// When a request has taken too long, by a clock that nobody sets and that goes on while the machine sleeps: what was
/// under way before is not alive after.
final class Watch {
    /// How often a transfer is looked at even where nothing happens.
    static let pace: Duration = .milliseconds(50)

    private let end: Duration?
    /// How many bytes had come and gone at the last look, and when that changed last; nil until the request is on its way.
    private var last: (bytes: Int64, moment: Duration)?
    private var asked: Duration?

    init(_ limit: Duration?) { end = limit.map { Self.now + $0 } }

    /// Whether the whole has taken too long.
    var isOver: Bool { end.map { Self.now >= $0 } ?? false }

    /// For how long the next look may wait.
    var wait: Int32 {
        let rest = end.map { max(.zero, $0 - Self.now) } ?? Self.pace
        // A fraction is rounded up: a wait of nothing would spin.
        return Int32(min(rest, Self.pace) / .milliseconds(1)) + 1
    }

    /// Begins anew with another connection.
    func restart() { last = nil }

    /// Notes how many bytes have come and gone, and tells whether that has been the same for so long.
    func isIdle(at bytes: Int64, for activity: Duration) -> Bool {
        let now = Self.now
        guard let last, last.bytes == bytes else {
            last = (bytes, now)
            return false
        }
        return now - last.moment >= activity
    }

    /// Whether it is time to ask again who might want an end: not at each of a thousand small pieces.
    func isTimeToAsk() -> Bool {
        let now = Self.now
        if let asked, now - asked < .milliseconds(20) { return false }
        asked = now
        return true
    }

    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
