import Files
import Git
import TestSupport
import Testing

@testable import Store

/// Laptops that meet at the same time, each another, come to rest.
@Suite struct RingTests {
    /// Three laptops, each of which takes from the next, all at once, over and over.
    @Test(arguments: [3, 4]) func ringsSettle(_ count: Int) throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: count)
            for (number, world) in band.laptops.enumerated() { try world.add("song \(number)") }
            for round in 0..<12 {
                let heads = try band.heads()
                if Set(heads).count == 1 {
                    #expect(round <= 8)
                    #expect(try band.laptops[0].store.snapshot().trackCount() == count)
                    return
                }
                for one in 0..<count { try band.fetch(one, (one + 1) % count) }
                for one in 0..<count {
                    _ = try band.laptops[one].store.takeIn(heads[(one + 1) % count], because: "Sync")
                }
            }
            Issue.record("still merging after twelve rounds")
        }
    }

    /// Merges of the same two versions, and merges of those: whoever meets whom, they agree on one.
    @Test func ofAllThatHoldTheSameOneStands() throws {
        try withVersions { versions in
            let base = try versions.commit(["a": .text("a")])
            let sides = try ["one", "other"].map {
                try versions.commit(["a": .text("a"), "b": .text("b")], parents: [base], message: $0)
            }
            func merge(_ parents: [ObjectID], at seconds: Int64) throws -> ObjectID {
                try versions.commit(
                    ["a": .text("a"), "b": .text("b")], parents: parents.sorted(), at: seconds,
                    message: VersionMerge.message, by: "Offbeat", "offbeat@invalid")
            }
            let first = try (0..<4).map { try merge(sides, at: 1_800_000_000 + Int64($0)) }
            let all = try first + zip(first, first.dropFirst()).map { try merge([$0, $1], at: 1_800_000_010) }
            func stands(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID {
                switch try VersionMerge(in: versions.repository).merge(one, other) {
                case .later(let version), .same(let version): return version.id
                case .merged: throw Versions.NoMerge(outcome: "another merge")
                }
            }
            let best = try all.dropFirst().reduce(all[0]) { try stands($0, $1) }
            for one in all {
                #expect(try stands(best, one) == best)
                for other in all {
                    #expect(try stands(one, other) == stands(other, one))
                    // What leads to another never stands against it.
                    let (winner, loser) = try stands(one, other) == one ? (one, other) : (other, one)
                    #expect(try winner == loser || !versions.repository.isAncestor(winner, of: loser))
                }
            }
        }
    }

    @Test func twoThatMergeTheSameMakeTheSameCommit() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            try band.laptops[0].add("one")
            try band.laptops[1].add("two")
            band.laptops[1].surroundings.pass(milliseconds: 86_400_000)
            let heads = try band.heads()
            try band.fetch(0, 1)
            try band.fetch(1, 0)
            let merged = try [(0, 1), (1, 0)].map {
                try band.laptops[$0.0].store.takeIn(heads[$0.1], because: "Sync")
            }
            #expect(merged[0].to == merged[1].to && merged[0].isMerge && merged[1].isMerge)
        }
    }
}
