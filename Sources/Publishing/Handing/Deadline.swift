import Glibc

/// A moment on the clock of this machine that nobody sets, and that goes on while the machine sleeps.
public struct Deadline: Sendable, Hashable {
    private let end: Duration

    /// The moment that is so far away.
    public init(in length: Duration) { end = Self.now + length }

    /// How long it is until then; zero when it is past.
    public var remaining: Duration { max(.zero, end - Self.now) }

    /// Whether it is past.
    public var hasPassed: Bool { remaining == .zero }

    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
