import Dispatch
import Files

/// Wakes a thread that waits for something to do.
final class Bell: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// Has whoever waits go on, or whoever waits next.
    func ring() { semaphore.signal() }

    /// Waits for so many seconds at most, or until it rings.
    func wait(seconds: Double) {
        _ = semaphore.wait(timeout: .now() + max(0, min(seconds, 3600)))
        // However often it rang meanwhile, once is enough.
        while semaphore.wait(timeout: .now()) == .success {}
    }
}
