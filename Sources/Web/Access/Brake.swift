import Serving
import Files
import Synchronization

/// Slows down whoever tries wrong tokens. A right one is never refused for what others tried from the same address, so nobody
/// can be locked out; guessing is hopeless in any case, and is only kept from being a burden.
final class Brake: Sendable {
    private struct Count {
        var failures = 0
        var since: Int64
    }

    private let counts = Mutex<[String: Count]>([:])
    /// Only one wrong token waits at a time: those who serve others are not held up.
    private let gate = Mutex(())

    private static let allowed = 10
    private static let window: Int64 = 60_000
    private static let addresses = 1024
    private static let pause = 0.1

    /// Notes a wrong token from an address, and answers what to say to it.
    func fail(from address: String, at now: Int64) -> Refusal {
        let failures = counts.withLock { counts -> Int in
            if counts.count >= Self.addresses { counts = counts.filter { now - $0.value.since < Self.window } }
            if counts.count >= Self.addresses { counts = [:] }
            var count = counts[address] ?? Count(since: now)
            if now - count.since >= Self.window { count = Count(since: now) }
            count.failures += 1
            counts[address] = count
            return count.failures
        }
        guard failures <= Self.allowed else {
            return Refusal(
                429, "too many wrong tokens came from there", code: "not-allowed", headers: ["Retry-After": "60"])
        }
        _ = gate.withLockIfAvailable { _ in SystemClock.sleep(seconds: Self.pause) }
        return Refusal.unknown
    }
}
