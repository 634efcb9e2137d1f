import Catalog
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

private let somebody = Signature(name: "Ada", email: "ada@example.org", seconds: 1_800_000_000)

@Test func aStoreThatAnotherProgramWritesToIsLocked() throws {
    try withWorld { world in
        let lock = try FileLock.acquire(world.path.appending("offbeat.lock"), timeout: 0)
        let isHeld = lock != nil
        #expect(isHeld)
        let before = try world.store.version()
        let watch = Stopwatch()
        let error = try storeError(.locked) { try world.add("one") }
        #expect(watch.seconds >= 0.05)
        #expect(error.message.contains(world.path.string) && error.hint != nil)
        #expect(try world.store.snapshot().trackCount() == 0)
        _ = consume lock
        try world.add("one")
        #expect(try world.store.version() != before)
    }
}

@Test func aWaitingWriterGetsItsTurn() throws {
    try withWorld { world in
        let other = try world.reopen(patience: 20)
        let order = Mutex<[Int]>([])
        try Parallel.forEach(count: 2, workers: 2) { number in
            if number == 0 {
                try world.store.exclusively { _ in
                    order.withLock { $0.append(0) }
                    SystemClock.sleep(seconds: 0.1)
                    order.withLock { $0.append(1) }
                }
            } else {
                while order.withLock({ $0.isEmpty }) { SystemClock.sleep(seconds: 0.001) }
                try other.exclusively { _ in order.withLock { $0.append(2) } }
            }
        }
        #expect(order.withLock { $0 } == [0, 1, 2])
    }
}

@Test func nothingIsLostWhenManyWriteAtOnce() throws {
    try withWorld { world in
        let stores = try (0..<4).map { _ in try world.reopen(patience: 30) }
        try Parallel.forEach(count: 24, workers: 4) { number in
            try world.add("track \(number)", to: stores[number % 4])
        }
        #expect(try world.store.snapshot().trackCount() == 24)
        var versions = 0
        try world.store.forEachVersion(from: world.store.version()) { entry in
            #expect(entry.parents.count <= 1)
            versions += 1
            return true
        }
        #expect(versions == 25)
    }
}

@Test func whoComesSecondLosesTheRace() throws {
    try withWorld { world in
        let first = try world.store.version()
        try world.add("one")
        let second = try world.store.version()
        try world.store.exclusively { writer in
            let error = try storeError(.raceLost) {
                try writer.advance(from: first, to: second, because: "Again", by: somebody)
            }
            #expect(error.hint == "try again")
            #expect(throws: StoreError.self) {
                try writer.advance(from: nil, to: second, because: "Anew", by: somebody)
            }
        }
        #expect(try world.store.version() == second)
    }
}

@Test func plainGitThatMovesTheHeadMeanwhileWins() throws {
    try withWorld { world in
        var theirs: Version?
        try storeError(.raceLost) {
            try world.store.write(by: world.ana) { draft in
                theirs = try world.commitPlainly(["by-hand.txt": [1]])
                try draft.add("one")
                return "Add one"
            }
        }
        #expect(try world.store.version() == theirs)
        try world.add("one")
        #expect(try world.store.snapshot().trackCount() == 1)
    }
}

@Test func theHeadMovesToNothingThatIsNotThere() throws {
    try withWorld { world in
        let before = try world.store.version()
        let nothing = Version(try #require(ObjectID(hex: String(repeating: "1", count: 40))))
        try world.store.exclusively { writer in
            let error = #expect(throws: StoreError.self) {
                try writer.advance(from: before, to: nothing, because: "Nothing", by: somebody)
            }
            #expect(error?.message.contains("refs/heads/main") == true)
        }
        #expect(try world.store.version() == before)
    }
}

// MARK: Git's own locks

private func refLock(of world: World) -> FilePath { world.path.appending("refs/heads/main.lock") }

@Test func theRefLockOfADeadWriterIsCleared() throws {
    try withWorld { world in
        let intended = String(repeating: "a", count: 40)
        try FileSystem.write("\(intended)\n", to: world.path.appending("offbeat.lock"))
        try FileSystem.write("\(intended)\n", to: refLock(of: world))
        try world.add("one")
        #expect(!FileSystem.exists(refLock(of: world)))
        #expect(try world.store.snapshot().trackCount() == 1)
    }
}

@Test func aRefLockFromBeforeTheMachineStartedIsCleared() throws {
    try withWorld { world in
        try FileSystem.write("whatever\n", to: refLock(of: world))
        let store = try world.reopen(bootTime: SystemClock.wallMilliseconds() / 1000 + 60)
        try world.add("one", to: store)
        #expect(!FileSystem.exists(refLock(of: world)))
    }
}

@Test func theRefLockOfALivingGitStays() throws {
    try withWorld { world in
        let theirs = String(repeating: "b", count: 40)
        try FileSystem.write("\(String(repeating: "a", count: 40))\n", to: world.path.appending("offbeat.lock"))
        try FileSystem.write("\(theirs)\n", to: refLock(of: world))
        let before = try world.store.version()
        let error = try storeError(.locked) { try world.add("one") }
        #expect(error.message.contains("main.lock") && error.hint != nil)
        #expect(try FileSystem.read(refLock(of: world)) == Array("\(theirs)\n".utf8))
        #expect(try world.store.version() == before)
        try FileSystem.remove(refLock(of: world))
        try world.add("one")
    }
}

