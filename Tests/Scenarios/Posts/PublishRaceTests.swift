import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Several laptops publish at the same instant: each post is handed over once, by one of them.
@Suite(.serialized) struct PublishRaceTests {
    /// In `make trust` as many as it is meant for: `OFFBEAT_ROUNDS`.
    private static let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 20

    /// Posts of a minute each, which all laptops hold.
    private static func schedule(_ band: Band) throws -> [Word] {
        let ids = try (0..<rounds).map { try band.approved("post \($0)", at: $0) }
        try band.syncAll(minute: -60)
        return ids
    }

    /// Starts the same at all of these at about the same moment, and answers what came of it.
    private static func atOnce(
        _ laptops: [String], of band: Band, minute: Int, chance: inout SeededRandom
    ) throws -> [Outcome] {
        let running = try laptops.shuffled(using: &chance).map { laptop in
            let run = try band.start(laptop, minute: minute, "publish", "--due")
            if Bool.random(using: &chance) {
                SystemClock.sleep(seconds: Double.random(in: 0...0.03, using: &chance))
            }
            return run
        }
        return try running.map { try $0.outcome() }
    }

    private static func expectOnce(
        _ outcomes: [Outcome], round: Int, of band: Band, _ chance: SeededRandom
    ) throws {
        let what: Comment = "\(chance), round \(round): \(outcomes)"
        #expect(outcomes.allSatisfy { $0.status == 0 }, what)
        let published = try outcomes.flatMap { try $0.told("published") }
        #expect(published.map { $0["text"] } == [.string("post \(round)")], what)
        for outcome in outcomes {
            #expect(try outcome.told("failed") + outcome.told("attention") == [], what)
            for lost in try outcome.told("lost") { #expect(lost["id"] == published.first?["id"], what) }
        }
        #expect(try band.texts() == (0...round).map { "post \($0)" }, what)
    }

    @Test(arguments: [2, 4]) func oneOfSeveralLaptopsHandsItOver(_ count: Int) throws {
        let others = (1..<count).map { "l\($0)" }
        try Band.with(others) { band in
            let ids = try Self.schedule(band)
            var (chance, lost) = (SeededRandom(), 0)
            for round in 0..<Self.rounds {
                let outcomes = try Self.atOnce(band.laptops, of: band, minute: round, chance: &chance)
                try Self.expectOnce(outcomes, round: round, of: band, chance)
                lost += try outcomes.count { try !$0.told("lost").isEmpty }
                // What is left of a round would make the next one another.
                try band.syncAll(minute: round)
                #expect(try band.claims() == [])
            }
            print("\(count) laptops, \(Self.rounds) rounds, \(chance): \(lost) times told that another was at it")
            #expect(Set(try band.received().compactMap { $0["key"]?.asString }).count == Self.rounds)
            try band.expectEnd("published", of: ids, minute: Self.rounds)
        }
    }

    @Test func oneOfSeveralProgramsOfOneLaptopHandsItOver() throws {
        try Band.with { band in
            let ids = try Self.schedule(band)
            var chance = SeededRandom()
            for round in 0..<Self.rounds {
                let outcomes = try Self.atOnce(["ana", "ana", "ana"], of: band, minute: round, chance: &chance)
                try Self.expectOnce(outcomes, round: round, of: band, chance)
            }
            try band.expectEnd("published", of: ids, minute: Self.rounds)
        }
    }

    /// One feed that both write, beside a program.
    @Test func aFeedTellsEachPostOnce() throws {
        try Band.with { band in
            let folder = band.studio.work.appending("www")
            try band.at(
                "ana", "workspace", "target", "band", "feed", "--base-url", "https://example.org", "--dir",
                Word(folder)
            ).done()
            try band.syncAll(minute: -60)
            try band.at("ben", "workspace", "target", "band", "feed", "--dir", Word(folder)).done()
            let ids = try Self.schedule(band)
            var chance = SeededRandom()
            for round in 0..<Self.rounds {
                let outcomes = try Self.atOnce(band.laptops, of: band, minute: round, chance: &chance)
                #expect(outcomes.allSatisfy { $0.status == 0 }, "\(chance): \(outcomes)")
                // Who lost one target may have gone on to the other.
                try band.syncAll(minute: round)
                #expect(try band.texts() == (0...round).map { "post \($0)" }, "\(chance)")
                let feed = try JSON.parse(FileSystem.read(folder.appending("feed.json")))
                let items = feed["items"]?.asArray?.compactMap { $0["id"]?.asString } ?? []
                #expect(Set(items) == Set(ids[...round].map(\.description)) && items.count == round + 1)
            }
            try band.expectEnd("published", of: ids, minute: Self.rounds)
        }
    }
}
