import Blobs
import Git
import TestSupport
import Testing

@testable import Store

/// What two versions of the analyses become.
@Suite struct AnalysesMergeTests {
    private let base = Analyses.of("a", "old") + Analyses.of("b", "b") + Analyses.epoch(1)

    @Test func whatBothAddedStandsAndWhatOneRemovedIsGone() throws {
        try withVersions { versions in
            let one = base + Analyses.of("c", "c") + Analyses.of("a", "other", by: "essentia-2.1")
            let other = Analyses.of("a", "old") + Analyses.of("d", "d") + Analyses.epoch(1)
            let met = try versions.mergeAnalyses(base, one, other)
            let expected =
                Analyses.of("a", "old") + Analyses.of("a", "other", by: "essentia-2.1") + Analyses.of("c", "c")
                + Analyses.of("d", "d") + Analyses.epoch(1)
            #expect(met.files == expected)
            #expect(met.report == MergeReport())
        }
    }

    @Test(arguments: [("one", "two"), ("two", "one"), ("x", "y"), ("3", "4")])
    func ofTwoResultsTheSmallerHashStandsWithItsSummary(_ words: (String, String)) throws {
        try withVersions { versions in
            let stands = Analyses.smallest(words.0, words.1)
            for base in [base, nil] {
                let met = try versions.mergeAnalyses(
                    base, Analyses.of("a", words.0), Analyses.of("a", words.1))
                #expect(met.files == Analyses.of("a", stands))
                #expect(met.report == MergeReport(), "nobody has to decide anything")
            }
        }
    }

    /// A blob whose bytes nobody has any more is replaced, whichever hash is the smaller.
    @Test func whatOneSideComputedAgainReplacesWhatWasThere() throws {
        try withVersions { versions in
            for words in ["one", "two", "three"] {
                let met = try versions.mergeAnalyses(
                    Analyses.of("a", "old"), Analyses.of("a", words),
                    Analyses.of("a", "old") + Analyses.of("b", "b"))
                #expect(met.files == Analyses.of("a", words) + Analyses.of("b", "b"))
            }
        }
    }

    @Test func aChangeStandsAgainstARemoval() throws {
        try withVersions { versions in
            let met = try versions.mergeAnalyses(base, Analyses.of("a", "new"), Analyses.of("b", "b"))
            #expect(met.files == Analyses.of("a", "new"))
        }
    }

    /// One summary for one blob: two that only say something else of it.
    @Test func ofTwoSummariesOfOneBlobOneStands() throws {
        try withVersions { versions in
            let summary = "\(Analyses.place(of: "a"))/offbeat-1.json"
            var (one, other) = (Analyses.of("a", "x"), Analyses.of("a", "x"))
            one[summary] = .text("one")
            other[summary] = .text("other")
            let met = try versions.mergeAnalyses(nil, one, other)
            #expect(met.files == one || met.files == other)
        }
    }

    @Test func aPairStandsAgainstAPart() throws {
        try withVersions { versions in
            let whole = Analyses.of("a", "whole")
            let stem = "\(Analyses.place(of: "a"))/offbeat-1"
            let odd: [MadeTree] = [
                ["\(stem).oba": .pointer("part")], ["\(stem).json": .text("part")],
                ["\(stem).oba": .text("no pointer"), "\(stem).json": .text("x")],
                ["\(stem).oba": .bytes([]), "\(stem).json": .text("x")],
                ["\(stem).oba": .link("x"), "\(stem).json": .text("x")],
                ["\(stem).oba/inside": .text("x"), "\(stem).json": .text("x")],
                ["\(stem).oba": .pointer("part"), "\(stem).json/inside": .text("x")],
            ]
            for part in odd {
                #expect(try versions.mergeAnalyses(nil, whole, part).files == whole)
                let b = Analyses.of("b", "b")
                #expect(try versions.mergeAnalyses(part, whole, b).files == whole + b)
            }
            for (one, other) in zip(odd, odd.dropFirst()) {
                let files = try versions.mergeAnalyses(nil, one, other).files
                #expect(files == one || files == other, "never a bit of both")
            }
        }
    }

