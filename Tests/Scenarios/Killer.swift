import Catalog
import Digest
import Files
import Glibc
import TestSupport
import Testing

/// Runs commands of all kinds, several at once, and kills them at any moment; looks at what is left after each round.
///
/// Each person works on tracks of their own, so that it is known what each command makes of them: after a kill they are
/// as before or as after, and after a `done` as after.
struct Killer {
    /// What people do.
    enum Command: CaseIterable { case addFile, addFolder, edit, replace, remove, restore, undo, export, care }

    /// What is known of a track.
    struct Known: Equatable {
        var title: String?
        var artist: String?
        var oid: String
    }

    /// A person's tracks, by id.
    typealias Tracks = [String: Known]

    /// One command at work, and what the person's tracks will be when it is done.
    private struct Attempt {
        let person: Int
        let command: Command
        let running: Studio.Running
        let words: [Word]
        /// The version that the store was at before.
        let version: String
        let after: Tracks
        let start = Stopwatch()
    }

    private let studio: Studio
    private let rounds: Int
    private var random = SeededRandom()
    /// How long a command takes, from what was not killed.
    private var seconds: [Command: Double] = [:]
    private var number = 0
    private var killed = 0
    private var survived = 0
    private var people: [Tracks] = [[:], [:], [:]]
    /// A person's tracks before their last edit, as long as nothing followed it.
    private var undoable: [Tracks?] = [nil, nil, nil]
    /// The tracks that a person has removed, with a version that had them.
    private var removed: [[String: (known: Known, version: String)]] = [[:], [:], [:]]

    private static let names: [Word] = ["ana", "ben", "cleo"]

    init(_ studio: Studio, rounds: Int) throws {
        self.studio = studio
        self.rounds = rounds
        for name in Self.names.dropFirst() { try studio.offbeat("user", "add", name).done() }
        // What one collection sets aside the next one may delete.
        try studio.offbeat("config", "set", "keepQuarantine", "0").done()
        for command in Command.allCases { seconds[command] = 0.15 }
    }

    mutating func run() throws {
        print("kill -9, \(rounds) rounds: \(random)")
        for round in 0..<rounds {
            try playRound()
            if round % 10 == 9 || round == rounds - 1 { try studio.expectSound() }
        }
        // A cut-off export is cleared away by the next to the same folder, all else by the next writer.
        for person in people.indices { try studio.offbeat("export", "out \(person)").done() }
        try studio.offbeat("user", "add", "last").done()
        try studio.expectNoLeftovers()
        print("\(killed) killed, \(survived) were done before")
        #expect(killed > rounds / 3, "most must be killed before they are done; \(random)")
    }

    /// One to three people do something at once, and most of them are killed.
    private mutating func playRound() throws {
        let active = Array(people.indices.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
        let attempts = try active.map { try start(of: $0) }
        let ends = attempts.map { attempt in
            let share = Double.random(in: 0..<1.2, using: &random)
            return Int.random(in: 0..<5, using: &random) == 0 ? 60 : share * (seconds[attempt.command] ?? 0.15)
        }
        for (attempt, end) in zip(attempts, ends).sorted(by: { $0.1 < $1.1 }) where end < 60 {
            SystemClock.sleep(seconds: end - attempt.start.seconds)
            attempt.running.child.kill()
        }
        var statuses: [Int32] = []
        for (attempt, end) in zip(attempts, ends) {
            let outcome = try attempt.running.outcome()
            if outcome.status == 128 + SIGKILL { killed += 1 } else { survived += 1 }
            if end == 60 { seconds[attempt.command] = attempt.start.seconds / Double(attempts.count) }
            let isExpected = [0, 128 + SIGKILL].contains(outcome.status) || outcome.isOfLeftLock
            #expect(isExpected, "\(outcome); \(random)")
            statuses.append(outcome.status)
        }
        try check(attempts, statuses)
    }

    private mutating func check(_ attempts: [Attempt], _ statuses: [Int32]) throws {
        let found = try studio.tracks().mapValues { track in
            Known(
                title: track["title"]?.asString, artist: track["artist"]?.asString,
                oid: track["audio"]?["oid"]?.asString ?? "")
        }
        for (attempt, status) in zip(attempts, statuses) {
            let before = people[attempt.person]
            let now = found.filter { before[$0.key] != nil || attempt.after[$0.key] != nil }
            let isDone = now == attempt.after
            let what = "\(attempt.words) → \(status): \(now) is neither \(before) nor \(attempt.after); \(random)"
            #expect(isDone || status != 0 && now == before, "\(what)")
            undoable[attempt.person] = isDone && attempt.command == .edit ? before : nil
            for (id, known) in people[attempt.person] where now[id] == nil {
                removed[attempt.person][id] = (known, attempt.version)
            }
            for id in now.keys { removed[attempt.person][id] = nil }
            people[attempt.person] = now
        }
        #expect(found.count == people.map(\.count).reduce(0, +), "something else is there or is gone; \(random)")
    }
}

// MARK: What people do

extension Killer {
    private mutating func start(of person: Int) throws -> Attempt {
        number += 1
        var after = people[person]
        let command = Command.allCases.filter { canDo($0, person) }.randomElement(using: &random) ?? .addFile
        let words = try words(of: command, by: person, making: &after)
        let call = [Word(try Scenarios.program()), "--user", Self.names[person]] + words
        let version = try studio.head()
        let running = try studio.start(call)
        return Attempt(
            person: person, command: command, running: running, words: words, version: version, after: after)
    }

