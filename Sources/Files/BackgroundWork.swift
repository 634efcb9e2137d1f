import Glibc
import Synchronization

/// One piece of work on a thread of its own, for whoever has something else to do meanwhile.
///
/// Where the system gives no thread the work is done at once, by the one who asks for it. It is waited for at the
/// latest when the last reference goes.
public final class BackgroundWork: Sendable {
    private let outcome: Outcome
    private let thread: Mutex<pthread_t?>

    /// What the thread works on and where it leaves what came of it; it may outlive whoever began it by a moment.
    private final class Outcome: Sendable {
        let work: @Sendable () throws -> Void
        let failure = Mutex<(any Error)?>(nil)
        let isDone = Atomic(false)

        init(_ work: @escaping @Sendable () throws -> Void) { self.work = work }

        func run() {
            do { try work() } catch { failure.withLock { $0 = error } }
            isDone.store(true, ordering: .releasing)
        }
    }

    /// Begins the work.
    public init(_ work: @escaping @Sendable () throws -> Void) {
        let outcome = Outcome(work)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(outcome)
        let status = pthread_create(
            &thread, nil,
            { argument in
                // Always given below, and retained for this thread alone.
                Unmanaged<Outcome>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        self.outcome = outcome
        self.thread = Mutex(status == 0 ? thread : nil)
        if status != 0 { box.takeRetainedValue().run() }
    }

    deinit { join() }

    /// Whether it has come to its end.
    public var isDone: Bool { outcome.isDone.load(ordering: .acquiring) }

    /// Waits until it is done, and throws what it threw. May be called again.
    public func wait() throws {
        join()
        if let failure = outcome.failure.withLock({ $0 }) { throw failure }
    }

    private func join() {
        thread.withLock { thread in
            if let thread { pthread_join(thread, nil) }
            thread = nil
        }
    }
}
