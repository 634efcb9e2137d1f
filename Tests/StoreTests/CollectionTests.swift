import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

private let day: Int64 = 86_400_000

extension World {
    /// Adds tracks of these titles, whose audio is in the store.
    @discardableResult
    func addWithFiles(_ titles: String...) throws -> [TrackID] {
        var ids: [TrackID] = []
        for title in titles { try putFiles(title, in: store) }
        try store.write(by: ana) { draft in
            ids = try titles.map { try draft.add($0, mayBeAbsent: false) }
            return "Add"
        }
        return ids
    }

    func removeTrack(_ id: TrackID) throws {
        try store.write(by: ana) { draft in
            draft.remove(id)
            return "Remove"
        }
    }

    /// Collects, with no time of grace unless it is said.
    func collect(_ fill: (inout CollectionRequest) -> Void = { _ in }) throws -> CollectionOutcome {
        var request = CollectionRequest()
        request.keepQuarantine = .milliseconds(0)
        fill(&request)
        return try store.collect(request)
    }

    /// What of these words' files is in the store.
    func here(_ texts: String...) -> [Bool] { texts.map { store.blobs.contains(audio(of: $0)) } }

    /// Says that a remote has everything up to now.
    func confirm(_ version: Version? = nil) throws {
        try point("refs/remotes/origin/main", at: version ?? store.version())
    }

    func point(_ name: String, at version: Version) throws {
        let repository = try Repository(at: path)
        try repository.moveReference(
            name, from: repository.resolve(name), to: version.id, message: "test",
            by: Signature(name: "Somebody", email: "s@example.org", seconds: 0))
    }

    @discardableResult
    func git(_ words: String...) throws -> String {
        let result = try run(
            command: "git",
            arguments: ["-C", path.string, "-c", "user.name=G", "-c", "user.email=g@invalid"] + words,
            environment: hermeticEnvironment(home: folder))
        try #require(result.status == 0, "\(words): \(result.stderr)")
        return result.stdout.split(separator: "\n").first.map(String.init) ?? ""
    }

    func requireSound(location: SourceLocation = #_sourceLocation) throws {
        #expect(try store.blobs.journal.differences().isEmpty, sourceLocation: location)
        #expect(try FileSystem.list(path.appending("lfs/tmp")).isEmpty, sourceLocation: location)
    }
}

@Suite struct CollectionTests {
    @Test func whatNothingNeedsIsSetAsideAndDeletedByALaterRun() throws {
        try withWorld { world in
            try world.addWithFiles("needed")
            try putFiles("orphan", in: world.store)
            let first = try world.collect()
            #expect([first.quarantined, first.deleted, first.revived] == [1, 0, 0])
            #expect(world.here("needed", "orphan") == [true, false])
            #expect(try world.store.blobs.quarantine.find(audio(of: "orphan").oid) != nil)
            let second = try world.collect()
            #expect([second.quarantined, second.deleted] == [0, 1])
            #expect(second.bytes == audio(of: "orphan").size)
            #expect(try world.store.blobs.quarantine.shelves().isEmpty)
            let third = try world.collect()
            #expect([third.quarantined, third.deleted, third.revived] == [0, 0, 0])
            try world.requireSound()
        }
    }

