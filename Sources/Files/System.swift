import CLinux
import Glibc

/// Bytes that nobody can foresee, from the system.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        while initialized < count {
            let rest = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
            let got = uninterrupted { getrandom(rest.baseAddress, rest.count, 0) }
            // The call fails only for arguments that are never given here.
            precondition(got > 0, "the system gives no random bytes")
            initialized += got
        }
    }
}

/// Lets programs that somebody waits for go first: this thread, and those that it starts from now on, take what processor
/// time is left. On an idle computer nothing gets slower.
public func giveWay() {
    // Where the system does not let it, everything is right all the same. Zero means this thread.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
}

/// The clocks of the system.
public enum SystemClock {
    /// Nanoseconds since some moment; never goes back, whatever is done to the computer's clock.
    public static func monotonicNanoseconds() -> UInt64 {
        let time = now(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Milliseconds since 1970, as the computer's clock believes.
    public static func wallMilliseconds() -> Int64 {
        let time = now(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Lets this thread rest.
    public static func sleep(seconds: Double) {
        guard seconds > 0 else { return }
        let whole = min(seconds, 1e9).rounded(.down)
        var wanted = timespec(tv_sec: Int(whole), tv_nsec: Int((min(seconds, 1e9) - whole) * 1e9))
        var rest = timespec()
        while nanosleep(&wanted, &rest) == -1 && errno == EINTR { wanted = rest }
    }

    private static func now(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

/// Measures how long something takes.
public struct Stopwatch: Sendable {
    private let start = SystemClock.monotonicNanoseconds()

    /// Starts now.
    public init() {}

    /// Seconds since the start.
    public var seconds: Double { Double(SystemClock.monotonicNanoseconds() - start) / 1e9 }
}
