import Catalog
import Digest
import Files
import Glibc
import TestSupport
import Testing

/// Two laptops work and sync through a path that is cut anywhere, and are killed at any moment; at the end all that they did
/// is everywhere.
struct CutGame {
    private let tour: FarTour
    private let path: BrokenPath
    private var random = SeededRandom()
    /// How many versions there must be that are no merges.
    private var versions: Int
    /// What each of a laptop's tracks is called, by the audio's hash.
    private var titles: [String: [String: String]] = ["ana": [:], "ben": [:]]
    private var number = 0
    private var tally: [String: Int] = [:]

    private static let laptops = ["ana", "ben"]
    /// Who is not done after so long is killed: some have to wait for what is cut again and again.
    private static let patience = 4.0

    init(_ tour: FarTour, through path: BrokenPath) throws {
        (self.tour, self.path) = (tour, path)
        try tour.begin()
        versions = try tour.versions()
    }

    mutating func play(_ rounds: Int) throws {
        print("cuts and kills, \(rounds) rounds: \(random)")
        for round in 1...rounds {
            try play(round: round)
            if round.isMultiple(of: 50) { print("cuts and kills, round \(round): \(told)") }
        }
        path.mend()
        for laptop in Self.laptops + Self.laptops { try tour.at(laptop, "sync").done() }
        try tour.expectTogether(Self.laptops)
        #expect(try tour.versions() == versions, "versions are lost, or there are too many; \(random)")
        let all = titles.values.reduce(into: [String: String]()) { $0.merge($1) { $1 } }
        for laptop in Self.laptops {
            let found = try tour.tracks(laptop)
            for (oid, title) in all where found[oid] != title {
                Issue.record("\(laptop) has \(found[oid] ?? "nothing") for \(title); \(random)")
            }
        }
        print("cuts and kills, \(rounds) rounds are over: \(told)")
    }

    /// What came of the syncs so far.
    private var told: String {
        tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private mutating func play(round: Int) throws {
        let active = Self.laptops.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
        for laptop in active { for _ in 0..<Int.random(in: 0...2, using: &random) { try work(laptop) } }
        breakPath()
        let running = try active.map { laptop in
            let end: Double? = Bool.random(using: &random) ? nil : Double.random(in: 0..<0.8, using: &random)
            return (running: try tour.start(laptop, "sync"), start: Stopwatch(), end: end)
        }
        for sync in running.sorted(by: { $0.end ?? 60 < $1.end ?? 60 }) {
            while !sync.running.child.hasEnded, sync.start.seconds < sync.end ?? Self.patience {
                SystemClock.sleep(seconds: 0.002)
            }
            if sync.start.seconds >= sync.end ?? Self.patience { sync.running.child.kill() }
        }
        for sync in running {
            let outcome = try sync.running.outcome()
            let ending = ["0": "done", "75": "offline", "137": "killed"]["\(outcome.status)"]
            if ending == nil { Issue.record("round \(round): \(outcome); \(random)") }
            tally[ending ?? "other", default: 0] += 1
        }
        tally["cut", default: 0] += path.met
        for laptop in Self.laptops {
            let check = try tour.at(laptop, "fsck")
            let isSound = check.status == 0 || check.isOfLeftLock
            #expect(isSound, "round \(round), \(laptop): \(check); \(random)")
        }
    }

    /// Adds a sound of one kilobyte to two megabytes, or calls one by another name.
    private mutating func work(_ laptop: String) throws {
        number += 1
        let own = (titles[laptop] ?? [:]).keys.sorted()
        if let oid = own.randomElement(using: &random), Int.random(in: 0..<3, using: &random) == 0 {
            let title = "\(laptop) again \(number)"
            let id = ContentHash(of: Array("track\n\(oid)".utf8)).hex.prefix(32)
            try tour.at(laptop, "edit", Word(String(id)), "title=\(Word(title))").done()
            titles[laptop]?[oid] = title
        } else {
            let title = "\(laptop) \(number)"
            let frames = Int(exp(Double.random(in: log(500)...log(1_000_000), using: &random)))
            let sound = try tour.studio.sound(
                FilePath("\(title).wav"), seed: random.next(), frames: frames)
            let oid = ContentHash(of: try FileSystem.read(sound)).hex
            try tour.at(laptop, "add", "--no-analyze", Word(sound)).done()
            try FileSystem.remove(sound)
            titles[laptop]?[oid] = title
        }
        versions += 1
    }

    /// Some connections are cut, in either direction, after no bytes or many; some only crawl, so that kills meet them.
    private mutating func breakPath() {
        let (seed, share) = (random.next(), Double.random(in: 0...1, using: &random))
        path.breaks { number in
            var random = SeededRandom(seed: seed &+ UInt64(number))
            guard Double.random(in: 0..<1, using: &random) < share else {
                return Int.random(in: 0..<3, using: &random) == 0 ? .slow(1_000_000) : nil
            }
            let after = Int(exp(Double.random(in: 0...log(2_000_000), using: &random))) - 1
            return .cut(
                Bool.random(using: &random) ? .there : .back, after: after, byReset: Bool.random(using: &random))
        }
    }
}

extension FarTour {
    /// How many versions the remote has that are no merges.
    fileprivate func versions() throws -> Int {
        let count = try studio.git("rev-list", "--count", "--no-merges", "main", in: remote).done().line
        return Int(count) ?? 0
    }

    /// The titles of a laptop's tracks by their audio.
    fileprivate func tracks(_ laptop: String) throws -> [String: String] {
        let list = try json(laptop, "ls").done().json()["tracks"]?.asArray ?? []
        return Dictionary(
            list.compactMap { track in
                guard let oid = track["audio"]?["oid"]?.asString, let title = track["title"]?.asString else {
                    return nil
                }
                return (oid, title)
            }
        ) { $1 }
    }
}
