import Catalog
import Glibc

/// A point in time by a clock that nobody sets, and that goes on while the computer sleeps.
struct LFSMoment: Sendable, Hashable, Comparable {
    /// How long after the computer was started.
    let time: Duration

    static var now: LFSMoment {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return LFSMoment(time: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    init(time: Duration) { self.time = time }

    init(nanoseconds: Int64) { time = .nanoseconds(nanoseconds) }

    /// The same as a number.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = time.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    static func < (left: LFSMoment, right: LFSMoment) -> Bool { left.time < right.time }
    static func + (left: LFSMoment, right: Duration) -> LFSMoment { LFSMoment(time: left.time + right) }
    static func - (left: LFSMoment, right: LFSMoment) -> Duration { left.time - right.time }
}

/// When something that a server gave out may no longer be used.
struct LFSExpiry: Sendable, Hashable {
    /// From then on it is asked for again: a little before the server's own end, as a request takes its time.
    let end: LFSMoment

    /// Reads `expires_in`, or else `expires_at`, which is compared with the clock of whoever wrote it where that is known.
    /// Nil where it never ends; or where it has ended already, as by a clock that is wrong: then it is tried all the same.
    init?(_ values: JSON, date: Int64? = nil, now: LFSMoment = .now) {
        var life: Duration
        if let seconds = values["expires_in"]?.asInteger, seconds != 0 {
            life = .seconds(min(max(seconds, 0), Int64(Int32.max)))
        } else if let text = values["expires_at"]?.asString, let end = Timestamp(text) {
            let there = date.map { $0 * 1_000 } ?? Self.wall
            life = .milliseconds(min(max(end.milliseconds - there, 0), Int64(Int32.max) * 1_000))
        } else {
            return nil
        }
        guard life > .zero else { return nil }
        life -= min(.seconds(5), life / 4)
        end = now + life
    }

    /// Whether it is over.
    var isOver: Bool { LFSMoment.now >= end }

    private static var wall: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000
    }
}
