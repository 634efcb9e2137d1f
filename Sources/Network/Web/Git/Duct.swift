import Glibc

/// A buffer of a fixed size between one thread that puts bytes in and one that takes them out: whoever is faster waits.
///
/// Unchecked: what is in it is only touched under its lock.
final class Duct: @unchecked Sendable {
    private static let capacity = 1 << 17

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let ring = UnsafeMutableRawBufferPointer.allocate(byteCount: Duct.capacity, alignment: 16)
    private var first = 0
    private var count = 0
    private var hasBegun = false
    private var isClosed = false
    /// How it ended, once nothing more comes.
    private var ending: Result<Void, NetworkError>?
    private var isCertain = false

    init() {
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
        ring.deallocate()
    }

    private func locked<R>(_ body: () -> R) -> R {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }

    // MARK: Putting in

    /// Says that what is wanted comes, from now on.
    func begin() {
        locked {
            hasBegun = true
            pthread_cond_broadcast(change)
        }
    }

    /// Puts bytes in, and waits for room where there is none; false where nobody wants them any more.
    func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        return locked {
            while !rest.isEmpty {
                while count == Self.capacity, !isClosed { pthread_cond_wait(change, lock) }
                if isClosed { return false }
                let end = (first + count) % Self.capacity
                let part = min(rest.count, Self.capacity - count, Self.capacity - end)
                UnsafeMutableRawBufferPointer(rebasing: ring[end..<(end + part)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<part]))
                count += part
                rest = UnsafeRawBufferPointer(rebasing: rest[part...])
                pthread_cond_broadcast(change)
            }
            return !isClosed
        }
    }

    /// Says that nothing more comes.
    ///
    /// - Parameter isCertain: whether it is certain that nothing was done, where it failed.
    func end(_ ending: Result<Void, NetworkError>, isCertain: Bool = false) {
        locked {
            self.ending = ending
            self.isCertain = isCertain
            pthread_cond_broadcast(change)
        }
    }

    // MARK: Taking out

    enum Failures { case all, certain }

    /// Waits until what is wanted comes, or it is certain that it does not; any failure is thrown, or only one by which
    /// certainly nothing was done.
    func awaitBeginning(throwing whichever: Failures = .all) throws(NetworkError) {
        let failure = locked { () -> Result<Void, NetworkError>? in
            while !hasBegun, ending == nil { pthread_cond_wait(change, lock) }
            return hasBegun || whichever == .certain && !isCertain ? nil : ending
        }
        try failure?.get()
    }

    /// Takes what is there, and waits where there is nothing; 0 at the end.
    func take(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int {
        if buffer.isEmpty { return 0 }
        let (taken, failure) = locked { () -> (Int, Result<Void, NetworkError>?) in
            while count == 0, ending == nil, !isClosed { pthread_cond_wait(change, lock) }
            if count == 0 || isClosed { return (0, isClosed ? nil : ending) }
            let part = min(buffer.count, count, Self.capacity - first)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: ring[first..<(first + part)]))
            first = (first + part) % Self.capacity
            count -= part
            pthread_cond_broadcast(change)
            return (part, nil)
        }
        try failure?.get()
        return taken
    }

    /// Says that nobody wants anything any more.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(change)
        }
    }

    /// Whether nobody wants anything any more.
    var isOver: Bool { locked { isClosed } }
}
