import Files
import Synchronization
import TestSupport
import Testing

@Suite struct FileLockTests {
    @Test func `One has it, another waits in vain, then gets it`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            func tryForNothing() throws {
                let watch = Stopwatch()
                let other = try FileLock.acquire(path, timeout: 0.05)
                let isFree = other != nil
                #expect(!isFree)
                #expect(watch.seconds >= 0.05)
            }
            do {
                let lock = try FileLock.acquire(path, timeout: 0)
                let isMine = lock != nil
                #expect(isMine)
                try tryForNothing()
                _ = lock
            }
            let again = try FileLock.acquire(path, timeout: 0) != nil
            #expect(again)
        }
    }

    @Test func `The holder leaves a note that others can read`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            try #expect(FileLock.note(at: path) == [])
            if let lock = try FileLock.acquire(path, timeout: 0) {
                try lock.setNote(Array("a long note".utf8))
                try lock.setNote(Array("mine".utf8))
                try #expect(lock.note() == Array("mine".utf8))
            }
            try #expect(FileLock.note(at: path) == Array("mine".utf8))
        }
    }

    @Test func `A lock dies with its process`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            let result = try run(
                command: "flock", arguments: [path.string, "sh", "-c", "kill -9 $$"])
            #expect(result.status != 0)
            let isFree = try FileLock.acquire(path, timeout: 1) != nil
            #expect(isFree)
        }
    }

    @Test func `Who waits in line has it as soon as it is free`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            var lock = try FileLock.acquire(path, timeout: 0)
            let order = Mutex<[Int]>([])
            let waiters = (0..<4).map { number in
                BackgroundWork {
                    let lock = try FileLock.acquireInTurn(path, timeout: 60)
                    let isHeldByOthers = try FileLock.acquire(path, timeout: 0) == nil
                    order.withLock { $0.append(lock != nil && isHeldByOthers ? number : -1) }
                }
            }
            SystemClock.sleep(seconds: 0.05)
            #expect(order.withLock { $0 } == [])
            lock = nil
            _ = lock
            for waiter in waiters { try waiter.wait() }
            #expect(order.withLock { $0 }.sorted() == [0, 1, 2, 3])
        }
    }

    @Test func `Who leaves the line takes nothing with him`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            do {
                let lock = try FileLock.acquire(path, timeout: 0)
                let watch = Stopwatch()
                let isMine = try FileLock.acquireInTurn(path, timeout: 0.05) != nil
                #expect(!isMine)
                #expect(watch.seconds >= 0.05 && watch.seconds < 10)
                _ = lock
            }
            // The thread that was left standing gets it first, and lets it go.
            let isFree = try FileLock.acquire(path, timeout: 10) != nil
            #expect(isFree)
        }
    }

    @Test func `Who waited for a lock whose file was replaced has the new one`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("lock")
            var old = try FileLock.acquire(path, timeout: 0)
            let waiter = BackgroundWork {
                let lock = try FileLock.acquireInTurn(path, timeout: 60)
                let isHeldByOthers = try FileLock.acquire(path, timeout: 0) == nil
                #expect(lock != nil && isHeldByOthers)
            }
            SystemClock.sleep(seconds: 0.05)
            try FileSystem.remove(path)
            old = nil
            _ = old
            try waiter.wait()
        }
    }

    @Test func `A place that cannot be locked is an error and not a wait`() throws {
        let error = #expect(throws: FileError.self) {
            _ = try FileLock.acquire("/no/such/place/lock", timeout: 10) != nil
        }
        #expect(error?.code == .notFound)
    }
}
