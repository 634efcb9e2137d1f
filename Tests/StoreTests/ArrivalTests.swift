import Blobs
import Catalog
import Git
import TestSupport
import Testing

@testable import Store

/// Versions that arrive from elsewhere: what is odd is taken, what would hold a team up is refused.
@Suite struct ArrivalTests {
    // MARK: What is taken

    @Test func anOrdinaryChangeIsTakenAtTheCostOfTheChange() throws {
        try withWorld { world in
            try world.store.write(by: world.ana) { draft in
                for number in 0..<300 { try draft.add("song \(number)") }
                return "Add"
            }
            let before = try world.store.version()
            let id = try #require(world.add("new").first)
            let after = try world.rename(id, to: "newer")
            var check = try ArrivalCheck(of: after, over: before, in: world.store)
            try check.run()
            // The root, `tracks`, three levels and the track's folder; all but the last are ours as well.
            #expect(check.treesRead <= 11)
            // Who has nothing yet takes all of it.
            try world.store.checkArrival(after, over: nil)
            try world.store.checkArrival(before, over: before)
        }
    }

    @Test func whatIsOddIsCarried() throws {
        try withArrivals { arrivals in
            let file = ObjectID(ofBlob: [])
            let odd: [(EntryMode, String)] = [
                (.link, "link"), (.submodule, "module"), (.tree, ".."), (.blob, ".git"), (.blob, "Song.wav"),
                (.blob, "song.wav"), (.executable, "run me"), (EntryMode(rawValue: 0o100664), "old mode"),
            ]
            let version = try arrivals.version { tree, writer in
                try writer.write(blob: [])
                let folder = try writer.write(Tree([TreeEntry(mode: .blob, name: try name("x"), id: file)]))
                for (mode, text) in odd {
                    tree.set(TreeEntry(mode: mode, name: try name(text), id: mode == .tree ? folder : file))
                }
                tree.set(TreeEntry(mode: .blob, name: try #require(EntryName(bytes: [0xff, 0x0a])), id: file))
                let person = try writer.write(blob: Array("no record".utf8))
                let people = Tree([TreeEntry(mode: .blob, name: try name("\(anybody).json"), id: person)])
                tree.set(TreeEntry(mode: .tree, name: try name("people"), id: try writer.write(people)))
            }
            try arrivals.check(version)
        }
    }

    // MARK: The store's record

    @Test(arguments: ["format", "merge"]) func whatALaterProgramWroteAsksForAnUpgrade(_ field: String) throws {
        try withArrivals { arrivals in
            let version = try arrivals.version(changingRecord: [field: 2])
            for head in [arrivals.head, nil] {
                let error = try storeError(.newerFormat) { try arrivals.check(version, over: head) }
                #expect(error.message.contains("offbeat.json") && error.hint?.contains("upgrade") == true)
            }
            #expect(try arrivals.world.store.version() == arrivals.head)
        }
    }

    /// What a later program's tree looks like is not ours to judge.
    @Test func aLaterFormatIsToldBeforeAnythingElse() throws {
        try withArrivals { arrivals in
            let version = try arrivals.version(changingRecord: ["format": 2]) { tree, writer in
                tree.set(try well(of: 500, writer))
            }
            try storeError(.newerFormat) { try arrivals.check(version) }
        }
    }

    @Test func anotherStoresVersionIsRefused() throws {
        try withArrivals { arrivals in
            let version = try arrivals.version(changingRecord: ["id": .string(anybody)])
            let error = try storeError(.refused) { try arrivals.check(version) }
            #expect(error.message.contains("offbeat.json") && error.message.contains(anybody))
            // Who clones takes whatever store it is.
            try arrivals.check(version, over: nil)
        }
    }

    @Test(arguments: ["nothing", "a folder", "a link", "a submodule", "no words", "too much", "a folder as a file"])
    func withoutAReadableRecordItIsRefused(_ what: String) throws {
        try withArrivals { arrivals in
            let version = try arrivals.version { tree, writer in
                let record = try name("offbeat.json")
                let text = try writer.write(blob: Array("{}".utf8))
                let entry: TreeEntry? =
                    switch what {
                    case "a folder": TreeEntry(mode: .tree, name: record, id: try writer.write(tree))
                    case "a link": TreeEntry(mode: .link, name: record, id: text)
                    case "a submodule": TreeEntry(mode: .submodule, name: record, id: text)
                    case "no words": TreeEntry(mode: .blob, name: record, id: text)
                    case "too much":
                        TreeEntry(
                            mode: .blob, name: record,
                            id: try writer.write(blob: Array(repeating: 0x20, count: Catalog.recordLimit + 1)))
                    case "a folder as a file": TreeEntry(mode: .blob, name: record, id: try writer.write(tree))
                    default: nil
                    }
                tree.remove(record)
                if let entry { tree.set(entry) }
            }
            for head in [arrivals.head, nil] {
                let error = try storeError(.refused) { try arrivals.check(version, over: head) }
                #expect(error.message.contains("offbeat.json"))
            }
        }
    }

    @Test func whatIsNoVersionAtAllIsRefused() throws {
        try withArrivals { arrivals in
            let blob = try arrivals.versions.write { try $0.write(blob: [1]) }
            try storeError(.refused) { try arrivals.check(Version(blob)) }
            let person = Signature(name: "x", email: "x", seconds: 0)
            let odd = try arrivals.versions.write { writer in
                try writer.write(Commit(tree: blob, parents: [], author: person, committer: person, message: "x"))
            }
            try storeError(.refused) { try arrivals.check(Version(odd)) }
            // What is missing is something else: it may be damage here.
            try storeError(.damaged) { try arrivals.check(Version(ObjectID(ofBlob: [9, 9]))) }
        }
    }

    // MARK: Shapes

    /// Forty folders that unfold to more files than there are atoms.
    @Test(.timeLimit(.minutes(1)), arguments: ["bomb", "tracks"]) func aBombIsRefused(_ place: String) throws {
        try withArrivals { arrivals in
            let version = try arrivals.version { tree, writer in tree.set(try bomb(named: place, writer)) }
            var check = try ArrivalCheck(of: version, over: arrivals.head, in: arrivals.world.store)
            let error = try storeError(.refused) { try check.run() }
            #expect(error.message.contains("\(place)/n0/n0"), "\(error.message)")
            #expect(check.treesRead < 120)
            // What stands at the same place in our own version costs nothing, whatever it is.
            let next = try arrivals.version(over: version) { tree, writer in
                let file = try writer.write(blob: [1])
                tree.set(TreeEntry(mode: .blob, name: try name("more"), id: file))
            }
            check = try ArrivalCheck(of: next, over: version, in: arrivals.world.store)
            try check.run()
            #expect(check.treesRead == 2)
        }
    }

    /// A bomb that differs at its bottom from one that we have: each pair of folders is looked at once.
    @Test(.timeLimit(.minutes(1))) func aBombOverABombIsRefused() throws {
        try withArrivals { arrivals in
            let one = try arrivals.version { tree, writer in tree.set(try bomb(named: "bomb", leaf: "one", writer))
            }
            let two = try arrivals.version { tree, writer in tree.set(try bomb(named: "bomb", leaf: "two", writer))
            }
            var check = try ArrivalCheck(of: two, over: one, in: arrivals.world.store)
            try storeError(.refused) { try check.run() }
            #expect(check.treesRead < 240)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [65, 66, 200, 10_000]) func whatIsTooDeepIsRefused(_ levels: Int)
        throws
    {
        try withArrivals { arrivals in
            let version = try arrivals.version { tree, writer in tree.set(try well(of: levels, writer)) }
            let error = try storeError(.refused) { try arrivals.check(version) }
            #expect(error.message.contains("d/d/d") && error.message.count < 500)
        }
    }

    /// Just as deep as folders are entered.
    @Test func whatCanBeEnteredIsTaken() throws {
        try withArrivals { arrivals in
            try arrivals.check(arrivals.version { tree, writer in tree.set(try well(of: 64, writer)) })
        }
    }

    @Test func pathsThatNoFileSystemTakesAreRefused() throws {
        try withArrivals { arrivals in
            for (length, isRefused) in [(4094, false), (4095, true), (1_000_000, true)] {
                let version = try arrivals.version { tree, writer in
                    let long = try name(String(repeating: "l", count: length))
                    let file = TreeEntry(mode: .blob, name: long, id: try writer.write(blob: [1]))
                    tree.set(TreeEntry(mode: .tree, name: try name("f"), id: try writer.write(Tree([file]))))
                }
                guard isRefused else {
                    try arrivals.check(version)
                    continue
                }
                let error = try storeError(.refused) { try arrivals.check(version) }
                #expect(error.message.count < 500)
            }
        }
    }

    @Test func aFolderThatIsNoneIsRefusedByItsPath() throws {
        try withArrivals { arrivals in
            let version = try arrivals.version { tree, writer in
                let file = try writer.write(blob: [1])
                let inside = Tree([TreeEntry(mode: .tree, name: try name("inside"), id: file)])
                tree.set(TreeEntry(mode: .tree, name: try name("odd"), id: try writer.write(inside)))
            }
            let error = try storeError(.refused) { try arrivals.check(version) }
            #expect(error.message.contains("odd/inside"))
        }
    }

    // MARK: Files

    @Test(.timeLimit(.minutes(1))) func theFilesOfABombAreFound() throws {
        try withArrivals { arrivals in
            let one = try arrivals.version { tree, writer in
                tree.set(try bomb(named: "bomb", file: audio(of: "one").encoded(), writer))
            }
            let two = try arrivals.version(over: one) { tree, writer in
                tree.set(try bomb(named: "bomb", file: audio(of: "two").encoded(), writer))
                tree.set(try well(of: 10_000, writer))
            }
            let store = arrivals.world.store
            #expect(try store.files(namedBy: two, andNotBy: one) == [audio(of: "two")])
            var difference = FileDifference(in: store.repository)
            _ = try difference.files(of: store.commit(of: two).tree, butNotOf: store.commit(of: one).tree)
            #expect(difference.pairsCompared == 1 + 41 + 9_999)
        }
    }

    /// As deep as the folders of records, and in one of them.
    @Test(.timeLimit(.minutes(1))) func theRecordsOfABombAreFound() throws {
        try withArrivals { arrivals in
            let folder = RecordFolder.track(try #require(TrackID(String(repeating: "a", count: 32))))
            let version = try arrivals.version { tree, writer in
                tree.set(try bomb(named: "workspaces", file: audio(of: "one").encoded(), writer))
                var entry = try bomb(named: "deep", file: audio(of: "two").encoded(), writer)
                for part in folder.components.reversed() {
                    entry = TreeEntry(mode: .tree, name: try name(part), id: try writer.write(Tree([entry])))
                }
                tree.set(entry)
            }
            let store = arrivals.world.store
            let found = try store.filesOfRecords(namedBy: version, andNotBy: nil)
            #expect(
                Set(found) == [FileOfRecord(audio(of: "one"), of: nil), FileOfRecord(audio(of: "two"), of: folder)])
        }
    }

    @Test func filesOfTheSamePlaceAreNotTold() throws {
        try withWorld { world in
            let before = try world.store.version()
            try world.add("one", "two")
            let middle = try world.store.version()
            try world.add("three")
            let after = try world.store.version()
            #expect(try world.store.files(namedBy: after, andNotBy: middle) == [audio(of: "three")])
            #expect(try world.store.files(namedBy: middle, andNotBy: after) == [])
            #expect(try Set(world.store.files(namedBy: after, andNotBy: before)).count == 3)
            #expect(try Set(world.store.files(namedBy: after, andNotBy: nil)).count == 3)
        }
    }
}

// MARK: - Making versions

private let anybody = String(repeating: "5", count: 32)

private func name(_ text: String) throws -> EntryName { try #require(EntryName(bytes: text.utf8)) }

/// A store to which versions come.
private struct Arrivals {
    let world: World
    let versions: Versions
    let head: Version

    /// A version that differs from another, our head for example, in what `change` does to its root.
    func version(
        over base: Version? = nil, changingRecord fields: JSONObject = JSONObject(),
        _ change: (inout Tree, ObjectWriter) throws -> Void = { _, _ in }
    ) throws -> Version {
        let base = base ?? head
        return try versions.write { writer in
            var tree = try versions.repository.readTree(world.store.commit(of: base).tree)
            var record = try world.store.snapshot().info().fields
            for key in fields.keys { record[key] = fields[key] }
            let bytes = JSON.object(record).canonical()
            let entry = TreeEntry(mode: .blob, name: try name("offbeat.json"), id: try writer.write(blob: bytes))
            tree.set(entry)
            try change(&tree, writer)
            return Version(try versions.commit(writer.write(tree), parents: [base.id], writer: writer))
        }
    }

    func check(_ version: Version) throws { try check(version, over: head) }
    func check(_ version: Version, over head: Version?) throws {
        try world.store.checkArrival(version, over: head)
    }
}

private func withArrivals(_ body: (Arrivals) throws -> Void) throws {
    try withWorld { world in
        try world.add("one")
        try body(Arrivals(world: world, versions: Versions(in: world), head: world.store.version()))
    }
}

/// Folders of which each holds the next one sixty times.
private func bomb(
    named text: String, leaf: String = "leaf", file: [UInt8] = [1], _ writer: ObjectWriter
) throws -> TreeEntry {
    var tree = Tree([TreeEntry(mode: .blob, name: try name(leaf), id: try writer.write(blob: file))])
    for _ in 0..<40 {
        let inside = try writer.write(tree)
        tree = Tree(try (0..<60).map { TreeEntry(mode: .tree, name: try name("n\($0)"), id: inside) })
    }
    return TreeEntry(mode: .tree, name: try name(text), id: try writer.write(tree))
}

/// A file under so many levels of names, its own included.
private func well(of levels: Int, _ writer: ObjectWriter) throws -> TreeEntry {
    var entry = TreeEntry(mode: .blob, name: try name("d"), id: try writer.write(blob: [2]))
    for _ in 1..<levels {
        entry = TreeEntry(mode: .tree, name: try name("d"), id: try writer.write(Tree([entry])))
    }
    return entry
}