    private func canDo(_ command: Command, _ person: Int) -> Bool {
        switch command {
        case .addFile, .addFolder, .export, .care: true
        case .edit, .replace, .remove: !people[person].isEmpty
        case .restore: !removed[person].isEmpty
        case .undo: undoable[person] != nil
        }
    }

    /// The words of a command, with sounds that were never heard; `after` becomes what it makes of the person's tracks.
    private mutating func words(of command: Command, by person: Int, making after: inout Tracks) throws -> [Word] {
        let track = after.keys.sorted().randomElement(using: &random) ?? ""
        switch command {
        case .addFile:
            try add("\(number)", FilePath("\(number).wav"), to: &after)
            return ["add", "\(number).wav"]
        case .addFolder:
            for part in 0..<8 {
                try add("\(number)-\(part)", FilePath("folder \(number)/\(number)-\(part).wav"), to: &after)
            }
            return ["add", "folder \(number)"]
        case .edit:
            after[track]?.title = "t\(number)"
            after[track]?.artist = "a\(number)"
            return ["edit", "\(track)", "title=t\(number)", "artist=a\(number)", "+tag \(number)"]
        case .replace:
            let sound = try studio.sound(FilePath("\(number).wav"), seed: UInt64(number) << 20)
            after[track]?.oid = ContentHash(of: try FileSystem.read(sound)).hex
            return ["replace", "\(track)", Word(sound)]
        case .remove:
            after[track] = nil
            return ["rm", "\(track)"]
        case .restore:
            guard let id = removed[person].keys.sorted().randomElement(using: &random),
                let (known, version) = removed[person][id]
            else { return ["status"] }
            after[id] = known
            return ["restore", "\(id)", "--at", "\(version)"]
        case .undo:
            after = undoable[person] ?? after
            return ["undo"]
        case .export: return ["export", "out \(person)"]
        case .care: return Self.care.randomElement(using: &random) ?? ["status"]
        }
    }

    /// What looks after the store and changes no track.
    private static let care: [[Word]] = [
        ["fsck"], ["fsck", "--repair"], ["gc"], ["gc"], ["config", "set", "user", "ana"],
    ]

    /// Makes a sound and what is expected of its track.
    private func add(_ title: String, _ name: FilePath, to after: inout Tracks) throws {
        let seed = ContentHash(of: Array("\(random.seed) \(name)".utf8)).bytes.prefix(8).reduce(0) {
            $0 << 8 | UInt64($1)
        }
        let oid = ContentHash(of: try FileSystem.read(studio.sound(name, seed: seed, frames: 5_000))).hex
        let id = ContentHash(of: Array("track\n\(oid)".utf8)).hex.prefix(32)
        after[String(id)] = Known(title: title, artist: nil, oid: oid)
    }
}
