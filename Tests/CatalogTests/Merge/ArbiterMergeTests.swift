import Testing

@testable import Catalog

/// What becomes of arbiters that were chosen apart: all who merge come to the same one, and nobody is asked.
@Suite struct ArbiterMergeTests {
    private let base = StoreRecord(id: Samples.id(StoreIDKind.self, 5), name: "S", created: Samples.stamp(1_000))

    private func chosen(_ digit: Int?, at tick: UInt64, over record: StoreRecord? = nil) throws -> StoreRecord {
        var record = record ?? base
        try record.set("arbiter", to: digit.map { .string(id($0).hex) }, at: Samples.stamp(tick))
        return record
    }

    private func id(_ digit: Int) -> ArbiterID { Samples.id(ArbiterIDKind.self, digit) }

    @Test func theSmallerStandsWhoeverMergesAndWhicheverCameFirst() throws {
        for (first, second) in [(2_000, 3_000), (3_000, 2_000), (2_000, 2_000)] as [(UInt64, UInt64)] {
            let (one, other) = try (chosen(1, at: first), chosen(2, at: second))
            for base in [base, nil] {
                let (here, there) = (one.merged(with: other, base: base), other.merged(with: one, base: base))
                #expect(here.record.arbiter == id(1) && here.record == there.record)
                #expect(here.record.conflicts.isEmpty && here.record.disputes.isEmpty)
            }
        }
    }

    @Test func whatOnlyOneSideChoseStands() throws {
        let one = try chosen(7, at: 2_000)
        for merged in [one.merged(with: base, base: base), base.merged(with: one, base: base)] {
            #expect(merged.record.arbiter == id(7))
        }
        // It moved on one side, to a greater id, and the other knows nothing of that.
        let moved = try chosen(9, at: 3_000, over: one)
        for merged in [moved.merged(with: one, base: one), one.merged(with: moved, base: one)] {
            #expect(merged.record.arbiter == id(9))
        }
    }

    @Test func ofThreeAllComeToTheSame() throws {
        let sides = try [(3, 2_000), (1, 2_500), (2, 3_000)].map { try chosen($0, at: UInt64($1)) }
        for first in 0..<3 {
            let (second, third) = ((first + 1) % 3, (first + 2) % 3)
            let two = sides[first].merged(with: sides[second], base: base).record
            let all = two.merged(with: sides[third], base: base).record
            #expect(all.arbiter == id(1))
            #expect(sides[third].merged(with: two, base: base).record == all)
        }
    }
}
