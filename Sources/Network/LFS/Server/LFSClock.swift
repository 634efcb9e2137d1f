import Catalog
import Glibc
import HTTP

/// A point in time by a clock that nobody sets, and that goes on while the computer sleeps.
struct LFSMoment: Sendable, Hashable, Comparable {
    /// How long after the computer was started.
    let time: Duration

    static var now: LFSMoment {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return LFSMoment(time: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
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
    init?(_ values: JSON, date: String? = nil, now: LFSMoment = .now) {
        var life: Duration
        if let seconds = values["expires_in"]?.asInteger, seconds != 0 {
            life = .seconds(min(max(seconds, 0), Int64(Int32.max)))
        } else if let text = values["expires_at"]?.asString, let end = Timestamp(text) {
            let there = date.flatMap(Self.time) ?? Self.wall
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

    /// Milliseconds since 1970 of a `Date` header, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func time(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")?.milliseconds
    }
}

extension HTTPResponse {
    /// How long the server wants to be left alone; nil where it does not say, or says nothing that makes sense.
    var retryAfter: Duration? {
        guard let text = headers["Retry-After"] else { return nil }
        if let seconds = Int64(text) { return seconds >= 0 ? .seconds(min(seconds, 1 << 31)) : nil }
        guard let moment = LFSExpiry.time(text) else { return nil }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(max(0, moment / 1_000 - Int64(time.tv_sec)))
    }
}
