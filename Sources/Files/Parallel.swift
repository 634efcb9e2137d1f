import Glibc
import Synchronization

/// Work that several threads share.
public enum Parallel {
    /// How many processors there are.
    public static var processors: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }

    /// Calls `body` once for each number from 0 up to `count`, on at most `workers` threads, this one among them.
    ///
    /// Returns when all are done. After an error no further number is begun, and the error that came first is thrown. The
    /// numbers are begun in order.
    public static func forEach<Failure>(
        count: Int, workers: Int, _ body: @Sendable (Int) throws(Failure) -> Void
    ) throws(Failure) {
        try withoutActuallyEscaping(body) { body throws(Failure) in
            let work = NumberedWork(count: count, body: body)
            let helpers = (1..<max(min(workers, count), 1)).compactMap { _ in startThread(for: work) }
            work.run()
            for helper in helpers { pthread_join(helper, nil) }
            if let failure = work.failure.withLock({ $0 }) { throw failure }
        }
    }

    /// Gives what `body` makes of each portion of some items, in the order of the items. Otherwise like `forEach`.
    public static func map<Item: Sendable, Result: Sendable, Failure>(
        _ items: [Item], inPortionsOf size: Int, workers: Int,
        _ body: @Sendable (ArraySlice<Item>) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        let count = (items.count + size - 1) / size
        let results = Mutex([Result?](repeating: nil, count: count))
        try forEach(count: count, workers: workers) { number throws(Failure) in
            let result = try body(items[number * size..<min((number + 1) * size, items.count)])
            results.withLock { $0[number] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    /// A thread that takes part; nil where the system gives none, then the others do it.
    private static func startThread(for work: SharedWork) -> pthread_t? {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(work)
        let status = pthread_create(&thread, nil, helperThread, box.toOpaque())
        if status == 0 { return thread }
        box.release()
        return nil
    }
}

/// Runs a share of the work; the reference in `argument` is this thread's own.
private func helperThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // Always given by `startThread`.
    Unmanaged<SharedWork>.fromOpaque(argument!).takeRetainedValue().run()
    return nil
}

/// What a thread can take part in without knowing more of it.
private class SharedWork: @unchecked Sendable {
    func run() {}
}

private final class NumberedWork<Failure: Error>: SharedWork, @unchecked Sendable {
    private let count: Int
    private let body: @Sendable (Int) throws(Failure) -> Void
    private let next = Atomic(0)
    let failure = Mutex<Failure?>(nil)

    init(count: Int, body: @escaping @Sendable (Int) throws(Failure) -> Void) {
        self.count = count
        self.body = body
    }

    override func run() {
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < count else { return }
            do throws(Failure) {
                try body(number)
            } catch {
                failure.withLock { $0 = $0 ?? error }
                next.store(count, ordering: .relaxed)
            }
        }
    }
}