    @Test func whatLiesElsewhereIsCarriedAsInTheLibrary() throws {
        try withVersions { versions in
            let hash = Analyses.place(of: "a").suffix(64)
            // Neither a record, nor in its place, nor in the right folder.
            let places = [
                "offbeat.json", "people/x.json", "0/0/0/\(hash)/offbeat-1.oba", "a/b/readme", "\(hash)/x.oba",
            ]
            for place in places {
                let one: MadeTree = [place: .text("one"), "one": .text("1")]
                let other: MadeTree = [place: .text("other"), "other": .text("2")]
                let met = try versions.mergeAnalyses([:], one, other)
                let greater = [MadeFile.text("one"), .text("other")].max {
                    ObjectID(ofBlob: $0.bytes ?? []) < ObjectID(ofBlob: $1.bytes ?? [])
                }
                #expect(met.files == ["one": .text("1"), "other": .text("2"), place: try #require(greater)])
                #expect(met.report.arbitrary == [place])
            }
        }
    }

    @Test func theCommitIsMadeAsInTheLibrary() throws {
        try withVersions { versions in
            let base = try versions.commit(base, at: 10)
            let one = try versions.commit(Analyses.of("a", "1"), parents: [base], at: 30)
            let other = try versions.commit(Analyses.of("b", "2"), parents: [base], at: 20)
            let met = try versions.meet(one, other)
            #expect(met.commit.parents == [one, other].sorted() && met.commit.message == VersionMerge.message)
            #expect(met.commit.author == Signature(name: "Offbeat", email: "offbeat@invalid", seconds: 30))
            #expect(met.commit.committer == met.commit.author)
            #expect(try versions.meet(met.id, one).id == met.id && versions.meet(other, met.id).id == met.id)
            // Two merges that hold the same: the smaller id is adopted.
            let again = try versions.commit(
                versions.files(of: met.commit.tree), parents: [one, other].sorted().reversed(), at: 30,
                message: VersionMerge.message, by: "Offbeat", "offbeat@invalid")
            #expect(try versions.meet(again, met.id).id == min(again, met.id))
            #expect(try !versions.meet(met.id, again).isNew)
        }
    }

    /// Where two results met twice, the base is itself merged by these rules.
    @Test func historiesThatCrossedAreMergedFromAMergedBase() throws {
        try withVersions { versions in
            let root = try versions.commit(Analyses.of("b", "b"))
            let one = try versions.commit(Analyses.of("b", "b") + Analyses.of("a", "1"), parents: [root])
            let other = try versions.commit(Analyses.of("b", "b") + Analyses.of("a", "2"), parents: [root])
            let stands = Analyses.of("a", Analyses.smallest("1", "2"))
            let merged = Analyses.of("b", "b") + stands
            // One laptop goes on without `b`, the other with something more.
            let left = try versions.commit(stands, parents: [one, other])
            let right = try versions.commit(merged + Analyses.of("c", "c"), parents: [one, other])
            #expect(try versions.meet(left, right).files == stands + Analyses.of("c", "c"))
        }
    }

    /// Another laptop may well have it, and would make another merge.
    @Test func whatCannotBeReadNowStopsTheMerge() throws {
        try withVersions { versions in
            var broken = Analyses.of("a", "1")
            broken["\(Analyses.place(of: "a"))/offbeat-1.oba"] = MadeFile(
                content: .id(ObjectID(ofBlob: Array("not here".utf8))))
            let error = #expect(throws: GitError.self) {
                _ = try versions.mergeAnalyses(nil, broken, Analyses.of("a", "2"))
            }
            #expect(error?.code == .notFound)
        }
    }

    /// A tree that is small to write and endless to walk.
    @Test(.timeLimit(.minutes(1)), arguments: ["bomb", "a", "a/b", "tracks"]) func aBombEnds(_ place: String) throws
    {
        try withVersions { versions in
            let sides = try versions.write { writer in
                try ["one", "other"].map { side in
                    var tree = try versions.tree(["leaf": .text(side)], writer)
                    for _ in 0..<40 {
                        let names = ["1", "2", "3", "4", "x", "y"]
                        tree = try writer.write(
                            Tree(
                                names.compactMap(EntryName.init).map { TreeEntry(mode: .tree, name: $0, id: tree) })
                        )
                    }
                    let root = try versions.tree([place: MadeFile(mode: .tree, content: .id(tree))], writer)
                    return try versions.commit(root, message: side, writer: writer)
                }
            }
            guard
                case .merged = try AnalysesMeeting(in: versions.repository).meet(
                    own: sides[0], other: sides[1], lastSeen: nil)
            else {
                Issue.record("no merge")
                return
            }
        }
    }
}
