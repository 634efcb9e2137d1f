import TestSupport
import Testing

@testable import Cache

@Suite struct RowSetTests {
    @Test func holdsWhatASetHolds() {
        var random = SeededRandom(seed: Seed.current)
        var rows = RowSet()
        var expected: Set<Int64> = []
        for _ in 0..<2000 {
            let row = Int64.random(in: 1...5000, using: &random)
            rows.insert(row)
            expected.insert(row)
        }
        #expect(rows.count == expected.count)
        #expect(rows.rows == expected.sorted())
        for row in Int64(0)...6000 { #expect(rows.contains(row) == expected.contains(row)) }
    }
}
