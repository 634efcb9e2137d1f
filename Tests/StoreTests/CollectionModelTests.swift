import Blobs
import Catalog
import Digest
import Files
import Git
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

/// Histories by chance, and what plain git says of them: what a collection sets aside nothing needs, and what nothing
/// needs it sets aside.
@Suite struct CollectionModelTests {
    @Test func aCollectionAgreesWithPlainGit() throws {
        for _ in 0..<count {
            var random = SeededRandom(seed: Seed.current)
            let seed = random.description
            try withWorld { world in
                var history = RandomHistory(world)
                try world.git("config", "core.logAllRefUpdates", "always")
                for _ in 0..<random.below(20) { try history.step(&random) }
                let model = try PlainNeeds(of: world, now: world.surroundings.now.withLock { $0 }, keepingDays: 30)
                try compare(model, world, seed)
            }
        }
    }

    private var count: Int { getenv("OFFBEAT_HISTORIES").flatMap { Int(String(cString: $0)) } ?? 8 }

    private func compare(_ model: PlainNeeds, _ world: World, _ seed: String) throws {
        let texts = RandomHistory.texts
        let before = Set(texts.filter { world.store.blobs.contains(audio(of: $0)) })
        let elsewhere = Set(texts.enumerated().filter { $0.offset % 3 == 0 }.map { audio(of: $0.element).oid })
        let outcome = try world.collect {
            $0.keepHistory = .days(30)
            $0.copies = { files in OtherCopies(held: Set(files.filter { elsewhere.contains($0.oid) })) }
        }
        for text in before {
            let oid = audio(of: text).oid
            let isPast = model.named.contains(oid) && !model.needed.contains(oid)
            let stays = model.needed.contains(oid) || isPast && !elsewhere.contains(oid)
            #expect(world.here(text) == [stays], "\(text) \(seed)")
            #expect(outcome.onlyHere.contains(oid) == (isPast && stays), "\(text) \(seed)")
        }
    }
}

/// What plain git says is needed: everything that a version names which no remote has, or which is young, or was the head
/// when that time began, or which a reference names now.
private struct PlainNeeds {
    private(set) var named: Set<ContentHash> = []
    private(set) var needed: Set<ContentHash> = []

    init(of world: World, now: UInt64, keepingDays days: Int64) throws {
        func lines(_ words: String...) throws -> [String] {
            let result = try run(
                command: "git", arguments: ["-C", world.path.string] + words,
                environment: hermeticEnvironment(home: world.folder))
            // A search that finds nothing ends with 1, and without a word.
            try #require(result.status == 0 || words[0] == "grep" && result.stderr.isEmpty, "\(result.stderr)")
            return result.stdout.split(separator: "\n").map(String.init)
        }
        func files(of version: String) throws -> Set<ContentHash> {
            let text = try lines("grep", "-h", "-E", "^oid sha256:", version).joined(separator: "\n")
            return Set(text.split(separator: "\n").compactMap { ContentHash(hex: String($0.suffix(64))) })
        }
        let tips = Set(try lines("for-each-ref", "--format=%(objectname)") + lines("rev-parse", "HEAD"))
        let confirmed = Set(try lines("rev-list", "--remotes"))
        let all = try lines("rev-list", "--all", "--reflog", "--parents", "--timestamp", "HEAD").map {
            $0.split(separator: " ").map(String.init)
        }
        let start = Int64(now) - days * 86_400_000
        let young = all.filter { Int64($0[0]).map { $0 * 1000 > start } ?? true }
        let kept = tips.union(young.flatMap { $0.dropFirst() })
        for version in all {
            let files = try files(of: version[1])
            named.formUnion(files)
            if kept.contains(version[1]) || !confirmed.contains(version[1]) { needed.formUnion(files) }
        }
    }
}

/// Steps by chance on a store, as people, plain git and remotes might make them.
private struct RandomHistory {
    /// What the files say.
    static let texts = (0..<12).map { "audio \($0)" }

    private let world: World

    init(_ world: World) { self.world = world }

    mutating func step(_ random: inout SeededRandom) throws {
        let text = Self.texts[random.below(Self.texts.count)]
        switch random.below(9) {
        case 0: try putFiles(text, in: world.store)
        case 1, 2: try put(text)
        case 3: try removeOne(random.below(100))
        case 4: world.surroundings.pass(milliseconds: Int64(random.below(40)) * 86_400_000)
        case 5: world.surroundings.pass(milliseconds: -Int64(random.below(10)) * 86_400_000)
        case 6: try world.confirm(world.store.version(named: "HEAD"))
        case 7: try world.git("update-ref", "refs/heads/side-\(random.below(2))", "HEAD")
        default: try goBack()
        }
    }

    private func put(_ text: String) throws {
        try putFiles(text, in: world.store)
        try world.store.write(by: world.ana) { draft in
            try draft.add(text, mayBeAbsent: false)
            return "Add"
        }
    }

    private func removeOne(_ number: Int) throws {
        var ids: [TrackID] = []
        try world.store.snapshot().forEachTrackID { ids.append($0) }
        if !ids.isEmpty { try world.removeTrack(ids[number % ids.count]) }
    }

    /// As a person with plain git might: what came after hangs by the reflog alone.
    private func goBack() throws {
        guard let parent = try? world.store.version(named: "HEAD~1"),
            (try? world.store.snapshot(of: parent).info()) != nil
        else { return }
        try world.git("update-ref", "refs/heads/main", parent.description)
    }
}

extension SeededRandom {
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }
}
