import Files
import Git
import TestSupport
import Testing

private let branch = "refs/heads/main"

private func withLock(_ content: String, _ body: (Fixture, FilePath) throws -> Void) throws {
    try withFixture { fixture throws in
        let lock = fixture.repository.lockPath(of: branch)
        try FileSystem.write(content, to: lock)
        try body(fixture, lock)
    }
}

private var now: Int64 { SystemClock.wallMilliseconds() / 1000 }

@Test func aLockFromBeforeTheMachineStartedIsDead() throws {
    try withLock("anything") { fixture, lock throws in
        #expect(try fixture.repository.clearDeadLock(of: branch, intended: nil, bootTime: now + 60))
        #expect(!FileSystem.exists(lock))
    }
}

@Test func aLockThatNothingIsKnownOfStays() throws {
    try withLock("") { fixture, lock throws in
        #expect(try !fixture.repository.clearDeadLock(of: branch, intended: nil, bootTime: now - 60))
        #expect(try !fixture.repository.clearDeadLock(of: branch, intended: nil, bootTime: nil))
        #expect(FileSystem.exists(lock))
    }
}

@Test func aLockWithWhatTheDeadWriterIntendedIsDead() throws {
    let intended = try id(of: "a")
    try withLock("\(intended)\n") { fixture, lock throws in
        #expect(try !fixture.repository.clearDeadLock(of: branch, intended: id(of: "b"), bootTime: now - 60))
        #expect(FileSystem.exists(lock))
        #expect(try fixture.repository.clearDeadLock(of: branch, intended: intended, bootTime: now - 60))
        #expect(!FileSystem.exists(lock))
    }
}

@Test func aLockThatStaysEmptyIsDeadWhenAWriterIsKnownToBe() throws {
    try withLock("") { fixture, lock throws in
        #expect(try fixture.repository.clearDeadLock(of: branch, intended: id(of: "a"), bootTime: nil))
        #expect(!FileSystem.exists(lock))
    }
}

@Test func anEmptyLockThatIsFilledByItsOwnerStays() throws {
    try withLock("") { fixture, lock throws in
        let repository = fixture.repository
        let intended = try id(of: "a")
        let other = try id(of: "b")
        try Parallel.forEach(count: 2, workers: 2) { number throws in
            if number == 0 {
                #expect(try !repository.clearDeadLock(of: branch, intended: intended, bootTime: nil))
            } else {
                SystemClock.sleep(seconds: 0.1)
                try FileSystem.write("\(other)\n", to: lock)
            }
        }
        #expect(FileSystem.exists(lock))
    }
}

@Test func withoutALockTheWayIsFree() throws {
    try withFixture { fixture throws in
        #expect(try fixture.repository.clearDeadLock(of: branch, intended: nil, bootTime: nil))
        #expect(throws: GitError.self) {
            try fixture.repository.clearDeadLock(of: "../../etc/passwd", intended: nil, bootTime: .max)
        }
    }
}

@Test func aLockThatIsNoFileStays() throws {
    try withFixture { fixture throws in
        try FileSystem.makeDirectory(fixture.repository.lockPath(of: branch))
        #expect(try !fixture.repository.clearDeadLock(of: branch, intended: id(of: "a"), bootTime: .max))
    }
}
