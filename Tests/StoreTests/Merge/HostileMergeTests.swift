import Blobs
import Catalog
import Digest
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// Versions that nobody would make but to do harm: they are merged alike and soon, or refused.
@Suite struct HostileMergeTests {
    // MARK: History

    /// Each of some versions was made from all of the row before, so the ways back double with each row.
    @Test(.timeLimit(.minutes(2)), arguments: [(2, 40), (6, 8), (40, 3)])
    func historiesThatCrossAgainAndAgainEnd(_ width: Int, _ rows: Int) throws {
        try withVersions { versions in
            var last: [ObjectID] = []
            try versions.write { writer in
                for row in 0..<rows {
                    last = try (0..<width).map { number in
                        let tree = try versions.tree(
                            ["\(row) \(number)": .text("x"), "all": .text("\(row)")], writer)
                        return try versions.commit(
                            tree, parents: last, at: 1_800_000_000 + Int64(row), message: "\(number)\n",
                            writer: writer)
                    }
                }
            }
            let merged = try versions.merge(last[0], last[1])
            #expect(merged.commit.parents == [last[0], last[1]].sorted())
        }
    }

    @Test func whatNeverMetIsMergedWithoutABase() throws {
        try withVersions { versions in
            let merged = try versions.merge(nil, ["a": .text("a")], ["b": .text("b")])
            #expect(merged.files == ["a": .text("a"), "b": .text("b")])
        }
    }

    // MARK: Trees

    /// A tree that is small to write and endless to walk.
    @Test(.timeLimit(.minutes(1)), arguments: ["bomb", "tracks", "workspaces", "people", "tracks/1/1/1/1/x"])
    func aTreeThatHoldsItselfManyTimesEnds(_ place: String) throws {
        try withVersions { versions in
            let sides = try versions.write { writer in
                try ["one", "other"].map { side in
                    var tree = try versions.tree(["leaf": .text(side)], writer)
                    for _ in 0..<40 {
                        tree = try writer.write(
                            Tree(
                                try (0..<60).map {
                                    TreeEntry(mode: .tree, name: try #require(EntryName("n\($0)")), id: tree)
                                }))
                    }
                    let root = try versions.tree([place: MadeFile(mode: .tree, content: .id(tree))], writer)
                    return try versions.commit(root, message: side, writer: writer)
                }
            }
            let merge = VersionMerge(in: versions.repository)
            guard case .merged(let commit, let report) = try merge.merge(sides[0], sides[1]) else {
                Issue.record("no merge")
                return
            }
            #expect(report.arbitrary.count == 1)
            #expect(try merge.objects.readTree(commit.tree).entries.count == 1)
        }
    }

    @Test func whatLiesTooDeepIsCarriedAsOne() throws {
        try withVersions { versions in
            let deep = Array(repeating: "d", count: 200).joined(separator: "/")
            let merged = try versions.merge(
                ["\(deep)/x": .text("0")], ["\(deep)/x": .text("1"), "\(deep)/one": .text("1")],
                ["\(deep)/x": .text("0"), "\(deep)/other": .text("2")])
            #expect(merged.report.arbitrary.count == 1 && merged.files.count == 2)
        }
    }

    @Test func namesThatAreNoTextAreCarried() throws {
        try withVersions { versions in
            let place = Song.place
            let merged = try versions.merge(
                [:], ["\\xff/a": .text("a"), "\(place)/\\xfe.wav": .text("one"), "tracks/\\xf0": .text("x")],
                ["\\xff/b": .text("b"), "\(place)/\\xfe.wav": .text("other"), "\(place)/audio.\\xfe": .text("x")])
            #expect(
                merged.files.keys.sorted() == [
                    "\\xff/a", "\\xff/b", "\(place)/\\xfe.wav", "\(place)/audio.\\xfe", "tracks/\\xf0",
                ])
        }
    }

    // MARK: What lies at a record's place

