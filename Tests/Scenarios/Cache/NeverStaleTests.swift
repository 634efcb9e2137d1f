import Catalog
import Files
import TestSupport
import Testing

/// What this is all for: whatever is done by whom, in whichever process, and whatever becomes of the index meanwhile, each
/// read is what reading the records of a version gives, and that version is none from before the last write that was done.
@Suite struct NeverStaleTests {
    /// In `make trust` thousands of reads.
    private static let rounds = Scenarios.areLongOnesWanted ? 900 : 12

    @Test func eachReadIsRightAndNotOlderThanTheLastWrite() throws {
        try Bustle.with { bustle in
            for _ in 0..<Self.rounds { try bustle.round(harming: false) }
            #expect(bustle.reads > Self.rounds)
        }
    }

    /// The same while the index is deleted, damaged or replaced by an old one at any moment.
    @Test func soItIsWhateverBecomesOfTheIndex() throws {
        try Bustle.with { bustle in
            for _ in 0..<Self.rounds { try bustle.round(harming: true) }
            #expect(bustle.reads > Self.rounds)
        }
    }
}

/// A store at which several programs are at work, with another laptop and a remote.
///
/// A round is a few programs that are started at once. What the reads of a round say is compared with what a copy of the
/// store says that stands at the version that was read and has its cache turned off.
private final class Bustle {
    private let studio: Studio
    private let other: FilePath
    private let still: FilePath
    private var chance = SeededRandom()
    private var sounds: UInt64 = 0
    /// The version that there was when all writers of the last round were done.
    private var acknowledged: String
    private var ids: [String] = []
    private var posts: [String] = []
    private var oldIndex: [UInt8]?
    private(set) var reads = 0

    static func with(_ body: (Bustle) throws -> Void) throws {
        try Studio.withStore { studio in try body(Bustle(studio)) }
    }

    private init(_ studio: Studio) throws {
        self.studio = studio
        other = studio.root.appending("other")
        still = studio.root.appending("still")
        acknowledged = try studio.git("rev-parse", "main").done().line
        let remote = Word(studio.root.appending("remote.git"))
        for _ in 0..<3 { ids.append(try addedTrack()) }
        try studio.offbeat("user", "add", "ben").done()
        try studio.offbeat("workspace", "add", "band").done()
        try studio.offbeat("workspace", "member", "add", "band", "ben", "--role", "approver").done()
        try studio.offbeat("remote", "add", "origin", remote).done()
        try studio.offbeat("sync").done()
        try studio.offbeat("clone", remote, Word(other), "--user", "ben").done()
        // The copy finds the objects of all versions in the store itself.
        try studio.run(["cp", "-r", Word(studio.store), Word(still)]).done()
        try FileSystem.removeTree(still.appending("cache"))
        try FileSystem.makeDirectories(still.appending("objects/info"))
        try FileSystem.write("\(studio.store)/objects\n", to: still.appending("objects/info/alternates"))
        try studio.offbeat("--store", Word(still), "config", "set", "cache.enabled", "false").done()
    }

    private func addedTrack() throws -> String {
        sounds += 1
        return try studio.addedTrack(FilePath("\(sounds).wav"), seed: sounds, frames: 100)
    }

    // MARK: A round

