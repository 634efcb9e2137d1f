import Catalog
import Files
import Glibc
import Synchronization
import TestSupport
import Testing

/// Many programs at once, in a library and as its guests: each does what it says or says why not, and nothing is lost.
@Suite(.serialized) struct GuestRaceTests {
    /// In `make trust` many more: `OFFBEAT_ROUNDS`.
    private static let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 4

    private static func start(_ studio: Studio, _ words: [Word], adding extra: [String: String] = [:]) throws
        -> Studio.Running
    {
        try studio.start([Word(Scenarios.program()), "--json"] + words, adding: extra)
    }

    private static func expectEnd(_ studio: Studio, _ chance: SeededRandom) throws {
        #expect(try studio.complaints() == "", "\(chance)")
        try studio.offbeat("fsck", "--deep").done()
        for id in try studio.listedGuests() {
            let guest = StudioGuest(studio: studio, id: id)
            #expect(try guest.complaints() == "", "\(chance)")
            try guest.offbeat("fsck", "--deep").done()
            try studio.offbeat("guest", "end", Word(id)).done()
        }
        #expect(try studio.scratchNames() == [], "\(chance)")
        try studio.offbeat("user", "add", "last").done()
        try studio.expectNoLeftovers()
    }

    /// Guests add files which lie in the library and which nothing there needs, while one collection follows the other.
    @Test func collectionsBesideGuests() throws {
        try Studio.withStore { studio in
            for key: Word in ["keepHistory", "keepQuarantine"] {
                try studio.offbeat("config", "set", key, "0").done()
            }
            let chance = SeededRandom()
            let left = Atomic(3)
            try Parallel.forEach(count: 4, workers: 4) { worker in
                guard worker < 3 else {
                    while left.load(ordering: .acquiring) > 0 { try studio.offbeat("gc").done() }
                    return
                }
                defer { left.subtract(1, ordering: .releasing) }
                var random = SeededRandom(seed: chance.seed &+ UInt64(worker))
                for round in 0..<Self.rounds {
                    try Self.work(studio, seed: UInt64(worker) << 20 | UInt64(round) << 8, &random)
                }
            }
            try Self.expectEnd(studio, chance)
        }
    }

    private static func work(_ studio: Studio, seed: UInt64, _ random: inout SeededRandom) throws {
        var guest: StudioGuest?
        if Bool.random(using: &random) { guest = try studio.startGuest() }
        let names = try (0..<3).map { number in
            let name = FilePath("\(seed)-\(number).wav")
            try studio.plant(FileSystem.read(studio.sound(name, seed: seed + UInt64(number) + 1)), in: "objects")
            return Word(name)
        }
        let own = try guest ?? studio.startGuest()
        for name in names {
            try own.offbeat("add", "--no-analyze", name).done()
            let check = try own.offbeat("fsck", "--deep")
            #expect(check.status == 0, "\(check); \(random)")
        }
        let tracks = try own.offbeat("ls").done().json()["tracks"]?.asArray ?? []
        for track in tracks.suffix(3) { try own.offbeat("cat", Word(track["id"]?.asString ?? "")).done() }
        if Bool.random(using: &random) {
            let kept = try studio.json("guest", "keep", Word(own.id)).done()
            #expect(try kept.json()["changes"] == 3)
            let titles = try studio.tracks().values.compactMap { $0["title"]?.asString }
            for number in 0..<3 { #expect(titles.contains("\(seed)-\(number)"), "\(random)") }
        } else {
            try studio.offbeat("guest", "end", Word(own.id)).done()
        }
    }

    /// Of several who keep or end one guest one wins; the others are told that it is gone, or that somebody is at it.
    @Test func keepingAndEndingAtOnce() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            var chance = SeededRandom()
            for round in 0..<Self.rounds * 3 {
                let guest = try studio.startGuest()
                try guest.offbeat(
                    "add", "--no-analyze", Word(studio.sound(FilePath("\(round).wav"), seed: UInt64(100 + round)))
                ).done()
                let before = try studio.head()
                let calls: [[Word]] = [
                    ["guest", "keep", Word(guest.id)],
                    ["guest", round.isMultiple(of: 2) ? "keep" : "end", Word(guest.id)],
                    ["edit", "song", "comment=\(round)"], ["guest", "ls"],
                ]
                let running = try calls.shuffled(using: &chance).map { try Self.start(studio, $0) }
                let outcomes = try running.map { try $0.outcome() }
                for outcome in outcomes { #expect([0, 3, 75].contains(outcome.status), "\(outcome); \(chance)") }
                let told = outcomes.filter { $0.words.contains { $0.description == guest.id } }
                let done = told.filter { $0.status == 0 }
                #expect(done.count >= 1, "\(told); \(chance)")
                let isKept = done.contains { $0.words.contains { $0.description == "keep" } }
                let titles = try studio.tracks().values.compactMap { $0["title"]?.asString }
                #expect(titles.contains("\(round)") == isKept, "\(told); \(chance)")
                let made = try studio.git("rev-list", "--count", "\(before)..main").done().line
                #expect(made == (isKept ? "2" : "1"), "both land, and nothing twice; \(outcomes); \(chance)")
                let song = try studio.tracks().values.first { $0["title"] == "song" }
                #expect(song?["comment"]?.asString == "\(round)")
                #expect(try studio.listedGuests() == [], "\(chance)")
                #expect(try studio.openConflicts() == 0)
            }
            try Self.expectEnd(studio, chance)
        }
    }

