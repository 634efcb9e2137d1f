import Glibc

/// A lock, and a way to wait until what it guards has changed.
///
/// Unchecked: the system's own calls are made for use by several threads.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        // By the clock that nobody sets.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Calls `body` while no other thread does.
    func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Wakes one that waits.
    func wake() { pthread_cond_signal(condition) }

    /// Says that something has changed, to all that wait.
    func changed() { pthread_cond_broadcast(condition) }

    /// Waits for a change, without the lock meanwhile.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits for a change until that moment, without the lock meanwhile; false where it has passed.
    func wait(until moment: Double) -> Bool {
        var end = timespec(tv_sec: Int(moment), tv_nsec: Int((moment - moment.rounded(.down)) * 1e9))
        return pthread_cond_timedwait(condition, mutex, &end) == 0
    }
}

/// Time, and threads.
enum Machine {
    /// Seconds by the clock that nobody sets.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Starts a thread that no signal interrupts; false where the system has none to give.
    static func startThread(_ work: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        var status: Int32 = -1
        withoutSignals {
            status = pthread_create(
                &thread, nil,
                { argument in
                    // Always given below, and retained for this thread alone.
                    Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
                    return nil
                }, box.toOpaque())
        }
        if status == 0 { pthread_detach(thread) } else { box.release() }
        return status == 0
    }

    /// Calls `body` so that threads which it starts leave signals to others.
    static func withoutSignals(_ body: () -> Void) {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        body()
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
