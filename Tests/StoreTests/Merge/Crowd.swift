import Git
import TestSupport
import Testing

@testable import Store

/// Laptops that change all sorts of things, meet by chance, and then only meet.
struct Crowd {
    /// What most of the changes are about.
    enum Subject: CaseIterable {
        case everything, track, outside
    }

    /// Who meets whom, when nobody changes anything any more.
    enum Meetings: CaseIterable {
        /// Each takes from the next, all at once.
        case ringAtOnce
        /// Each takes from the next, one after another.
        case ringInTurn
        /// One disk goes round, and each takes from it and leaves on it what came of that.
        case disk
        /// Each takes from both neighbours, and the first and the last have one only.
        case row
    }

    struct Laptop {
        var head: ObjectID
        /// No less than what it has seen.
        var clock: UInt64
    }

    private let versions: Versions
    private let subject: Subject
    private var random: SeededRandom
    private(set) var laptops: [Laptop]
    /// What somebody wrote, each unlike all else.
    private(set) var written: Set<String> = []
    /// What somebody took away who saw it.
    private(set) var takenAway: Set<String> = []

    init(_ versions: Versions, about subject: Subject, _ random: SeededRandom) throws {
        self.versions = versions
        self.subject = subject
        self.random = random
        var start = Changes(number: 0, clock: 1_000, random: self.random)
        var files: MadeTree = ["notes/0.txt": .text("0")]
        try start.addAll(to: &files)
        let head = try versions.commit(files, at: Self.time(1_000))
        let count = Int.random(in: 3...6, using: &self.random)
        laptops = Array(repeating: Laptop(head: head, clock: 1_000), count: count)
    }

    /// Many changes happen in one second.
    private static func time(_ clock: UInt64) -> Int64 { 1_800_000_000 + Int64(clock / 50) }

    mutating func live() throws {
        for step in 1...Int.random(in: 4...24, using: &random) {
            let number = Int.random(in: 0..<laptops.count, using: &random)
            let other = Int.random(in: 0..<laptops.count, using: &random)
            if Int.random(in: 0..<3, using: &random) > 0 {
                try change(number, step)
            } else if other != number {
                try meet(number, laptops[other])
            }
        }
    }

    private mutating func change(_ number: Int, _ step: Int) throws {
        let head = laptops[number].head
        let before = try versions.files(of: versions.repository.readCommit(head).tree)
        laptops[number].clock += UInt64.random(in: 1...40, using: &random)
        var changes = Changes(number: number, clock: laptops[number].clock, random: random)
        var files = before
        try changes.makeOne(step, about: subject, in: &files)
        random = changes.random
        written.formUnion(changes.written)
        takenAway.formUnion(changes.takenAway)
        takenAway.formUnion(Self.find(written, in: before).subtracting(Self.find(written, in: files)))
        if files == before { return }
        laptops[number].head = try versions.commit(
            files, parents: [head], at: Self.time(laptops[number].clock), message: "step \(step)\n")
    }

    /// Those words that some file has.
    private static func find(_ words: Set<String>, in files: MadeTree) -> Set<String> {
        let all = files.values.map { String(decoding: $0.bytes ?? [], as: UTF8.self) }.joined(separator: "\n")
        return words.filter { all.contains($0) }
    }

    // MARK: Meeting

    private mutating func meet(_ number: Int, _ other: Laptop) throws {
        laptops[number].head = try versions.stands(laptops[number].head, other.head)
        laptops[number].clock = max(laptops[number].clock, other.clock)
    }

    /// The rounds after which all are at one commit; nil where they still are not.
    mutating func settle(_ meetings: Meetings, within limit: Int = 24) throws -> Int? {
        var disk = laptops[0]
        for round in 0...limit {
            if laptops.allSatisfy({ $0.head == laptops[0].head }) { return round }
            let before = laptops
            for number in laptops.indices {
                let next = (number + 1) % laptops.count
                switch meetings {
                case .ringAtOnce: try meet(number, before[next])
                case .ringInTurn: try meet(number, laptops[next])
                case .disk:
                    try meet(number, disk)
                    disk = laptops[number]
                case .row:
                    if next > 0 { try meet(number, laptops[next]) }
                    if number > 0 { try meet(number, laptops[number - 1]) }
                }
            }
        }
        return nil
    }

    // MARK: What came of it

    func files() throws -> MadeTree { try versions.files(of: versions.repository.readCommit(laptops[0].head).tree) }

    /// What somebody wrote, nobody took away, and is nowhere.
    func lost() throws -> Set<String> {
        let expected = written.subtracting(takenAway)
        return try expected.subtracting(Self.find(expected, in: files()))
    }

    /// What each laptop has that another does not have like it, for whoever looks into a failure.
    func differences() throws -> String {
        let all = try laptops.map { try versions.files(of: versions.repository.readCommit($0.head).tree) }
        let paths = Set(all.flatMap(\.keys)).filter { path in !all.allSatisfy { $0[path] == all[0][path] } }
        return paths.sorted().map { path in
            let texts = all.map { files in
                files[path].map { String(decoding: $0.bytes ?? [], as: UTF8.self) } ?? "(nothing)"
            }
            return "\(path)\n" + Set(texts).sorted().joined(separator: "\n--\n")
        }.joined(separator: "\n\n")
    }
}

extension Versions {
    /// What a laptop at one version has, once it took in another.
    func stands(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID {
        let merge = VersionMerge(in: repository)
        switch (try merge.merge(one, other), try VersionMerge(in: repository).merge(other, one)) {
        case (.later(let version), .later(let mirrored)), (.same(let version), .same(let mirrored)):
            #expect(version == mirrored)
            return version.id
        case (.merged(let commit, let report), .merged(let mirrored, let other)):
            #expect(commit == mirrored && report == other, "each laptop makes the same")
            let id = merge.objects.make(commit)
            try write { writer in try merge.objects.write(id, to: writer) }
            return id
        case (let outcome, _): throw NoMerge(outcome: "\(outcome)")
        }
    }
}
