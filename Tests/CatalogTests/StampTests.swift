import Catalog
import TestSupport
import Testing

/// Stamps, and the clock that gives them.
struct StampTests {
    private let replica = ReplicaID(truncating: 0x00a1_b2c3_d4e5)
    private let other = ReplicaID(truncating: 0xffff_ffff_ffff)
    private let day: UInt64 = 86_400_000

    @Test func readsAndWritesItsText() throws {
        let text = "019aa00000100001@00a1b2c3d4e5"
        let stamp = try #require(Stamp(text))
        #expect(stamp.description == text)
        #expect(stamp.milliseconds == 0x019a_a000_0010)
        #expect(stamp.counter == 1)
        #expect(stamp.replica == replica)
        #expect(stamp == Stamp(milliseconds: 0x019a_a000_0010, counter: 1, replica: replica))
        #expect(stamp.time.milliseconds == 0x019a_a000_0010)
    }

    @Test func refusesAllElse() {
        let text = "019aa00000100001@00a1b2c3d4e5"
        let bad = [
            "", String(text.dropLast()), text + "0", text.uppercased(), text.replacing("@", with: "#"),
            "x" + text.dropFirst(), text.dropLast() + "x", "019aa00000100001@00a1b2c3d4é",
        ]
        for text in bad { #expect(Stamp(text) == nil, "\(text)") }
        #expect(ReplicaID("00a1b2c3d4e5") == replica)
        #expect(ReplicaID("00A1b2c3d4e5") == nil)
        #expect(ReplicaID("00a1b2c3d4e") == nil)
    }

    @Test func ordersAsItsText() {
        var chance = SeededRandom()
        let stamps = (0..<200).map { _ in
            Stamp(
                milliseconds: .random(in: 0..<4, using: &chance), counter: .random(in: 0..<4, using: &chance),
                replica: ReplicaID.random(using: &chance))
        }
        #expect(stamps.sorted().map(\.description) == stamps.map(\.description).sorted(), "\(chance)")
    }

    @Test func followsTheWallClock() {
        var clock = HybridClock(replica: replica)
        let stamps = [1_000, 1_000, 999, 1_001].map { clock.tick(now: $0) }
        #expect(
            stamps == [
                Stamp(milliseconds: 1_000, replica: replica),
                Stamp(milliseconds: 1_000, counter: 1, replica: replica),
                Stamp(milliseconds: 1_000, counter: 2, replica: replica),
                Stamp(milliseconds: 1_001, replica: replica),
            ])
    }

    @Test func fullCounterMovesTheMilliseconds() {
        var clock = HybridClock(
            replica: replica, last: Stamp(milliseconds: 5, counter: .max, replica: replica))
        let stamp = clock.tick(now: 5)
        #expect(stamp == Stamp(milliseconds: 6, replica: replica))
    }

    @Test func exceedsWhatItReplaces() {
        var clock = HybridClock(replica: replica)
        let replaced = [
            Stamp(milliseconds: 3_000, counter: 7, replica: other), Stamp(milliseconds: 2_000, replica: replica),
        ]
        let stamp = clock.tick(now: 1_000, after: replaced)
        #expect(stamp == Stamp(milliseconds: 3_000, counter: 8, replica: replica))
        #expect(clock.last == stamp)
    }

    @Test func farFutureIsExceededButNotFollowed() {
        var clock = HybridClock(replica: replica)
        let far = Stamp(milliseconds: 10 * day, replica: other)
        let stamp = clock.tick(now: 1_000, after: [far])
        let next = clock.tick(now: 1_000)
        #expect(stamp > far)
        #expect(next.milliseconds == 1_000)
    }

    @Test func observesUpToADayAhead() {
        var clock = HybridClock(replica: replica)
        let isTaken = clock.observe(Stamp(milliseconds: 1_000 + day, replica: other), now: 1_000)
        #expect(isTaken)
        let stamp = clock.tick(now: 1_000)
        #expect(stamp.milliseconds == 1_000 + day)
        let isTakenBeyond = clock.observe(Stamp(milliseconds: 2_000 + day, replica: other), now: 1_000)
        #expect(!isTakenBeyond)
        #expect(clock.last.milliseconds == 1_000 + day)
    }

    @Test func endOfTimeDoesNotTrap() {
        let end = Stamp(clock: .max, replica: other)
        var clock = HybridClock(replica: replica, last: end)
        let stamp = clock.tick(now: .max, after: [end])
        #expect(stamp.clock == .max)
        #expect(end.time.description == "9999-12-31T23:59:59.999Z")
    }

    @Test func growsStrictlyWhateverTheWallClockDoes() {
        var chance = SeededRandom()
        var clock = HybridClock(replica: replica)
        var last = clock.last
        for _ in 0..<5_000 {
            let now = UInt64.random(in: 1_000_000...1_000_000 + 3 * day, using: &chance)
            if Bool.random(using: &chance) {
                clock.observe(
                    Stamp(milliseconds: .random(in: 0...10 * day, using: &chance), replica: other), now: now)
            }
            let stamp = clock.tick(now: now)
            #expect(stamp > last, "\(chance)")
            last = stamp
        }
    }
}
