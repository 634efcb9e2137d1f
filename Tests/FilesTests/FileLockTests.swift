import Files
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

    @Test func `A place that cannot be locked is an error and not a wait`() throws {
        let error = #expect(throws: FileError.self) {
            _ = try FileLock.acquire("/no/such/place/lock", timeout: 10) != nil
        }
        #expect(error?.code == .notFound)
    }
}
