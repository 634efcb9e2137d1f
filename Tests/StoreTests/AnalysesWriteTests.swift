import Blobs
import Catalog
import Digest
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// What is said of audio, written and read.
@Suite struct AnalysesWriteTests {
    private func analyzer(_ text: String) throws -> Analyzer { try #require(Analyzer(text)) }

    private func key(_ content: String, _ analyzer: String = "offbeat-1") throws -> AnalysisKey {
        AnalysisKey(audio(of: content).oid, by: try self.analyzer(analyzer))
    }

    /// An entry whose blob consists of these words.
    private func entry(_ content: String, _ words: String, _ analyzer: String = "offbeat-1") throws -> AnalysisEntry
    {
        var summary = AnalysisSummary()
        summary.bpm = 128.5
        summary.key = "A minor"
        summary.loudness = -9.25
        summary.rawSize = 1000
        return AnalysisEntry(try key(content, analyzer), pointer: audio(of: words), summary: summary)
    }

    private func put(_ entries: AnalysisEntry..., in world: World) throws {
        try world.store.changeAnalyses(because: "Analyse") { draft in for entry in entries { try draft.put(entry) }
        }
    }

    private func present(_ world: World) throws -> AnalysesSnapshot { try #require(try world.store.analyses()) }

    @Test func anAnalyzerIsNamedStrictly() throws {
        #expect(Analyzer("offbeat-1.x_2")?.version == "1.x_2" && Analyzer("offbeat-1")?.isOwn == true)
        for text in [
            "", "offbeat", "-1", "offbeat-", "Offbeat-1", "a b-1", "a-1-2", "a-1/2", "ä-1", "a-\u{30}\u{301}",
        ] {
            #expect(Analyzer(text) == nil, "\(text)")
        }
        #expect(Analyzer(name: String(repeating: "a", count: 33), version: "1") == nil)
        #expect(Analyzer(name: "a", version: String(repeating: "1", count: 33)) == nil)
    }

    @Test func whatWasPutIsReadAndGitFindsNoFault() throws {
        try withWorld { world in
            #expect(try world.store.analyses() == nil)
            try putFiles("1", "2", "3", in: world.store)
            let head = try world.store.version()
            let entries = try [entry("a", "1"), entry("a", "2", "essentia-2"), entry("b", "3")]
            try put(entries[0], entries[1], entries[2], in: world)
            let now = try present(world)
            #expect(try now.entries(of: audio(of: "a").oid) == [entries[1], entries[0]])
            #expect(try now.entry(key("b")) == entries[2] && now.entry(key("c")) == nil)
            #expect(try now.entry(key("b", "offbeat-2")) == nil)
            var seen: [AnalysisKey] = []
            try now.forEach { seen += $0.map(\.key) }
            #expect(seen == entries.map(\.key).sorted())
            #expect(try world.store.version() == head, "the library stays where it is")
            try world.requireSound()
            let git = try run(
                command: "git",
                arguments: ["-C", world.path.string, "fsck", "--full", "--strict", "--no-dangling"],
                environment: hermeticEnvironment(home: world.folder))
            #expect(git.status == 0 && !git.stderr.contains("error"), "\(git.stderr)")
            let listed = try run(
                command: "git", arguments: ["-C", world.path.string, "lfs", "ls-files", "-n", "analyses"],
                environment: hermeticEnvironment(home: world.folder))
            #expect(listed.stdout.split(separator: "\n").count == 3, "\(listed)")
        }
    }

    @Test func sayingTheSameAgainMakesNoVersion() throws {
        try withWorld { world in
            try putFiles("1", in: world.store)
            try put(entry("a", "1"), in: world)
            let version = try world.store.analysesVersion()
            try put(entry("a", "1"), in: world)
            try world.store.changeAnalyses(because: "Nothing") { draft in draft.remove(try key("b")) }
            try world.store.changeAnalyses(because: "Nothing") { _ in }
            #expect(try world.store.analysesVersion() == version)
        }
    }

    @Test func whatIsRemovedIsGoneAsAPair() throws {
        try withWorld { world in
            try putFiles("1", "2", in: world.store)
            try put(entry("a", "1"), entry("b", "2"), in: world)
            try world.store.changeAnalyses(because: "Remove") { $0.remove(try key("a")) }
            #expect(try present(world).entries(of: audio(of: "a").oid).isEmpty)
            try world.store.changeAnalyses(because: "Remove") { $0.remove(try key("b")) }
            var count = 0
            try present(world).forEach { _ in count += 1 }
            #expect(count == 0)
            try world.requireSound()
        }
    }

    @Test func aSummaryMayStandAlone() throws {
        try withWorld { world in
            try putFiles("1", in: world.store)
            let whole = try entry("a", "1")
            try put(whole, in: world)
            let half = AnalysisEntry(whole.key, pointer: nil, summary: whole.summary)
            try put(half, in: world)
            #expect(try present(world).entry(whole.key) == half)
            #expect(try world.store.files(namedBy: present(world).version, andNotBy: nil).isEmpty)
            try put(whole, in: world)
            #expect(try present(world).entry(whole.key) == whole)
        }
    }

    /// What no remote has seen can be left out of the history; what one has seen stays in it.
    @Test func unsentVersionsCanBeForgotten() throws {
        try withWorld { world in
            try putFiles("1", "2", "3", in: world.store)
            func change(_ entry: AnalysisEntry, forgetting: Bool) throws -> [ObjectID] {
                try world.store.exclusively { writer in
                    try writer.changeAnalyses(because: "Analyse", forgetsUnsent: forgetting) { try $0.put(entry) }
                }
                return try world.store.commit(of: present(world).version).parents
            }
            #expect(try change(entry("a", "1"), forgetting: false).isEmpty)
            #expect(try change(entry("b", "2"), forgetting: true).isEmpty)
            let sent = try present(world).version
            try world.store.put(Remote(name: "origin", url: "/nowhere"))
            try world.store.remember(RemoteHeads(main: nil, analyses: sent.id), of: "origin")
            #expect(try change(entry("a", "2"), forgetting: false) == [sent.id])
            #expect(try change(entry("a", "3"), forgetting: true) == [sent.id])
            #expect(try present(world).entry(key("b")) == entry("b", "2"), "what it says is the same")
            try world.requireSound()
        }
    }

    @Test func aBlobThatIsGoneIsNotNamed() throws {
        try withWorld { world in
            try storeError(.fileGone) { try put(entry("a", "1"), in: world) }
            #expect(try world.store.analyses() == nil)
            try putFiles("1", in: world.store)
            try setAside([audio(of: "1")], in: world.store)
            try put(entry("a", "1"), in: world)
            #expect(world.here("1") == [true], "it is taken back from quarantine")
        }
    }

    @Test func whatIsTooLargeForASummaryIsRefused() throws {
        try withWorld { world in
            try putFiles("1", in: world.store)
            var large = try entry("a", "1")
            large = AnalysisEntry(
                large.key, pointer: large.pointer,
                summary: AnalysisSummary(["x": .string(String(repeating: "x", count: 70_000))]))
            try storeError(.tooLarge) { try put(large, in: world) }
        }
    }

    @Test func theDifferenceNamesTheAudioThatIsTouchedAndCostsNoMore() throws {
        try withWorld { world in
            let names = (0..<40).map { "audio \($0)" }
            try putFiles("1", "2", in: world.store)
            try world.store.changeAnalyses(because: "Analyse") { draft in
                for name in names { try draft.put(entry(name, "1")) }
            }
            let before = try present(world)
            #expect(try before.audio(touchedSince: nil) == names.map { audio(of: $0).oid }.sorted())
            try put(entry(names[3], "2"), entry("new", "1"), in: world)
            try world.store.changeAnalyses(because: "Remove") { $0.remove(try key(names[7])) }
            let touched = [names[3], names[7], "new"].map { audio(of: $0).oid }.sorted()
            #expect(try present(world).audio(touchedSince: before) == touched)
            #expect(try present(world).audio(touchedSince: present(world)).isEmpty)
        }
    }

    @Test func whatLiesThereAndIsNoneStandsInNobodysWay() throws {
        try withWorld { world in
            let place = Analyses.place(of: "a")
            let theirs = try Versions(in: world).commit(
                Analyses.of("a", "1") + [
                    "\(place)/Not An Analyzer.oba": .pointer("2"), "\(place)/other-1.json": .text("[1]\n"),
                    "\(place)/other-1.oba": .text("no pointer\n"), "\(place)/deep/x-1.oba": .pointer("2"),
                    "a/b/wrong": .text("x"), "\(place)x/offbeat-1.oba": .pointer("2"), "readme": .text("x"),
                    "\(place)/lone-1.oba": .pointer("2"),
                ], parents: [], message: "Theirs\n")
            try world.store.takeInAnalyses(Version(theirs), lastSeen: nil, because: "Sync")
            let found = try present(world).entries(of: audio(of: "a").oid)
            #expect(found.map(\.key.analyzer.description) == ["lone-1", "offbeat-1"])
            var count = 0
            try present(world).forEach { count += $0.count }
            #expect(count == 2)
        }
    }

    @Test func aSummaryThatLiesIsNotBelieved() throws {
        let cases: [JSONObject] = [
            ["bpm": .string("fast"), "key": .string("loud"), "loudness": true, "rawSize": -1],
            ["bpm": -3, "key": .string(String(repeating: "C", count: 5000)), "loudness": 1e300, "rawSize": 1.5],
            ["bpm": .digits(String(repeating: "9", count: 400)), "durationMs": -5],
        ]
        for fields in cases {
            let summary = AnalysisSummary(fields)
            #expect(summary.bpm == nil && summary.key == nil && summary.loudness == nil, "\(fields)")
            #expect(summary.rawSize == nil && summary.durationMs == nil, "\(fields)")
        }
    }
}