    @Test func whatWasSetAsideIsHeldAsLongAsIsSaid() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            let grace = { (request: inout CollectionRequest) in request.keepQuarantine = .days(14) }
            #expect(try world.collect(grace).quarantined == 1)
            world.surroundings.pass(milliseconds: 14 * day - 1)
            #expect(try world.collect(grace).deleted == 0)
            #expect(try world.collect { $0.keepQuarantine = .forever }.deleted == 0)
            world.surroundings.pass(milliseconds: 1)
            #expect(try world.collect(grace).deleted == 1)
        }
    }

    @Test func aClockThatWentBackDeletesNothing() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            #expect(try world.collect().quarantined == 1)
            world.surroundings.pass(milliseconds: -day)
            #expect(try world.collect().deleted == 0)
        }
    }

    @Test func whatIsNeededAgainIsTakenBack() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            #expect(try world.collect().quarantined == 1)
            // Plain git names it, and does not ask.
            try world.commitPlainly(["tracks/audio.wav": audio(of: "orphan").encoded()])
            #expect(try world.collect().revived == 1)
            #expect(try world.store.blobs.verify(audio(of: "orphan")) == .sound)
            try world.requireSound()
        }
    }

    @Test func whatIsNeededAgainAndDamagedStaysInQuarantine() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            #expect(try world.collect().quarantined == 1)
            let item = try #require(try world.store.blobs.quarantine.find(audio(of: "orphan").oid))
            try FileSystem.remove(item.path)
            try FileSystem.write("ORPHAN", to: item.path)
            try world.commitPlainly(["tracks/audio.wav": audio(of: "orphan").encoded()])
            for _ in 0..<2 {
                let outcome = try world.collect()
                #expect([outcome.revived, outcome.deleted] == [0, 0])
            }
            #expect(FileSystem.exists(item.path))
        }
    }

    @Test func whatLiesInBothPlacesIsTheOneThatWasPutLast() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            #expect(try world.collect().quarantined == 1)
            try world.addWithFiles("orphan")
            let outcome = try world.collect { $0.keepQuarantine = .forever }
            #expect([outcome.deleted, outcome.revived, outcome.quarantined] == [1, 0, 0])
            #expect(world.here("orphan") == [true])
        }
    }

    @Test func aDryRunSaysTheSameAndChangesNothing() throws {
        try withWorld { world in
            try putFiles("old", in: world.store)
            _ = try world.collect()
            try putFiles("new", in: world.store)
            let before = try FileSystem.list(world.path.appending("lfs/quarantine"))
            let told = try world.collect { $0.isDryRun = true }
            #expect(world.here("new") == [true])
            #expect(try FileSystem.list(world.path.appending("lfs/quarantine")) == before)
            #expect(try world.collect() == told)
            #expect([told.quarantined, told.deleted] == [1, 1])
        }
    }

    @Test func objectsArePackedAndOldTemporariesGo() throws {
        try withWorld { world in
            try world.add("one", "two")
            let left = world.path.appending("lfs/tmp/offbeat-0123456789abcdef")
            try FileSystem.makeDirectory(left)
            _ = try world.collect()
            #expect(try Repository(at: world.path).looseCount() == 0)
            #expect(!FileSystem.exists(left))
            #expect(try titles(in: world.store.snapshot()) == ["one", "two"])
        }
    }
}

