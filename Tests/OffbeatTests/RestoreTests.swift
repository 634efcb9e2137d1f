import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

@Test func aRestoredTrackIsWhatItWas() throws {
    try withPlace { place in
        let id = try place.add("one.wav", frequency: 100) { $0.tags = ["demo"] }.id.hex
        try place.edit(id, "x-mood=calm", "artist=Shore")
        let (then, before) = (try place.library.version(), try place.session.show(id))
        place.clock.pass(seconds: 1)
        try place.edit(id, "title=two", "artist=", "x-mood=", "year=1999", "-demo", "+live")
        _ = try place.session.replace(id, with: place.sound("two.wav", frequency: 200))
        let outcome = try place.session.restore(id, at: then.description)
        #expect(outcome.isChanged && outcome.kept.isEmpty)
        var (old, new) = (before.json.asObject ?? [:], outcome.track.json.asObject ?? [:])
        #expect(old["modified"] != new["modified"])
        (old["modified"], new["modified"]) = (nil, nil)
        #expect(old == new)
        let modified = outcome.track.track.stamp(of: "title")
        #expect(modified > before.track.stamp(of: "title"))
        #expect(try place.session.diff(then.description, "HEAD").count == 1, "the stamps are new")
    }
}

@Test func whereNothingDiffersThereIsNoNewVersion() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let version = try place.library.version()
        let outcome = try place.session.restore(id, at: "HEAD")
        #expect(!outcome.isChanged && outcome.version == version && outcome.track.id.hex == id)
        try place.edit(id, "title=two")
        try place.session.undo()
        #expect(try !place.session.restore(id, at: version.description).isChanged)
    }
}

@Test func aRemovedTrackReturns() throws {
    try withPlace { place in
        let id = try place.add("night train.wav").id.hex
        _ = try place.session.remove([id])
        for name in [id, String(id.prefix(6)), "night"] {
            let outcome = try place.session.restore(name, at: "HEAD~1")
            #expect(outcome.isChanged && outcome.track.id.hex == id && outcome.track.isHere)
            _ = try place.session.remove([id])
            _ = try place.session.restore(id, at: "HEAD~1")
            _ = try place.session.remove([id])
        }
    }
}

@Test func aTrackIsFoundByTheNameThatItHasNow() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try place.edit(id, "title=two")
        #expect(try place.session.restore("two", at: "HEAD~1").track.track.title == "one")
        try failure(.notFound) { try place.session.restore("three", at: "HEAD") }
        let message = try failure(.notFound) { try place.session.restore(id, at: "HEAD~3") }.message
        #expect(message.contains("was not there at version"))
        try failure(.notFound) { try place.session.restore(id, at: "HEAD~30") }
    }
}

@Test func aNameThatNoTrackHadOrHasIsToldWithTheVersion() throws {
    try withPlace { place in
        let version = try place.library.version().short
        let id = try place.add("one.wav").id
        try place.add("one more.wav", frequency: 880)
        let refused = try failure(.notFound) { try place.session.restore("three", at: "HEAD") }
        let now = try place.library.version().short
        #expect(refused.message == "no track is named three, neither at version \(now) nor now")
        #expect(refused.hint?.contains("offbeat log") == true)
        // Before both were added: one name is one track's now, the other several tracks'.
        let early = try failure(.notFound) { try place.session.restore("more", at: version) }
        #expect(early.message.hasSuffix("was not there at version \(version)"))
        try failure(.ambiguous) { try place.session.restore("one", at: version) }
        try place.commitPlainly([RecordPath.track(id).text: Array("{".utf8)])
        let broken = try failure(.notFound) { try place.session.restore(id.hex, at: version) }
        #expect(broken.message == "no track is named \(id), neither at version \(version) nor now")
    }
}

@Test func aRecordThatCannotBeReadIsReplaced() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let late = Stamp(milliseconds: 1_900_000_000_000, replica: ReplicaID(truncating: 9))
        try place.commitPlainly([
            RecordPath.track(track.id).text: Array("{\"title\": \"x\", \"at\": \"\(late)\"".utf8)
        ])
        let refused = try failure(.damaged) { try place.session.show(track.id.hex) }
        #expect(refused.hint?.contains("offbeat restore \(track.id) --at") == true)
        let outcome = try place.session.restore(track.id.hex, at: "HEAD~1")
        #expect(outcome.isChanged && outcome.track.track.title == "one" && outcome.track.isHere)
        #expect(outcome.track.track.stamp(of: "title") > late, "greater than what can still be read")
        try failure(.damaged) { try place.session.restore(track.id.hex, at: "HEAD~1") }
        #expect(try !place.session.restore(track.id.hex, at: "HEAD").isChanged)
    }
}

