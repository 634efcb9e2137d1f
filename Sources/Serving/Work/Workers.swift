/// Threads that take up work in its order: no more than so many, and no more work waits for them than so much.
///
/// Unchecked: what changes is only touched under the monitor.
final class Workers: @unchecked Sendable {
    private let limit: Int
    private let room: Int
    private let monitor = Monitor()
    /// What is taken up is nil until all before it is too.
    private var waiting: [(@Sendable () -> Void)?] = []
    private var first = 0
    private var threads = 0
    private var idle = 0
    private var running = 0
    private var isOver = false

    init(_ limit: Int, waiting room: Int) { (self.limit, self.room) = (max(1, limit), max(0, room)) }

    /// Has the work done; false where too much waits already.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        monitor.locked {
            let ahead = waiting.count - first
            guard !isOver, ahead < room + limit - running else { return false }
            if idle <= ahead, threads < limit {
                // The thread waits for the lock, and finds the work.
                guard Machine.startThread({ self.serve() }) || threads > 0 else { return false }
                threads += 1
            }
            waiting.append(work)
            if idle > 0 { monitor.wake() }
            return true
        }
    }

    private func serve() {
        while let work = next() {
            work()
            monitor.locked { running -= 1 }
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        monitor.locked {
            idle += 1
            defer { idle -= 1 }
            while first == waiting.count, !isOver { monitor.wait() }
            guard first < waiting.count, let work = waiting[first].take() else {
                threads -= 1
                monitor.changed()
                return nil
            }
            first += 1
            running += 1
            if first == waiting.count || first > 1024 {
                waiting.removeFirst(first)
                first = 0
            }
            return work
        }
    }

    /// Lets all threads end, and waits until they have, or that moment has come; whoever is in the middle of something then
    /// ends with it.
    func end(by moment: Double) {
        monitor.locked {
            isOver = true
            waiting.removeAll()
            first = 0
            monitor.changed()
            while threads > 0, monitor.wait(until: moment) {}
        }
    }
}