    private static let odd: [String: MadeFile] = [
        "nothing": .text(""), "brackets": .text("["), "bytes": .bytes([0xff, 0x00]), "link": .link("offbeat.json"),
        "submodule": MadeFile(mode: .submodule, content: .id(ObjectID(ofBlob: [1, 2, 3]))),
        "nested": .text(String(repeating: "[", count: 100_000)), "number": .text("1e999"),
        "large": .text(String(repeating: " ", count: 2 << 20) + "{}"), "another's": .text("{\"id\":\"1\"}"),
    ]

    @Test(arguments: odd.keys.sorted() + ["folder"]) func oddThingsAtARecordsPlaceLoseToRecords(_ name: String)
        throws
    {
        try withVersions { versions in
            for path in [
                "offbeat.json", "people/\(String(repeating: "2", count: 32)).json", "\(Song.place)/track.json",
            ] {
                let base = try Self.records()
                var (one, other) = (try Self.records(title: "Intro"), base)
                if name == "folder" {
                    other[path] = nil
                    other["\(path)/inside"] = .text("x")
                } else {
                    other[path] = Self.odd[name]
                }
                one["notes"] = .text("one")
                let merged = try versions.merge(base, one, other)
                // A folder stands against a file outside of records' folders, where nothing else is known of it.
                if name == "folder", !path.hasPrefix("tracks") || merged.files["\(path)/inside"] != nil { continue }
                #expect(merged.files[path] == one[path], "\(path)")
                #expect(merged.report.arbitrary.contains(path))
                // On both sides, and nothing before.
                var (left, right) = (other, other)
                left[path] = .text("left")
                right["more"] = .text("more")
                _ = try versions.merge([:], left, right)
            }
        }
    }

    private static func records(title: String = "Song") throws -> MadeTree {
        let ana = try #require(PersonID(String(repeating: "2", count: 32)))
        let store = StoreRecord(
            id: try #require(StoreID(String(repeating: "5", count: 32))), name: title, created: Song.stamp(1_000))
        let person = Person(id: ana, handle: try #require(Handle("ana")), name: title, created: Song.stamp(1_000))
        var tree = try Song().with { try $0.rename(title) }.tree()
        tree["offbeat.json"] = try .record(store)
        tree["people/\(ana.hex).json"] = try .record(person)
        return tree
    }

    // MARK: What is not here

    /// Another laptop may well have it, and would make another merge.
    @Test(arguments: ["track.json", "audio.wav"]) func whatCannotBeReadNowStopsTheMerge(_ name: String) throws {
        try withVersions { versions in
            let base = try Song()
            let edited = try base.with { try $0.rename("Intro") }
            var broken = try base.with { try $0.rename("Outro", at: 3_000) }.tree()
            let missing = MadeFile(content: .id(ObjectID(ofBlob: Array("not here".utf8))))
            broken["\(Song.place)/\(name)"] = missing
            let error = #expect(throws: GitError.self) {
                _ = try versions.merge(base.tree(), edited.tree(), broken)
            }
            #expect(error?.code == .notFound)
        }
    }

    // MARK: Records

    /// A record that names very many files as lost.
    @Test(.timeLimit(.minutes(1))) func conflictsWithoutEndAreRead() throws {
        try withVersions { versions in
            let base = try Song()
            var fields = base.track.fields
            var conflicts = JSONObject()
            for number in 0..<3_000 {
                let value: JSON = ["oid": .string(ContentHash(of: Array("\(number)".utf8)).hex), "size": 1]
                let key = Conflict.Key(field: "audio", stamp: Song.stamp(UInt64(number)), value: value)
                conflicts[key.description] = ["at": .string(key.stamp.description), "value": value]
            }
            fields["conflicts"] = .object(conflicts)
            let full = try base.with { $0.track = try Track(fields: fields) }
            let merged = try versions.merge(base, full, base.with { try $0.rename("Intro") })
            #expect(merged.folder == base.files && (try? merged.track().conflicts.count) == 3_000)
        }
    }
}
