import Blobs
import Digest
import Store
import Testing

@testable import Cache

/// What is given up first.
@Suite struct CleaningOrderTests {
    private static let day: Int64 = 86_400_000

    private func key(_ name: String, _ analyzer: String = "offbeat-1") throws -> AnalysisKey {
        AnalysisKey(ContentHash(of: Array(name.utf8)), by: try #require(Analyzer(analyzer)))
    }

    private func use(_ lastAccess: Int64, isHere: Bool = true, in blob: String? = nil) -> AnalysisUse {
        let oid = ContentHash(of: Array((blob ?? "\(lastAccess)").utf8))
        var use = AnalysisUse(Pointer(oid: oid, size: 10), rawSize: 20, at: lastAccess)
        use.isHere = isHere
        return use
    }

    private func rules(now: Int64, ttl: Int64 = 30 * day) -> CleaningRules {
        CleaningRules(now: now, ttl: ttl) { $0.isOwn && $0.version == "0" }
    }

    private func order(_ uses: [AnalysisKey: AnalysisUse], _ rules: CleaningRules) -> [String] {
        rules.order(uses).map { "\($0.cause.rawValue) \($0.lastAccess / Self.day)" }
    }

    @Test func ofNoUseThenExpiredThenTheLeastRecentlyUsed() throws {
        let uses = [
            try key("a"): use(100 * Self.day), try key("b"): use(60 * Self.day), try key("c"): use(80 * Self.day),
            try key("d"): use(70 * Self.day), try key("e", "offbeat-0"): use(99 * Self.day),
            try key("f", "essentia-0"): use(98 * Self.day), try key("g"): use(1, isHere: false),
        ]
        #expect(
            order(uses, rules(now: 100 * Self.day)) == [
                "version 99", "expired 60", "expired 70", "size 80", "size 98", "size 100",
            ])
    }

    /// What answers for several is given up when the last of them would be, and for all of them.
    @Test func aBlobThatAnswersForSeveralGoesWithTheLastOfThem() throws {
        let shared = try [key("a"), key("b"), key("c", "offbeat-0")].sorted()
        let uses = [
            try key("a"): use(60 * Self.day, in: "shared"),
            try key("b"): use(100 * Self.day, isHere: false, in: "shared"),
            try key("c", "offbeat-0"): use(1 * Self.day, in: "shared"), try key("d"): use(80 * Self.day),
        ]
        let order = rules(now: 100 * Self.day).order(uses)
        #expect(order.map(\.lastAccess) == [80 * Self.day, 100 * Self.day])
        #expect(order.map(\.cause) == [.size, .size])
        #expect(order.last?.keys == shared)
    }

    @Test func theEndOfTheTimeIsItsEnd() throws {
        let uses = [try key("a"): use(0)]
        #expect(order(uses, rules(now: 30 * Self.day - 1)) == ["size 0"])
        #expect(order(uses, rules(now: 30 * Self.day)) == ["expired 0"])
        #expect(order(uses, rules(now: 0, ttl: 0)) == ["expired 0"])
    }

    /// A clock that was in the future, or is in the past now, has nothing expire, and nothing kept before all else.
    @Test func aClockMayJump() throws {
        let uses = [try key("a"): use(1000 * Self.day), try key("b"): use(90 * Self.day), try key("c"): use(.max)]
        let order = rules(now: 100 * Self.day).order(uses)
        #expect(order.map(\.cause) == [.size, .size, .size])
        #expect(order.first?.lastAccess == 90 * Self.day)
        #expect(rules(now: .min).order(uses).allSatisfy { $0.cause == .size })
        #expect(rules(now: .max).order([try key("a"): use(.min)]).map(\.cause) == [.expired])
        #expect(rules(now: .max, ttl: .max).order([try key("a"): use(5)]).map(\.cause) == [.size])
    }
}
