import Catalog
import Digest
import Files
import TestSupport
import Testing

/// `gc` as scripts and people see it, beside plain git and git-lfs.
@Suite struct CollectionTests {
    @Test func aCollectionIsToldAndLeavesNothingToComplainAbout() throws {
        try Studio.withStore { studio in
            let stage = try CollectionStage(studio)
            let told = try studio.json("gc", "--dry-run").done().json()
            #expect(stage.remains() == stage.before)
            let done = try studio.json("gc").done().json()
            #expect(done == told)
            #expect(done["quarantined"] == 1 && done["deleted"] == 1 && done["revived"] == 1)
            #expect(done["bytes"] == 7 && done["onlyHere"] == [])
            try stage.expectCollected()
            let page = try studio.offbeat("gc").done().text
            #expect(page == "There is nothing to collect\n")
            #expect(try studio.git("count-objects").done().text.hasPrefix("0 objects"))
        }
    }

    @Test func whatIsSetAsideIsToldWithItsTime() throws {
        try Studio.withStore { studio in
            _ = try studio.plant("orphan", in: "objects")
            let now = ["OFFBEAT_NOW": "2031-01-01T00:00:00Z"]
            let page = try studio.offbeat("gc", adding: now).done().text
            #expect(page == "1 file set aside, and held until 2031-01-15T00:00\n")
            _ = try studio.plant("other", in: "objects")
            try studio.offbeat("config", "set", "keepQuarantine", "forever").done()
            let dry = try studio.offbeat("gc", "--dry-run", adding: now).done().text
            #expect(dry == "1 file would be set aside, and held for good\n")
        }
    }

    @Test func aFileThatOnlyThisStoreHasIsNamedAndStays() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let oid = try #require(try studio.track(id)["audio"]?["oid"]?.asString)
            try studio.offbeat("rm", "\(id)").done()
            let remote = studio.root.appending("remote")
            try studio.git("init", "-q", "--bare", Word(remote), in: studio.root).done()
            try studio.git("remote", "add", "origin", Word(remote)).done()
            try studio.git("push", "-q", "--no-verify", "origin", "main").done()
            try studio.offbeat("config", "set", "keepHistory", "0").done()
            let later = ["OFFBEAT_NOW": "2041-01-01T00:00:00Z"]
            #expect(try studio.json("gc", adding: later).done().json()["onlyHere"] == [.string(oid)])
            #expect(try studio.offbeat("gc", adding: later).done().text.contains("only here: \(oid)"))
            // git-lfs gives the remote the same file under a second name, which is no second copy.
            let (first, second) = (oid.prefix(2), oid.dropFirst(2).prefix(2))
            let place = "lfs/objects/\(first)/\(second)"
            try FileSystem.makeDirectories(remote.appending(place))
            let (own, copy) = (studio.store.appending("\(place)/\(oid)"), remote.appending("\(place)/\(oid)"))
            try FileSystem.link(own, to: copy)
            #expect(try studio.json("gc", adding: later).done().json()["quarantined"] == 0)
            let bytes = try FileSystem.read(own)
            try FileSystem.remove(copy)
            try FileSystem.write(bytes, to: copy)
            #expect(try studio.json("gc", adding: later).done().json()["quarantined"] == 1)
            try studio.expectSound()
        }
    }

    @Test func whereHistoryIsDamagedNothingGoes() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            let orphan = try studio.plant("orphan", in: "objects")
            let tree = try studio.git("rev-parse", "HEAD:tracks").done().line
            try FileSystem.remove(studio.store.appending("objects/\(tree.prefix(2))/\(tree.dropFirst(2))"))
            let outcome = try studio.json("gc")
            #expect(outcome.status == 6)
            let error = try outcome.json()["error"]
            #expect(error?["code"] == "damaged")
            #expect(error?["hint"]?.asString?.contains("offbeat fsck") == true)
            #expect(FileSystem.exists(orphan))
        }
    }

    @Test func addsRemovalsAndCollectionsAtOnce() throws {
        try Studio.withStore { studio in
            try studio.offbeat("config", "set", "keepQuarantine", "0").done()
            let sounds = try (0..<8).map { Word(try studio.sound(FilePath("\($0).wav"), seed: UInt64($0))) }
            // What was put and is no track yet.
            for sound in sounds.prefix(4) { _ = try studio.plant(sound, in: "objects") }
            let calls = sounds.flatMap { [["gc"], ["add", "--no-analyze", $0], ["gc"]] as [[Word]] }
            let running = try calls.map { try studio.start([Word(Scenarios.program()), "--json"] + $0) }
            for run in running { try run.outcome().done() }
            #expect(try studio.tracks().count == 8)
            try studio.expectSound()
            try studio.expectNoLeftovers()
        }
    }
}

/// A store with one file of each kind that a collection knows.
private struct CollectionStage {
    let studio: Studio
    let before: [String]
    private let (needed, wanted, orphan, old): (String, String, String, String)

    init(_ studio: Studio) throws {
        self.studio = studio
        let ids = try (1...2).map { try studio.addedTrack(FilePath("\($0).wav"), seed: $0) }
        let oids = try ids.map { try #require(try studio.track($0)["audio"]?["oid"]?.asString) }
        (needed, wanted) = (oids[0], oids[1])
        // Set aside, and needed after all.
        try FileSystem.makeDirectories(studio.store.appending("lfs/quarantine/1000"))
        try FileSystem.rename(
            Self.object(wanted, in: studio), to: studio.store.appending("lfs/quarantine/1000/\(wanted)"))
        orphan = try #require(try studio.plant("orphan", in: "objects").lastComponent?.string)
        old = try #require(try studio.plant("too old", in: "quarantine/1000").lastComponent?.string)
        before = Self.remains(of: studio)
    }

    private static func object(_ oid: String, in studio: Studio) -> FilePath {
        studio.store.appending("lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)")
    }

    /// The files, those in quarantine with a mark.
    func remains() -> [String] { Self.remains(of: studio) }

    private static func remains(of studio: Studio) -> [String] {
        ["objects", "quarantine"].flatMap { folder in
            DirectoryWalk(studio.store.appending("lfs/\(folder)")).compactMap { item in
                item.path.lastComponent.map { "\(folder) \($0)" }
            }
        }.sorted()
    }

    func expectCollected() throws {
        let remains = remains()
        let expected = ["objects \(needed)", "objects \(wanted)", "quarantine \(orphan)"].sorted()
        #expect(remains == expected)
        #expect(!remains.contains { $0.hasSuffix(old) })
        #expect(try studio.json("fsck", "--deep").done().json()["ok"] == true)
        try studio.expectSound()
        try studio.expectNoLeftovers()
    }
}

extension Studio {
    fileprivate func plant(_ text: String, in folder: String) throws -> FilePath {
        try plant(Array(text.utf8), in: folder)
    }

    fileprivate func plant(_ file: Word, in folder: String) throws -> FilePath {
        try plant(FileSystem.read(FilePath(bytes: file.bytes)), in: folder)
    }
}
