import Files
import Synchronization
import TestSupport
import Testing

private struct Failure: Error { let number: Int }

@Suite struct ParallelTests {
    @Test(arguments: [0, 1, 2, 1000], [0, 1, 3, 16])
    func `Each number comes once`(count: Int, workers: Int) {
        let seen = Mutex([Int](repeating: 0, count: count))
        Parallel.forEach(count: count, workers: workers) { number in seen.withLock { $0[number] += 1 } }
        #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test func `After an error nothing more is begun, and the error is thrown`() throws {
        let begun = Atomic(0)
        let error = #expect(throws: Failure.self) {
            try Parallel.forEach(count: 100_000, workers: 2) { number in
                begun.wrappingAdd(1, ordering: .relaxed)
                if number == 10 { throw Failure(number: number) }
                // So that the other is not done with all of them while this one is kept from throwing.
                if number > 10 { SystemClock.sleep(seconds: 0.000_1) }
            }
        }
        #expect(error?.number == 10)
        #expect(begun.load(ordering: .relaxed) < 100_000)
    }

    @Test(arguments: [0, 1, 99, 100, 1001])
    func `What comes of portions has the order of the items`(count: Int) {
        let items = Array(0..<count)
        let portions = Parallel.map(items, inPortionsOf: 100, workers: 4) { $0.map { $0 * 2 } }
        #expect(portions.allSatisfy { (1...100).contains($0.count) })
        #expect(Array(portions.joined()) == items.map { $0 * 2 })
    }

    @Test func `A portion that fails ends the others`() {
        #expect(throws: Failure.self) {
            try Parallel.map(Array(0..<1000), inPortionsOf: 10, workers: 2) { items throws(Failure) in
                if items.contains(500) { throw Failure(number: 500) }
            }
        }
    }

    @Test func `Threads work at the same time`() {
        let watch = Stopwatch()
        let arrived = Atomic(0)
        Parallel.forEach(count: 4, workers: 4) { _ in
            arrived.wrappingAdd(1, ordering: .relaxed)
            while arrived.load(ordering: .relaxed) < 4, watch.seconds < 60 { SystemClock.sleep(seconds: 0.001) }
        }
        #expect(watch.seconds < 60, "none may wait until another is done")
        #expect(Parallel.processors >= 1)
    }
}

@Suite struct SystemTests {
    @Test func `Random bytes differ`() {
        #expect(randomBytes(16) != randomBytes(16))
        #expect(randomBytes(0) == [])
        #expect(randomBytes(1000).count == 1000)
    }

    @Test func `Clocks go on`() {
        let before = SystemClock.monotonicNanoseconds()
        SystemClock.sleep(seconds: 0.001)
        SystemClock.sleep(seconds: 0)
        #expect(SystemClock.monotonicNanoseconds() - before >= 1_000_000)
        #expect(SystemClock.wallMilliseconds() > 1_700_000_000_000)
    }
}
