import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Stores whose bytes chance has changed: each command answers or tells what is wrong, and none crashes or hangs.
@Suite(.serialized) struct FuzzTests {
    private let rounds = getenv("OFFBEAT_FUZZ").flatMap { Int(String(cString: $0)) } ?? 6

    /// What is asked, and tried, of a damaged store.
    private static let commands: [[Word]] = [
        ["status"], ["ls"], ["log"], ["show", "Four"], ["cat", "Five"], ["diff", "HEAD~2", "HEAD"], ["fsck"],
        ["config", "ls"],
        ["user", "ls"], ["edit", "Six", "+fuzz"], ["undo"], ["export", "out"], ["user", "add", "zoe"],
    ]

    /// Files of the store are changed: objects, packs and their indexes, references, settings, journals, audio.
    @Test func filesThatChanceHasChanged() throws {
        var random = SeededRandom()
        try GoldenStoreTests.with("format-1") { studio in
            let stage = try Stage(studio)
            for round in 0..<rounds {
                try stage.reset()
                let files = DirectoryWalk(studio.store).compactMap { item in
                    if case .file(let path) = item { path } else { nil }
                }
                // Every kind of file has its turn, however many there are of it.
                let kinds = Dictionary(grouping: files) { $0.parent.string.split(separator: "/").suffix(2).first }
                let kind = kinds.keys.map { $0 ?? "" }.sorted().randomElement(using: &random) ?? ""
                guard let path = (kinds[kind] ?? files).sorted().randomElement(using: &random) else { continue }
                let bytes = try FileSystem.read(path)
                try FileSystem.remove(path)
                try FileSystem.write(Mutation.mutate(bytes, using: &random), to: path)
                try expectAnswers(studio, "round \(round), \(path), \(random)")
            }
        }
    }

    /// Records and pointers are changed and committed by plain git, so that hashes and checksums are right.
    @Test func contentsThatChanceHasChanged() throws {
        var random = SeededRandom()
        try GoldenStoreTests.with("format-1") { studio in
            let contents = try studio.contents(of: "refs/heads/main")
            let stage = try Stage(studio)
            for round in 0..<rounds {
                try stage.reset()
                var stream = Array(
                    "commit refs/heads/main\ncommitter Git <git@invalid> 1800000000 +0000\ndata 0\n".utf8)
                stream += Array("from refs/heads/main^0\n".utf8)
                for (path, bytes) in contents where Int.random(in: 0..<3, using: &random) == 0 {
                    let changed = Mutation.mutate(bytes, using: &random)
                    stream += Array("M 100644 inline \(path)\ndata \(changed.count)\n".utf8) + changed + [0x0A]
                }
                let file = studio.root.appending("runs/stream")
                try FileSystem.write(stream, to: file)
                try studio.run(["git", "fast-import", "--quiet"], in: studio.store, stdin: .file(file)).done()
                try expectAnswers(studio, "round \(round), \(random)")
            }
        }
    }

    private func expectAnswers(_ studio: Studio, _ what: String) throws {
        for words in Self.commands {
            let outcome = try studio.run([Word(Scenarios.program()), "--json"] + words, timeout: 60)
            #expect([0, 1, 3, 4, 6, 75].contains(outcome.status), "\(what): \(outcome)")
            guard words.first?.description != "cat" else { continue }
            #expect((try? JSON.parse(outcome.out)) != nil, "\(what): \(outcome)")
        }
    }
}
