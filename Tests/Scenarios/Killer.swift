import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Kills `add` and `edit` at moments spread evenly over the time they take, and looks at what is left after each.
struct Killer {
    private enum Command: CaseIterable { case addFile, addFolder, edit }

    private let studio: Studio
    private let rounds: Int
    private var random = SeededRandom()
    private var seconds: [Command: Double] = [:]
    private var number = 0
    /// The track that is edited.
    private let track: String
    /// What the store must hold by now: titles by id, of all that was acknowledged or seen whole.
    private var expected: [String: JSON] = [:]
    private var killed = 0
    private var survived = 0

    init(_ studio: Studio, rounds: Int) throws {
        self.studio = studio
        self.rounds = rounds
        track = try studio.addedTrack("first.wav", seed: 0)
        for command in Command.allCases { seconds[command] = try duration(of: command) }
        expected = try studio.tracks()
    }

    /// The median of five runs.
    private mutating func duration(of command: Command) throws -> Double {
        var times: [Double] = []
        for _ in 0..<5 {
            let words = try self.words(of: command)
            let watch = Stopwatch()
            try studio.offbeat(words: words).done()
            times.append(watch.seconds)
        }
        return times.sorted()[2]
    }

    /// The next call of a command, with sounds that were never heard.
    private mutating func words(of command: Command) throws -> [Word] {
        number += 1
        switch command {
        case .addFile:
            return ["add", Word(try studio.sound(FilePath("\(number).wav"), seed: UInt64(number), frames: 20_000))]
        case .addFolder:
            for part in 0..<8 {
                let seed = UInt64(number * 100 + part)
                try studio.sound(FilePath("folder \(number)/\(number)-\(part).wav"), seed: seed)
            }
            return ["add", "folder \(number)"]
        case .edit: return ["edit", "\(track)", "title=\(number)", "artist=\(number)", "+tag \(number)"]
        }
    }

    mutating func run() throws {
        print("kill -9, \(rounds) rounds: \(random)")
        // Each command gets every part of its time once, in any order.
        let places = (0..<rounds).shuffled(using: &random)
        for (round, place) in places.enumerated() {
            let command = Command.allCases[place % Command.allCases.count]
            let share = (Double(place) + Double.random(in: 0..<1, using: &random)) / Double(rounds)
            try kill(command, after: share * 1.1 * (seconds[command] ?? 0.1))
            if round % 10 == 9 || round == rounds - 1 { try studio.expectSound() }
        }
        try studio.offbeat("user", "add", "ben").done()
        try studio.expectNoLeftovers()
        print("\(killed) killed, \(survived) were done before")
        #expect(killed > rounds / 3, "most must be killed before they are done; \(random)")
    }

    private mutating func kill(_ command: Command, after delay: Double) throws {
        let words = try words(of: command)
        let before = try studio.head()
        let running = try studio.start([Word(Scenarios.program())] + words)
        SystemClock.sleep(seconds: delay)
        running.child.kill()
        let outcome = try running.outcome()
        if outcome.status == 0 { survived += 1 } else { killed += 1 }
        #expect(outcome.status == 0 || outcome.status == 128 + SIGKILL, "\(outcome); \(random)")
        let wasDone = try check(command, before: before, isAcknowledged: outcome.status == 0)
        // Half of the time the same again, which goes on where it was cut off; else the next one finds the remains.
        guard outcome.status != 0, Bool.random(using: &random) else { return }
        try studio.offbeat(words: words).done()
        if wasDone {
            #expect(try studio.tracks() == expected, "done again, it must change nothing; \(random)")
        } else {
            try check(command, before: before, isAcknowledged: true)
        }
    }

    /// The command's change is there whole, or not at all; everything before it is there. Answers which.
    @discardableResult
    private mutating func check(_ command: Command, before: String, isAcknowledged: Bool) throws -> Bool {
        let isDone = try studio.head() != before
        #expect(isDone || !isAcknowledged, "an acknowledged change is gone; \(random)")
        let tracks = try studio.tracks()
        let added = tracks.filter { expected[$0.key] == nil }
        for (id, track) in expected where id != self.track {
            #expect(tracks[id] == track, "\(id) is not what it was; \(random)")
        }
        let titles = Set(added.values.compactMap { $0["title"]?.asString })
        switch (command, isDone) {
        case (.addFile, true): #expect(titles == ["\(number)"], "\(random)")
        case (.addFolder, true): #expect(titles == Set((0..<8).map { "\(number)-\($0)" }), "\(random)")
        case (.edit, true):
            let edited = tracks[track]
            #expect(
                edited?["title"]?.asString == "\(number)" && edited?["artist"]?.asString == "\(number)", "\(random)"
            )
            #expect(edited?["tags"]?.asArray?.contains(.string("tag \(number)")) == true, "\(random)")
            #expect(titles.isEmpty)
        case (_, false): #expect(tracks == expected, "half a change; \(random)")
        }
        expected = tracks
        return isDone
    }
}
