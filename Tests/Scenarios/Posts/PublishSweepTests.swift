import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// `publish --due` killed at one system call after the other: whoever goes on, nothing goes out twice, and what may be
/// out is never taken for not sent.
@Suite(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), .serialized)
struct PublishSweepTests {
    /// Who goes on after the kill.
    enum Survivor: String, CaseIterable {
        /// The same laptop, a minute later.
        case same
        /// Only the other one, once the claim must be over.
        case other
        /// The other one, and then the first comes back.
        case otherFirst
        /// The same laptop, which has lost what it remembers.
        case forgetful
    }

    /// At how many calls it is killed, for each who goes on: `OFFBEAT_POINTS`, else a few.
    private static let points = getenv("OFFBEAT_POINTS").flatMap { Int(String(cString: $0)) } ?? 10

    @Test(arguments: Survivor.allCases) func killedAtItsCalls(_ survivor: Survivor) throws {
        try Self.sweep(.kill, survivor)
    }

    /// One call fails: whatever it makes of that, the same laptop goes on.
    @Test(arguments: [Disturbance.io, .noSpace]) func brokenAtItsCalls(_ disturbance: Disturbance) throws {
        try Self.sweep(disturbance, .same)
    }

    private static func sweep(_ disturbance: Disturbance, _ survivor: Survivor) throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let trial = try PublishTrial(band, id)
            var random = SeededRandom()
            let (calls, count) = (trial.calls, min(points, trial.calls))
            let start = Double.random(in: 0..<1, using: &random)
            var tally: [String: Int] = [:]
            for point in 0..<count {
                let number = 1 + Int((Double(point) + start) * Double(calls) / Double(count))
                let what = try trial.disturb(number, with: disturbance, survivor)
                if let what { tally[what, default: 0] += 1 }
            }
            let told = tally.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            print("publish --due, \(disturbance), then \(survivor): \(count) of \(calls) calls, \(random): \(told)")
            #expect(tally.values.reduce(0, +) * 10 > count * 9, "hardly met")
        }
    }
}

/// One place at which a post is due, put back as often as wanted.
private struct PublishTrial {
    let band: Band
    let id: Word
    let calls: Int
    private let stage: Stage

    init(_ band: Band, _ id: Word) throws {
        self.band = band
        self.id = id
        stage = try Stage(band.studio)
        try stage.reset()
        let run = try Self.run(band)
        try run.outcome.done()
        #expect(try run.outcome.told("published").count == 1 && band.texts() == ["News"], "\(run.outcome)")
        calls = run.calls.map(\.number).max() ?? 0
    }

    private static func run(
        _ band: Band, disturbing number: Int? = nil, with disturbance: Disturbance = .kill
    ) throws -> (outcome: Outcome, calls: [DisturbedCall]) {
        let call = try [Word(Scenarios.program()), "--json", "--store", Word(band.tour.store("ana"))]
        return try band.studio.trace(
            call + ["publish", "--due"], disturbing: number, with: disturbance, adding: band.time(0))
    }

    /// Disturbs one call, and answers how it went; nil where it did not come to that call.
    func disturb(
        _ number: Int, with disturbance: Disturbance, _ survivor: PublishSweepTests.Survivor
    ) throws -> String? {
        try stage.reset()
        try band.forgetReceived()
        let run = try Self.run(band, disturbing: number, with: disturbance)
        guard let met = run.calls.first(where: \.isMet) else { return nil }
        let what = "\(disturbance) at \(number) (\(met.name) \(met.subject)), then \(survivor)"
        let before = try band.texts().count
        let last = try goOn(survivor, what)
        let sent = try band.texts().count
        #expect(sent <= 1, "handed over \(sent) times, \(what)")
        let state = try band.post(id, on: last, minute: 21)["state"]?.asString ?? ""
        #expect(["published", "needs-attention"].contains(state), "\(state), \(what)")
        if state == "published" { #expect(sent == 1, "said to be out and is not, \(what)") }
        if state == "needs-attention" {
            #expect(sent == before)
            try settle(wasSent: sent == 1, on: last)
        }
        #expect(try band.texts().count == 1, "\(what)")
        if survivor == .forgetful {
            // Nobody remembers the claim; whoever publishes next takes it away.
            try band.at("ana", minute: 23, "publish", band.approved("Other")).done()
        }
        try expectEnd(what)
        return "\(before == 1 ? "sent" : "not sent"), \(state)"
    }

    /// Lets others do what they do, and answers who knows best by then.
    private func goOn(_ survivor: PublishSweepTests.Survivor, _ what: String) throws -> String {
        func publish(_ laptop: String, _ minute: Int) throws {
            try band.publishDue(laptop, minute: minute).expectOneOf([0, 1])
        }
        switch survivor {
        case .same:
            try publish("ana", 1)
            try publish("ana", 2)
            return "ana"
        case .other:
            try publish("ben", 1)
            try publish("ben", 20)
            return "ben"
        case .otherFirst:
            try publish("ben", 20)
            try publish("ana", 21)
            try publish("ana", 21)
            return "ana"
        case .forgetful:
            for name in ["open", "closed"] {
                let folder = band.tour.store("ana").appending("publishing").appending(FilePath(name))
                if FileSystem.exists(folder) { try FileSystem.removeTree(folder) }
            }
            try publish("ana", 20)
            return "ana"
        }
    }

    private func settle(wasSent: Bool, on laptop: String) throws {
        let words: [Word] = wasSent ? ["--sent", "https://example.org/1"] : ["--not-sent"]
        let call: [Word] = ["--json", "--store", Word(band.tour.store(laptop)), "post", "settle", id]
        try band.studio.offbeat(words: call + words, adding: band.time(22)).done()
        if wasSent { return }
        try band.publishDue(laptop, minute: 23).done()
    }

    /// All agree, and nothing is left at the remote.
    private func expectEnd(_ what: String) throws {
        try band.syncAll(minute: 24)
        for laptop in band.laptops {
            #expect(try band.post(id, on: laptop, minute: 24)["state"] == "published", "\(laptop), \(what)")
            _ = try band.publishDue(laptop, minute: 25)
            try band.at(laptop, minute: 25, "fsck").done()
        }
        try band.at("ana", minute: 25, "fsck", "--remote").done()
        #expect(try band.texts().count { $0 == "News" } == 1, "\(what)")
        #expect(try band.claims() == [], "\(what)")
        for place in [band.tour.remote, band.tour.store("ana")] {
            let check = try band.studio.git("fsck", "--strict", "--full", "--no-dangling", in: place)
            #expect(check.status == 0 && check.text.isEmpty, "\(check), \(what)")
        }
    }
}