@Suite struct NeedTests {
    @Test func withoutARemoteAllOfHistoryIsNeeded() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try world.removeTrack(id)
            world.surroundings.pass(milliseconds: 1000 * day)
            let outcome = try world.collect { $0.keepHistory = .milliseconds(0) }
            #expect(outcome.quarantined == 0 && outcome.onlyHere.isEmpty)
        }
    }

    @Test func theConfirmedPastGoesWhenItIsOldAndElsewhere() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try world.removeTrack(id)
            try world.rename(try world.addWithFiles("two")[0], to: "other")
            try world.confirm()
            let elsewhere = { (request: inout CollectionRequest) in request.copies = { OtherCopies(held: Set($0)) }
            }
            #expect(try world.collect(elsewhere).quarantined == 0)
            world.surroundings.pass(milliseconds: 91 * day)
            #expect(try world.collect().onlyHere == [audio(of: "one").oid])
            #expect(try world.collect { $0.keepHistory = .forever }.onlyHere.isEmpty)
            #expect(try world.collect(elsewhere).quarantined == 1)
            #expect(world.here("one", "two") == [false, true])
            // And when the other place has lost it, it comes back.
            let outcome = try world.collect()
            #expect(outcome.revived == 1 && outcome.onlyHere == [audio(of: "one").oid])
        }
    }

    @Test func theVersionThatWasTheHeadWhenHistoryBeginsIsKept() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            world.surroundings.pass(milliseconds: 100 * day)
            try world.removeTrack(id)
            try world.confirm()
            world.surroundings.pass(milliseconds: day)
            let elsewhere = { (request: inout CollectionRequest) in request.copies = { OtherCopies(held: Set($0)) }
            }
            #expect(try world.collect(elsewhere).quarantined == 0)
            world.surroundings.pass(milliseconds: 90 * day)
            #expect(try world.collect(elsewhere).quarantined == 1)
        }
    }

    @Test func whatNoRemoteHasConfirmedIsNeededWhateverItsAge() throws {
        try withWorld { world in
            try world.confirm()
            let id = try world.addWithFiles("one")[0]
            try world.removeTrack(id)
            world.surroundings.pass(milliseconds: 1000 * day)
            let outcome = try world.collect {
                $0.keepHistory = .milliseconds(0)
                $0.copies = { OtherCopies(held: Set($0)) }
            }
            #expect(outcome.quarantined == 0)
        }
    }

    @Test func everyKindOfReferenceHoldsWhatItNames() throws {
        try withWorld { world in
            let start = try world.store.version()
            try world.git("config", "core.logAllRefUpdates", "always")
            func version(naming text: String) throws -> Version {
                try putFiles(text, in: world.store)
                let version = try world.commitPlainly(["tracks/audio.wav": audio(of: text).encoded()])
                try world.git("update-ref", "refs/heads/main", start.description)
                return version
            }
            let names = ["branch", "tag", "annotated", "note", "head", "tree", "blob", "log"]
            let versions = try names.map(version)
            try world.git("branch", "side", versions[0].description)
            try world.git("tag", "light", versions[1].description)
            try world.git("tag", "-a", "-m", "twice", "inner", versions[2].description)
            try world.git("tag", "-a", "-m", "twice", "outer", "inner")
            try world.git("update-ref", "refs/odd/thing", versions[3].description)
            try world.git("update-ref", "--no-deref", "HEAD", versions[4].description)
            try world.git("update-ref", "refs/tags/tree", world.git("rev-parse", "\(versions[5])^{tree}"))
            try world.git("update-ref", "refs/tags/blob", world.git("rev-parse", "\(versions[6]):tracks/audio.wav"))
            // All were branch main once, which its reflog remembers.
            #expect(try world.collect().quarantined == 0)
            try FileSystem.removeTree(world.path.appending("logs"))
            #expect(try world.collect().quarantined == 1)
            for name in names { #expect(world.here(name) == [name != "log"], "\(name)") }
        }
    }

    @Test func anotherWorkTreeHoldsWhatItStandsOn() throws {
        try withWorld { world in
            try putFiles("one", in: world.store)
            let version = try world.commitPlainly(["audio.wav": audio(of: "one").encoded()])
            try world.git("worktree", "add", "-q", "--detach", world.folder.appending("tree").string)
            try world.git("update-ref", "refs/heads/main", "\(version)~1")
            try FileSystem.removeTree(world.path.appending("logs"))
            #expect(try world.collect().quarantined == 0)
            try FileSystem.removeTree(world.path.appending("worktrees"))
            #expect(try world.collect().quarantined == 1)
        }
    }

    @Test func pointersInOtherWordsAndPlacesHoldTheirFiles() throws {
        try withWorld { world in
            func words(_ text: String) -> [UInt8] { audio(of: text).encoded() }
            let files = ["crlf", "alias", "deep", "json", "wrong size"]
            for file in files { try putFiles(file, in: world.store) }
            let hex = audio(of: "wrong size").oid.hex
            try world.commitPlainly([
                "tracks/audio.wav": words("crlf").flatMap { $0 == 10 ? [13, 10] : [$0] },
                "stems/alias.flac": Array(
                    String(decoding: words("alias"), as: UTF8.self)
                        .replacing("git-lfs.github.com/spec", with: "hawser.github.com/spec").utf8),
                "a/b/c/d/e/f/g/h/notes": words("deep"), "tracks/pointer.json": words("json"),
                "size": Array("version https://git-lfs.github.com/spec/v1\noid sha256:\(hex)\nsize 1\n".utf8),
                "large": [UInt8](repeating: 32, count: 5000), "empty": [],
            ])
            #expect(try world.collect().quarantined == 0)
            try putFiles("link", in: world.store)
            #expect(try world.collect().quarantined == 1)
        }
    }

    @Test func whatARunningImportHasPutStays() throws {
        try withWorld { world in
            let batch = try world.store.blobs.beginBatch()
            let file = try batch.put(bytes: [1, 2, 3]).pointer
            try batch.commit()
            #expect(try world.collect().quarantined == 0)
            try world.store.exclusively { writer in
                let needs = try writer.needs(of: [file], keepHistory: .forever)
                #expect(needs.verdict(on: file) { true } == .mustStay(.runningImport))
                #expect(needs.verdict(on: audio(of: "other")) { true } == .mustStay(.unknown))
            }
            batch.end()
            #expect(try world.collect().quarantined == 1)
        }
    }

    @Test func theStrongestReasonIsTold() throws {
        try withWorld { world in
            let one = try world.addWithFiles("one")[0]
            let first = try world.store.version()
            try world.removeTrack(one)
            let two = try world.addWithFiles("two")[0]
            let second = try world.store.version()
            try world.removeTrack(two)
            try world.confirm(second)
            try world.addWithFiles("three")
            world.surroundings.pass(milliseconds: 100 * day)
            try world.addWithFiles("three")
            try world.store.exclusively { writer in
                let files = ["one", "two", "three", "four"].map(audio(of:))
                let needs = try writer.needs(of: files, keepHistory: .days(90))
                #expect(needs.verdict(on: files[0]) { false } == .mustStay(.onlyCopy(first)))
                #expect(needs.verdict(on: files[0]) { true } == .mayGo)
                #expect(needs.verdict(on: files[1]) { true } == .mustStay(.head("refs/remotes/origin/main")))
                #expect(needs.verdict(on: files[2]) { true } == .mustStay(.head("refs/heads/main")))
                #expect(needs.verdict(on: files[3]) { false } == .mayGo)
            }
            try world.point("refs/remotes/origin/main", at: try world.store.version())
            try world.store.exclusively { writer in
                let needs = try writer.needs(of: [audio(of: "two")], keepHistory: .days(101))
                #expect(needs.verdict(on: audio(of: "two")) { false } == .mustStay(.recent(second)))
            }
        }
    }

    @Test(arguments: ["commit", "tree", "pointer"])
    func nothingGoesWhileSomethingCannotBeRead(what: String) throws {
        try withWorld { world in
            try world.add("absent")
            let id = try world.add("two")[0]
            try putFiles("orphan", in: world.store)
            let name =
                switch what {
                case "commit": "HEAD~1"
                case "tree": "HEAD:tracks"
                default: "HEAD:\(RecordFolder.track(id).path)/audio.wav"
                }
            let object = try world.git("rev-parse", name)
            let file = world.path.appending("objects/\(object.prefix(2))/\(object.dropFirst(2))")
            try FileSystem.remove(file)
            let store = try world.reopen()
            let error = try storeError(.damaged) { try store.collect(CollectionRequest()) }
            #expect(error.hint?.contains("offbeat fsck") == true)
            #expect(world.here("orphan") == [true])
            try FileSystem.write("garbage", to: file)
            try storeError(.damaged) { try world.reopen().collect(CollectionRequest()) }
        }
    }

    @Test func aBranchThatHoldsNoIdKeepsEverything() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            try FileSystem.write("garbage\n", to: world.path.appending("refs/heads/side"))
            try storeError(.damaged) { try world.collect() }
            #expect(world.here("orphan") == [true])
        }
    }
}