@Test func theConfigurationLockOfADeadWriterIsCleared() throws {
    try withWorld { world in
        let lock = world.path.appending("config.lock")
        try FileSystem.write("config\n", to: world.path.appending("offbeat.lock"))
        try FileSystem.write("half", to: lock)
        try world.store.set("user", to: "ana")
        #expect(!FileSystem.exists(lock))
        #expect(try world.store.setting("user") == "ana")
    }
}

@Test func theConfigurationLockOfALivingGitStays() throws {
    try withWorld { world in
        let lock = world.path.appending("config.lock")
        try FileSystem.write("half", to: lock)
        try storeError(.locked) { try world.store.set("user", to: "ana") }
        #expect(FileSystem.exists(lock))
        try world.add("one")
        #expect(FileSystem.exists(lock))
    }
}

@Test func aMoveThatFailedLeavesNoNoteThatSpeaksOfADeadWriter() throws {
    try withWorld { world in
        try FileSystem.write("\(String(repeating: "b", count: 40))\n", to: refLock(of: world))
        try storeError(.locked) { try world.add("one") }
        #expect(try FileLock.note(at: world.path.appending("offbeat.lock")).isEmpty)
    }
}

@Test func aMoveThatIsDoneLeavesNoNote() throws {
    try withWorld { world in
        try world.add("one")
        #expect(try FileLock.note(at: world.path.appending("offbeat.lock")).isEmpty)
    }
}

@Test func whatADeadWriterHalfWroteIsSwept() throws {
    try withWorld { world in
        let left = world.path.appending("lfs/tmp/offbeat-0123456789abcdef")
        try FileSystem.makeDirectories(left)
        try FileSystem.write("half", to: left.appending("0"))
        let living = try TemporaryDirectory(in: world.path.appending("lfs/tmp"))
        try world.add("one")
        #expect(!FileSystem.exists(left))
        #expect(FileSystem.exists(living.path))
    }
}

// MARK: Observers

@Test func anObserverHearsExactlyWhatAMoveChanged() throws {
    try withWorld { world in
        let heard = Mutex<[Move]>([])
        let observation = world.store.observe { move in heard.withLock { $0.append(move) } }
        let before = try world.store.version()
        let id = try world.add("one")[0]
        let added = try world.store.version()
        try world.rename(id, to: "two")
        withExtendedLifetime(observation) {}
        let moves = heard.withLock { $0 }
        #expect(moves.map(\.from) == [before, added])
        #expect(try moves.map(\.to) == [added, world.store.version()])
        #expect(moves.map { $0.changes.map(\.kind) } == [[.added], [.changed]])
        #expect(moves.allSatisfy { $0.changes.map(\.folder) == [.track(id)] })
        #expect(moves.last?.changes.first?.files == ["track.json"])
    }
}

@Test func anObserverThatWasReleasedHearsNoMore() throws {
    try withWorld { world in
        let heard = Mutex(0)
        var observation: Observation? = world.store.observe { _ in heard.withLock { $0 += 1 } }
        try world.add("one")
        #expect(observation != nil)
        observation = nil
        try world.add("two")
        #expect(heard.withLock { $0 } == 1)
    }
}

@Test func whoOnlyAsksWhetherItMovedHearsOfItOnce() throws {
    try withWorld { world in
        let store = world.store
        let heard = Mutex<[Version?]>([])
        var observation: Observation? = store.observeMoves {
            heard.withLock { $0.append(try? store.version()) }
        }
        try world.add("one")
        #expect(try heard.withLock { $0 } == [store.version()], "the head is there by then")
        try store.write(by: nil) { _ in "Nothing" }
        #expect(heard.withLock { $0.count } == 1 && observation != nil)
        observation = nil
        try world.add("two")
        #expect(heard.withLock { $0.count } == 1)
    }
}

@Test func anObserverMayWriteItself() throws {
    try withWorld { world in
        let store = world.store
        let heard = Mutex(0)
        let observation = store.observe { _ in
            let isFirst = heard.withLock { heard in
                heard += 1
                return heard == 1
            }
            if isFirst { _ = try? store.write(by: nil) { "Add \(try $0.add("another"))" } }
        }
        try world.add("one")
        withExtendedLifetime(observation) {}
        #expect(heard.withLock { $0 } == 2)
        #expect(try titles(in: store.snapshot()) == ["another", "one"])
    }
}

@Test func severalObserversAreCalledInTheirOrder() throws {
    try withWorld { world in
        let heard = Mutex<[Int]>([])
        let observations = (0..<3).map { number in
            world.store.observe { _ in heard.withLock { $0.append(number) } }
        }
        try world.add("one")
        withExtendedLifetime(observations) {}
        #expect(heard.withLock { $0 } == [0, 1, 2])
    }
}

@Test func nobodyIsCalledWhenNothingMoved() throws {
    try withWorld { world in
        let heard = Mutex(0)
        let observation = world.store.observe { _ in heard.withLock { $0 += 1 } }
        try world.store.write(by: world.ana) { _ in "Nothing" }
        withExtendedLifetime(observation) {}
        #expect(heard.withLock { $0 } == 0)
    }
}

@Test func anObserverOutlivesItsStoreUnharmed() throws {
    let observation = try withWorld { world in try world.reopen().observe { _ in } }
    withExtendedLifetime(observation) {}
}