    func round(harming: Bool) throws {
        var running: [(run: Studio.Running, isRead: Bool)] = []
        for _ in 0..<Int.random(in: 2...4, using: &chance) {
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<5: running.append((try start(read()), true))
            case 5..<9: running.append((try start(write(of: studio.store)), false))
            default: running.append((try start(write(of: other)), false))
            }
        }
        if harming {
            if Bool.random(using: &chance) {
                SystemClock.sleep(seconds: Double.random(in: 0...0.03, using: &chance))
            }
            try harm()
        }
        for (run, isRead) in running {
            let outcome = try run.outcome()
            if isRead {
                try check(outcome)
            } else {
                #expect([0, 1, 2, 3, 4, 5, 75].contains(outcome.status), "\(chance): \(outcome)")
                if outcome.status == 0 { try note(outcome.json()) }
            }
        }
        acknowledged = try head()
        // And once with nobody else at work.
        try check(studio.offbeat(words: read()))
    }

    private func start(_ words: [Word]) throws -> Studio.Running {
        try studio.start([Word(Scenarios.program())] + words)
    }

    private func note(_ document: JSON) {
        ids += document["added"]?.asArray?.compactMap { $0["id"]?.asString } ?? []
        if document["decisions"] != nil, let post = document["id"]?.asString, !posts.contains(post) {
            posts.append(post)
        }
    }

    // MARK: What is done

    private func pick(_ list: [String]) -> String { list.randomElement(using: &chance) ?? "0000" }

    private func read() -> [Word] {
        let user = pick(["ana", "ben"])
        let what: [[String]] = [
            ["ls"], ["ls", "--sort", "title", "--limit", "3"], ["ls", "night"],
            ["ls", "tag:live", "--sort", "added"],
            ["ls", "n", "-sun"], ["ls", "--owner", "ana"], ["status"], ["conflicts"], ["post", "ls"],
            ["post", "ls", "--waiting"], ["post", "ls", "-w", "band", "--limit", "2"],
        ]
        let words = what.randomElement(using: &chance) ?? ["ls"]
        return ["--json", "--user", Word(user)] + words.map { Word($0) }
    }

    private func write(of store: FilePath) throws -> [Word] {
        let title = pick(["Night", "night sun", "Sun", "Café", "x"])
        let words: [String]
        switch Int.random(in: 0..<14, using: &chance) {
        case 0, 1:
            sounds += 1
            words = [
                "add", "--no-analyze",
                try studio.sound(FilePath("\(sounds).wav"), seed: sounds, frames: 100).string,
            ]
        case 2: words = ["rm", pick(ids)]
        case 3, 4: words = ["undo"]
        case 5, 6: words = ["sync"]
        case 7: words = ["edit", pick(ids), pick(["+live", "-live", "+night"])]
        case 8: words = ["post", "new", "-w", "band", "--track", pick(ids), "--title", title, "--submit", "Text"]
        case 9: words = ["post", pick(["approve", "reject", "request-changes", "submit"]), pick(posts)]
        case 10: words = ["post", "edit", pick(posts), "text=\(title)"]
        case 11: words = ["workspace", "share", "band", pick(ids)]
        default: words = ["edit", pick(ids), "title=\(title)"]
        }
        return ["--json", "--store", Word(store), "--user", Word(pick(["ana", "ben"]))] + words.map { Word($0) }
    }

    /// One thing that may befall the index.
    private func harm() throws {
        let cache = studio.store.appending("cache")
        let index = cache.appending("index.db")
        let bytes = (try? FileSystem.readIfExists(index)) ?? nil
        switch Int.random(in: 0..<7, using: &chance) {
        // Who is at work may make it again meanwhile.
        case 0: try? FileSystem.removeTree(cache)
        case 1: try FileSystem.remove(index)
        case 2: if let bytes { try overwrite(index, Array(bytes.prefix(bytes.count / 2))) }
        case 3: if bytes != nil { try overwrite(index, chance.bytes(5000)) }
        case 4:
            if FileSystem.exists(cache.appending("index.db-wal")) {
                try overwrite(cache.appending("index.db-wal"), chance.bytes(9000))
            }
        case 5: oldIndex = bytes
        default:
            guard let oldIndex else { return }
            for suffix in ["-wal", "-shm"] { try FileSystem.remove(cache.appending(FilePath("index.db\(suffix)"))) }
            try overwrite(index, oldIndex)
        }
    }

    /// Puts another file there: what is open elsewhere stays what it was.
    private func overwrite(_ file: FilePath, _ bytes: [UInt8]) throws {
        let draft = studio.root.appending("draft")
        try FileSystem.write(bytes, to: draft)
        try FileSystem.makeDirectories(file.parent)
        try studio.run(["mv", "-f", Word(draft), Word(file)]).done()
    }

    // MARK: What must come of it

    private func check(_ outcome: Outcome) throws {
        reads += 1
        let (document, what) = (try outcome.json(), "\(chance): \(outcome)")
        // What is asked for may be undone meanwhile; then the records too must say that it is not there.
        #expect(outcome.status == 0 || outcome.status == 3, "\(what)")
        // Of what does not tell its version, any may be meant.
        for version in try document["version"]?.asString.map({ [$0] }) ?? lastVersions() {
            let isFresh = try isPart(acknowledged, of: version)
            if try isFresh && answer(to: outcome.words, at: version) == document.asRead { return }
        }
        Issue.record("no reading of the records since \(acknowledged) gives that; \(what)")
    }

    private func head() throws -> String { try studio.git("rev-parse", "main").done().line }

    private func lastVersions() throws -> [String] {
        try studio.git("rev-list", "-n", "40", "main").done().text.split(separator: "\n").map(String.init)
    }

    /// What the same words give by reading all records of a version.
    private func answer(to words: [Word], at version: String) throws -> JSON {
        try FileSystem.write("\(version)\n", to: still.appending("refs/heads/main"))
        return try studio.offbeat(words: ["--store", Word(still)] + words.dropFirst()).json().asRead
    }

    private func isPart(_ older: String, of version: String) throws -> Bool {
        try studio.git("merge-base", "--is-ancestor", "\(older)", "\(version)").status == 0
    }
}

extension JSON {
    /// Without what is no matter of the version: how the answer came about, where the store is, and which files are here.
    fileprivate var asRead: JSON {
        guard case .object(var members) = self else { return self }
        for name in ["cache", "store", "files", "remote"] { members[name] = nil }
        if let tracks = members["tracks"]?.asArray {
            members["tracks"] = .array(
                tracks.map { track in
                    guard case .object(var fields) = track else { return track }
                    fields["here"] = nil
                    return .object(fields)
                })
        }
        return .object(members)
    }
}