@Suite struct GuestNeedTests {
    /// A guest's store over another, as git would make one.
    private func guest(_ name: String, of world: World) throws -> Store {
        let path = world.path.appending("scratch").appending(name)
        try FileSystem.makeDirectories(path.parent)
        try world.git("clone", "-q", "--bare", "--shared", world.path.string, path.string)
        try FileSystem.makeDirectories(path.appending("lfs/objects"))
        return try Store(at: path, context: world.surroundings.context())
    }

    @Test func whatAGuestNamesStays() throws {
        try withWorld { world in
            try world.add("one")
            let guest = try guest("bo", of: world)
            try putFiles("guest's", in: world.store)
            let version = try commitByHand(in: guest.path, ["audio.wav": audio(of: "guest's").encoded()])
            try commitByHand(in: guest.path, [:], removing: ["audio.wav"])
            #expect(try world.collect().quarantined == 0)
            try world.store.exclusively { writer in
                let needs = try writer.needs(of: [audio(of: "guest's")], keepHistory: .days(1))
                #expect(needs.verdict(on: audio(of: "guest's")) { true } == .mustStay(.unsynced(version)))
            }
            try FileSystem.removeTree(guest.path)
            #expect(try world.collect().quarantined == 1)
        }
    }

    @Test func whatAGuestIsPuttingStays() throws {
        try withWorld { world in
            let guest = try guest("bo", of: world)
            let file = try putFiles("guest's", in: world.store)[0]
            try FileSystem.makeDirectories(guest.blobs.path(of: file.oid).parent)
            try FileSystem.write("guest's", to: guest.blobs.path(of: file.oid))
            let batch = try guest.blobs.beginBatch()
            #expect(try batch.put(bytes: Array("guest's".utf8)).wasHere)
            try batch.commit()
            #expect(try world.collect().quarantined == 0)
            batch.end()
            #expect(try world.collect().quarantined == 1)
        }
    }

    @Test func whileAGuestCannotBeReadNothingGoes() throws {
        try withWorld { world in
            try putFiles("orphan", in: world.store)
            try FileSystem.makeDirectories(world.path.appending("scratch/bo"))
            let error = try storeError(.damaged) { try world.collect() }
            #expect(error.message.contains("scratch/bo"))
            #expect(world.here("orphan") == [true])
        }
    }
}

@Test(arguments: [
    ("0", Retention.milliseconds(0)), ("forever", .forever), ("12h", .milliseconds(43_200_000)), ("90d", .days(90)),
    ("0d", .milliseconds(0)), ("2w", .days(14)),
])
func lengthsOfTimeAreRead(text: String, retention: Retention) {
    #expect(Retention(text) == retention)
    #expect(Retention(retention.description) == retention)
}

@Test(arguments: [
    "", "d", "90", "-1d", "1.5d", "1 d", "90D", "00", "d90", "never", "99999999999999999999d",
    "18446744073709551615w",
])
func whatIsNoLengthOfTimeIsRefused(text: String) {
    #expect(Retention(text) == nil)
}
