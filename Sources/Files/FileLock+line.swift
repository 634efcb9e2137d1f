import CLinux
import Glibc
import Synchronization

extension FileLock {
    /// Takes the lock, or answers nil when somebody else still has it after `timeout` seconds. Who came first has it first,
    /// or nearly.
    ///
    /// A thread stands in the system's line, which nobody can leave at a given time. When the time is over it is left
    /// standing there, and lets go of what it gets.
    public static func acquireInTurn(_ path: FilePath, timeout: Double) throws(FileError) -> FileLock? {
        let watch = Stopwatch()
        if let lock = try acquireNow(path) { return lock }
        while true {
            let rest = timeout - watch.seconds
            guard rest > 0 else { return nil }
            let place = PlaceInLine(try FileDescriptor.open(path, .readWrite, create: .ifMissing))
            guard place.begin() else { return try acquire(path, timeout: rest) }
            guard let file = try place.wait(seconds: rest) else { return nil }
            if let lock = try FileLock(of: file, at: path) { return lock }
        }
    }
}

/// Somebody who waits for a lock, and the thread that does it for him; whoever is the last to look puts it away.
private final class PlaceInLine: @unchecked Sendable {
    private struct State: ~Copyable {
        /// Whether anybody still wants the lock.
        var isAwaited = true
        var outcome: Result<FileDescriptor, FileError>?
    }

    /// Of the thread alone, until it has come to its end.
    private var file: FileDescriptor?
    private let state = Mutex(State())
    private let signal = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ file: consuming FileDescriptor) {
        self.file = consume file
        sem_init(signal, 0, 0)
    }

    deinit {
        sem_destroy(signal)
        signal.deallocate()
    }

    /// Begins to wait; false where the system gives no thread.
    func begin() -> Bool {
        var thread = pthread_t()
        let mine = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { argument in
                // Always given below, and retained for this thread alone.
                Unmanaged<PlaceInLine>.fromOpaque(argument!).takeRetainedValue().stand()
                return nil
            }, mine.toOpaque())
        guard status == 0 else {
            mine.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func stand() {
        guard let file = file.take() else { return }
        var outcome: Result<FileDescriptor, FileError>?
        do throws(FileError) {
            try file.lock()
            outcome = .success(file)
        } catch { outcome = .failure(error) }
        state.withLock { state in
            if state.isAwaited { state.outcome = outcome.take() }
        }
        sem_post(signal)
    }

    /// The locked file, or nil when the time was over before.
    func wait(seconds: Double) throws(FileError) -> FileDescriptor? {
        let end = SystemClock.monotonicNanoseconds() + UInt64(max(0, seconds) * 1e9)
        var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        while sem_clockwait(signal, CLOCK_MONOTONIC, &time) == -1, errno == EINTR {}
        let outcome = state.withLock { state in
            state.isAwaited = false
            return state.outcome.take()
        }
        return try outcome?.get()
    }
}
