import Git
import TestSupport
import Testing

@testable import Store

/// Random histories of analyses on several laptops: those that met hold the same, down to the commit.
@Suite struct AnalysesHistoriesTests {
    /// Everybody takes from everybody, through one laptop.
    @Test(arguments: [false, true]) func laptopsThatMetAreAtOneCommit(_ hasEpochs: Bool) throws {
        try withVersions { versions in
            for _ in 0..<Histories.count(25) {
                let random = SeededRandom()
                var life = Life(versions, random)
                try life.live(hasEpochs: hasEpochs)
                let isSettled = try life.settleThroughOne()
                #expect(isSettled, "still merging; \(random)")
                try life.check("\(random)")
            }
        }
    }

    /// Each takes from the next, all at once, over and over.
    @Test(arguments: [false, true]) func ringsSettle(_ hasEpochs: Bool) throws {
        try withVersions { versions in
            for _ in 0..<Histories.count(15) {
                let random = SeededRandom()
                var life = Life(versions, random)
                try life.live(hasEpochs: hasEpochs)
                let isSettled = try life.settleInARing()
                #expect(isSettled, "still merging; \(random)")
                try life.check("\(random)")
            }
        }
    }
}

/// What laptops go through.
private struct Life {
    /// One laptop: its branch, and what it last saw of the others.
    struct Laptop {
        var head: ObjectID?
        var lastSeen: [Int: ObjectID] = [:]
    }

    private let versions: Versions
    private var random: SeededRandom
    private var laptops: [Laptop]
    private var time: Int64 = 1_800_000_000
    private var added: Set<String> = []
    private var removed: Set<String> = []
    private var epoch: Int64 = 0

    private static let files = ["a", "b", "c", "d", "e"]
    private static let analyzers = ["offbeat-1", "offbeat-2"]

    init(_ versions: Versions, _ random: SeededRandom) {
        self.versions = versions
        self.random = random
        laptops = Array(repeating: Laptop(), count: Int.random(in: 2...4, using: &self.random))
    }

    mutating func live(hasEpochs: Bool) throws {
        for step in 0..<Int.random(in: 6...30, using: &random) {
            let number = Int.random(in: 0..<laptops.count, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4:
                let other = Int.random(in: 0..<laptops.count, using: &random)
                if other != number, let head = laptops[other].head { try meet(number, other, at: head) }
            case 4, 5: try remove(number)
            case 6: try change(number) { $0["notes"] = .text("\(step)") }
            case 7 where hasEpochs: try beginAnew(number)
            default: try analyse(number, "\(step)")
            }
        }
    }

    // MARK: Steps

    private mutating func change(
        _ number: Int, isAnew: Bool = false, _ change: (inout MadeTree) throws -> Void
    ) throws {
        let head = laptops[number].head
        var files = try head.map { try versions.files(of: versions.repository.readCommit($0).tree) } ?? [:]
        try change(&files)
        // Clocks differ, but no version is older than what it was made from.
        let parent = try head.map { try versions.repository.readCommit($0).committer.seconds } ?? 0
        time = max(time + Int64.random(in: -2...2, using: &random), parent)
        laptops[number].head = try versions.commit(
            files, parents: isAnew ? [] : [head].compactMap(\.self), at: time, message: "laptop \(number)\n")
    }

    /// Computes something, again or for the first time: now and then with bytes that others got as well.
    private mutating func analyse(_ number: Int, _ step: String) throws {
        let file = Self.files.randomElement(using: &random) ?? ""
        let analyzer = Self.analyzers.randomElement(using: &random) ?? ""
        let words = Bool.random(using: &random) ? "\(file) \(analyzer)" : "\(file) \(analyzer) \(step)"
        added.insert("\(Analyses.place(of: file))/\(analyzer)")
        try change(number) { $0.merge(Analyses.of(file, words, by: analyzer)) { $1 } }
    }

    private mutating func remove(_ number: Int) throws {
        guard let head = laptops[number].head else { return }
        let files = try versions.files(of: versions.repository.readCommit(head).tree).keys.sorted()
        guard let path = files.filter({ $0.hasSuffix(".oba") }).randomElement(using: &random) else { return }
        let stem = String(path.dropLast(4))
        removed.insert(stem)
        try change(number) { for ending in [".oba", ".json"] { $0[stem + ending] = nil } }
    }

    /// Leaves the history behind, and some of the analyses.
    private mutating func beginAnew(_ number: Int) throws {
        epoch += Int64.random(in: 0...1, using: &random)
        let (next, isPruned) = (epoch, Bool.random(using: &random))
        var left: Set<String> = []
        try change(number, isAnew: true) { files in
            if isPruned {
                left = Set(files.keys.filter { $0.contains("offbeat-1") }.map { String($0.prefix { $0 != "." }) })
                files = files.filter { !$0.key.contains("offbeat-1") }
            }
            files.merge(Analyses.epoch(next)) { $1 }
        }
        removed.formUnion(left)
    }

    private mutating func meet(_ one: Int, _ other: Int, at head: ObjectID) throws {
        let seen = laptops[one].lastSeen[other]
        laptops[one].head = try laptops[one].head.map { try versions.meet($0, head, lastSeen: seen).id } ?? head
        laptops[one].lastSeen[other] = head
    }

    // MARK: Coming to rest

    private var areAtOne: Bool { laptops.allSatisfy { $0.head == laptops[0].head } }

    mutating func settleThroughOne() throws -> Bool {
        for _ in 0..<6 {
            for other in laptops.indices.dropFirst() {
                if let head = laptops[other].head { try meet(0, other, at: head) }
            }
            for other in laptops.indices.dropFirst() {
                if let head = laptops[0].head { try meet(other, 0, at: head) }
            }
            if areAtOne { return true }
        }
        return false
    }

    mutating func settleInARing() throws -> Bool {
        for _ in 0..<24 {
            if areAtOne { return true }
            let heads = laptops.map(\.head)
            for one in laptops.indices {
                let next = (one + 1) % laptops.count
                if let head = heads[next] { try meet(one, next, at: head) }
            }
        }
        return false
    }

    // MARK: Checking

    func check(_ seed: String) throws {
        guard let head = laptops[0].head else { return #expect(added.isEmpty, "\(seed)") }
        let files = try versions.files(of: versions.repository.readCommit(head).tree)
        Analyses.expectWholePairs(in: files, "\(seed)")
        let stems = Set(files.keys.filter { $0.hasSuffix(".oba") }.map { String($0.dropLast(4)) })
        #expect(stems.isSubset(of: added), "\(seed)")
        #expect(added.subtracting(removed).isSubset(of: stems), "what nobody took away is there; \(seed)")
        let expected = epoch > 0 ? Analyses.epoch(epoch)["epoch.json"] : files["epoch.json"]
        #expect(files["epoch.json"] == expected, "\(seed)")
    }
}