    @Test func manyStartAtOnce() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            let running = try (0..<20).map { number in
                try Self.start(
                    studio, number.isMultiple(of: 5) ? ["edit", "song", "comment=\(number)"] : ["guest", "start"])
            }
            for run in running { try run.outcome().done() }
            let guests = try studio.listedGuests()
            #expect(guests.count == 16)
            for id in guests {
                let guest = StudioGuest(studio: studio, id: id)
                #expect(try guest.offbeat("ls").done().json()["tracks"]?.asArray?.count == 1)
            }
            try Self.expectEnd(studio, SeededRandom())
        }
    }

    /// What is over goes once, whoever takes it away, and nobody finds that remarkable.
    @Test func sweepingAndEndingAtOnce() throws {
        try Studio.withStore { studio in
            let late = ["OFFBEAT_NOW": "2099-01-01T00:00:00Z"]
            for _ in 0..<Self.rounds {
                let guests = try (0..<6).map { _ in try studio.startGuest() }
                let living = try studio.startGuest("--ttl", "1000w", adding: late)
                let ends = guests.prefix(3).map { ["guest", "end", Word($0.id)] }
                let calls = [[Word]](repeating: ["ls"], count: 5) + ends + [["guest", "ls"]]
                let running = try calls.map { try Self.start(studio, $0, adding: late) }
                for run in running {
                    let outcome = try run.outcome()
                    let isEnd = outcome.words.contains { $0.description == "end" }
                    #expect(outcome.status == 0 || isEnd && outcome.status == 3, "\(outcome)")
                    #expect(outcome.complaint.isEmpty, "\(outcome)")
                }
                #expect(try studio.listedGuests(adding: late) == [living.id])
                try studio.offbeat("guest", "end", Word(living.id), adding: late).done()
            }
            #expect(try studio.scratchNames() == [])
        }
    }

    /// Whoever asks how guests do disturbs none of them.
    @Test func listingBesideGuestsAtWork() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            let guest = try studio.startGuest()
            for round in 0..<Self.rounds {
                let calls: [[Word]] =
                    (0..<3).map { _ in ["guest", "ls"] }
                    + (0..<3).map {
                        ["--store", Word(guest.path), "edit", "song", "comment=\(round) \($0)"]
                    }
                for run in try calls.map({ try Self.start(studio, $0) }) { try run.outcome().done() }
            }
            try studio.json("guest", "keep", Word(guest.id)).done()
            #expect(try studio.scratchNames() == [])
        }
    }

    /// A library that is synced all the time, while guests come, work and are kept.
    @Test func syncingBesideGuests() throws {
        try Tour.with { tour in
            let studio = tour.studio
            let left = Atomic(2)
            let random = SeededRandom()
            let song = try tour.song()
            try Parallel.forEach(count: 4, workers: 4) { worker in
                if worker > 1 {
                    var round = 0
                    while left.load(ordering: .acquiring) > 0 {
                        if worker == 2 {
                            try tour.at("ana", "sync").done()
                        } else {
                            round += 1
                            try tour.at("ben", "edit", song, "comment=\(round)").done()
                            try tour.at("ben", "sync").done()
                        }
                    }
                    return
                }
                defer { left.subtract(1, ordering: .releasing) }
                for round in 0..<Self.rounds {
                    let made = try tour.json("ana", "guest", "start").done().json()
                    let path = Word(made["path"]?.asString ?? "")
                    let sound = try studio.sound(
                        FilePath("\(worker)-\(round).wav"), seed: UInt64(worker * 1000 + round + 10))
                    try studio.offbeat("--store", path, "add", "--no-analyze", Word(sound)).done()
                    try studio.offbeat("--store", path, "edit", song, "artist=\(worker) \(round)").done()
                    try studio.offbeat("--store", path, "fsck").done()
                    // Two guests may name different artists.
                    try tour.at("ana", "guest", "keep", Word(made["guest"]?.asString ?? "")).expectOneOf([0, 5])
                }
            }
            for laptop in ["ana", "ben", "ana"] { try tour.at(laptop, "sync").done() }
            let titles = try tour.tracks("ben").compactMap { $0["title"]?.asString }
            #expect(
                Set(titles).count == 1 + 2 * Self.rounds && titles.count == 1 + 2 * Self.rounds,
                "\(titles) \(random)")
            try tour.expectTogether(["ana", "ben"])
        }
    }
}
