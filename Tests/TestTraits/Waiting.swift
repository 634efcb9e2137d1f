import Glibc
import Synchronization
public import Testing

/// Tests that wait for other programs most of the time run by threads of their own.
///
/// Those that compute are as many at once as there are processors; one that waits for a server among them would keep a
/// processor from all others.
public struct WaitingTrait: SuiteTrait, TestTrait, TestScoping {
    /// Each test of a suite has it.
    public var isRecursive: Bool { true }

    /// It is there for the tests, not for the suite around them.
    public func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { testCase == nil ? nil : self }

    /// Runs a test by one of the threads.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
    }
}

extension Trait where Self == WaitingTrait {
    /// For what waits for other programs most of the time.
    public static var waiting: Self { Self() }
}

/// A few threads that take the tests that wait, one after the other.
final class WaitingThreads: TaskExecutor {
    static let shared = WaitingThreads(count: 6)

    private struct State {
        var jobs: [UnownedJob] = []
        var begin = 0
    }

    private let state = Mutex(State())
    // Made once, never freed, and what it does is safe from any thread.
    nonisolated(unsafe) private let signal: UnsafeMutablePointer<sem_t>

    private init(count: Int) {
        signal = .allocate(capacity: 1)
        sem_init(signal, 0, 0)
        for _ in 0..<count {
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { data in
                    guard let data else { return nil }
                    Unmanaged<WaitingThreads>.fromOpaque(data).takeUnretainedValue().work()
                }, Unmanaged.passRetained(self).toOpaque())
            precondition(status == 0, "no thread for tests")
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        sem_post(signal)
    }

    private func work() -> Never {
        while true {
            while sem_wait(signal) != 0 {}
            let job = state.withLock { state -> UnownedJob in
                let job = state.jobs[state.begin]
                state.begin += 1
                if state.begin == state.jobs.count { state = State() }
                return job
            }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