@Test func aRecordThatIsMissingInItsFolderReturns() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        try place.commitPlainly([:], removing: [RecordPath.track(track.id).text])
        #expect(try place.session.status().unreadable.count == 1)
        #expect(try place.session.restore(track.id.hex, at: "HEAD~1").track.track.title == "one")
        #expect(try place.session.status().unreadable.isEmpty)
    }
}

@Test func aFileThatIsGoneDoesNotHinder() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        _ = try place.session.replace(track.id.hex, with: place.sound("two.wav", frequency: 200))
        try FileSystem.remove(place.store.blobs.path(of: track.track.audio.oid))
        let outcome = try place.session.restore(track.id.hex, at: "HEAD~1")
        #expect(outcome.isChanged && !outcome.track.isHere && outcome.track.track.audio == track.track.audio)
    }
}

@Test func filesReturnFromQuarantineWithWhatNamesThem() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let (id, file) = (track.id.hex, try pointer(to: place.sounds.appending("one.wav")))
        func setAside() throws {
            let store = try place.store
            let owner = try TemporaryDirectory(in: store.blobs.directory.appending("tmp"))
            try store.blobs.quarantine.setAside([file], at: 1, owner: owner)
            #expect(!store.blobs.contains(file))
        }
        // With its pointer alone, as after a replacement, and with the whole folder.
        _ = try place.session.replace(id, with: place.sound("two.wav", frequency: 200))
        try setAside()
        #expect(try place.session.undo().changes.map(\.fields) == [["audio"]])
        #expect(try place.session.show(id).isHere)
        _ = try place.session.remove([id])
        try setAside()
        #expect(try place.session.restore(id, at: "HEAD~1").track.isHere)
        _ = try place.session.remove([id])
        try setAside()
        try place.session.undo()
        #expect(try place.session.show(id).isHere)
        #expect(try place.session.status().files == (1, 0))
    }
}

@Test func whereTracksAreApartOnlyTheirOwnersBringThemBack() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let band = try place.workspace("band", ["ana", "ben"])
        let track = try place.add("one.wav", as: "ana")
        try place.share(track.id, with: band)
        let (id, then) = (track.id.hex, try place.library.version().description)
        try place.edit(id, "title=two", as: "ana")
        #expect(try place.session("ben").restore(id, at: then).track.track.title == "one")
        _ = try place.session("ana").remove([id])
        try failure(.notAllowed) { try place.session("ben").restore(id, at: then) }
        #expect(try place.session("ana").restore(id, at: then).isChanged)
        try place.edit(id, "owner=ben", as: "ana")
        let kept = try place.session("ana").restore(id, at: then).kept
        #expect(kept.map(\.reason) == ["only its owner gives it away"])
    }
}

@Test func aStrangerRestoresNothing() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav", as: "ana").id.hex
        try failure(.notFound) { try place.session("ben").restore(id, at: "HEAD") }
        try place.edit(id, "owner=ben", as: "ana")
        try failure(.notAllowed) { try place.session("ana").restore(id, at: "HEAD~1") }
    }
}

@Test func theLogFindsTracksThatAreGone() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        func count(_ name: String, as handle: String = "ana") throws -> Int {
            var count = 0
            try place.session(handle).log(of: name) { _ in
                count += 1
                return true
            }
            return count
        }
        let one = try place.add("night train.wav", frequency: 100, as: "ana").id.hex
        let two = try place.add("night bus.wav", frequency: 200, as: "ana").id.hex
        try place.edit(one, "+live", as: "ana")
        _ = try place.session("ana").remove([one, two])
        #expect(try count(one) == 3)
        #expect(try count(String(two.prefix(8))) == 2)
        #expect(try count("train") == 3)
        #expect(try failure(.ambiguous) { try count("night") }.message.contains(one))
        try failure(.notFound) { try count("train", as: "ben") }
        try failure(.notFound) { try count("plane") }
    }
}

@Test func aStoreHasTheNewestFormatAlready() throws {
    try withPlace { place in
        #expect(try place.library.upgrade() == UpgradeOutcome(format: 1, mergeRules: 1, isUpgraded: false))
        var info = try place.library.info().fields
        info["format"] = 2
        try place.commitPlainly(["offbeat.json": JSON.object(info).canonical()])
        try failure(.newerFormat) { try place.library.upgrade() }
    }
}
