import Digest
import TestSupport
import Testing

@testable import Catalog

/// Records as full as they may be are joined soon.
struct JoinCostTests {
    private func record(_ values: (Int) -> (String, JSON), _ numbers: StrideTo<Int>, in set: String?) throws
        -> Track
    {
        var fields = Samples.track().fields
        let values = JSONObject(sorted: numbers.map(values).map { JSONObject.Entry(key: $0.0, value: $0.1) })
        if let set {
            fields[set] = .object(values)
        } else {
            fields = JSONObject(
                sorted: (fields.entries + values.entries).sorted { UTF8Order.precedes($0.key, $1.key) })
        }
        return try Track(fields: fields)
    }

    private func name(_ number: Int) -> String { "x\(100_000 + number)" }

    @Test(.timeLimit(.minutes(1))) func manyElementsOfASet() throws {
        func tag(_ number: Int) -> (String, JSON) { (name(number), ["at": Samples.stamp(2_000).json]) }
        let base = Samples.track()
        let one = try record(tag, stride(from: 0, to: 100_000, by: 2), in: "tags")
        let other = try record(tag, stride(from: 1, to: 100_000, by: 2), in: "tags")
        var join = RecordJoin(one, other, base: base)
        #expect(join.fields["tags"]?.asObject?.count == 100_000)
        // As large as what two full records make, and what it takes is alike.
        join = RecordJoin(other, one, base: base)
        #expect(join.fields["tags"]?.asObject?.count == 100_000)
    }

    @Test(.timeLimit(.minutes(1))) func manyFieldsThatNobodyKnows() throws {
        let base = try record({ (name($0), 0) }, stride(from: 0, to: 20_000, by: 1), in: nil)
        let one = try record({ (name($0), 1) }, stride(from: 0, to: 20_000, by: 1), in: nil)
        let other = try record({ (name($0), 2) }, stride(from: 0, to: 20_000, by: 1), in: nil)
        let merged = one.merged(with: other, base: base)
        #expect(merged.isTooLarge && merged.record == other.merged(with: one, base: base).record)
    }

    /// Conflicts all of which are settled by what stands now.
    @Test(.timeLimit(.minutes(1))) func manyConflictsThatAreSettled() throws {
        func conflict(_ number: Int) -> (String, JSON) {
            let key = Conflict.Key(field: "title", stamp: Samples.stamp(UInt64(number)), value: "Song")
            return (key.description, ["at": .string(key.stamp.description), "value": "Song"])
        }
        let base = try record(conflict, stride(from: 0, to: 8_000, by: 1), in: "conflicts")
        var (one, other) = (base, base)
        try one.set("title", to: "Song", at: Samples.stamp(900_000))
        try other.set("year", to: 1999, at: Samples.stamp(900_000))
        #expect(one.merged(with: other, base: base).record.conflicts.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aTextOfAMillionLines() {
        let base = String(repeating: "\n", count: 1_000_000)
        #expect(LineMerge.merge("a" + base, base + "b", base: base) == "a" + base + "b")
        let one = String(repeating: "a\n", count: 500_000)
        #expect(LineMerge.merge(one, String(repeating: "b\n", count: 500_000), base: base) == nil)
    }

    /// Lines that differ at their ends alone, so that each comparison reads all of both.
    @Test(.timeLimit(.minutes(1))) func longLinesThatAreAlike() {
        func text(_ ends: String) -> String {
            (0..<1_000).map { "\(String(repeating: "x", count: 1_000))\($0)\(ends)" }.joined(separator: "\n")
        }
        #expect(LineMerge.merge(text("a"), text("b"), base: text("c")) == nil)
    }
}
