import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

// MARK: Words for changes

@Test func changesAreReadFromWords() throws {
    #expect(try TrackChange(parsing: "title=Low = Tide") == .field("title=Low = Tide"))
    #expect(try TrackChange(parsing: "+live") == .addTag("live"))
    #expect(try TrackChange(parsing: "-live") == .removeTag("live"))
    #expect(try TrackChange(parsing: "+a=b") == .addTag("a=b"))
}

@Test(arguments: ["", "+", "-", "title", "live"])
func aWordThatIsNoChangeIsRefused(_ word: String) throws {
    let failure = try failure(.usage) { try TrackChange(parsing: word) }
    #expect(failure.hint?.contains("field=value") == true)
}

// MARK: Editing

@Test func fieldsAreSetAndCleared() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let outcome = try place.edit(id, "title=Low Tide", "bpm=128.5", "key=A minor", "year=2026", "x-mood=grey")
        let track = try #require(outcome.tracks.first).track
        #expect(track.title == "Low Tide" && track.bpm == 128.5 && track.key == "A minor" && track.year == 2026)
        #expect(track.extensions.map(\.name) == ["x-mood"])
        #expect(try outcome.version == place.library.version())
        _ = try place.edit(id, "title=", "x-mood=")
        #expect(try place.session.show(id).track.title == nil)
        #expect(try place.session.show(id).track.extensions.isEmpty)
        #expect(try place.session.show(id).track.bpm == 128.5)
    }
}

@Test func tagsComeAndGo() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        #expect(try place.edit(id, "+live", "+demo", "-demo").tracks.first?.track.tags == ["live"])
        #expect(try place.edit(id, "-live").tracks.first?.track.tags == [])
    }
}

@Test func anEditThatChangesNothingMakesNoVersion() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let before = try place.library.version()
        let outcome = try place.edit(id, "title=one", "-live", "album=")
        #expect(outcome.version == before && outcome.tracks.isEmpty)
    }
}

@Test func aQueryEditsAllItsMatchesInOneVersion() throws {
    try withPlace { place in
        try place.add("low one.wav", frequency: 100)
        try place.add("low two.wav", frequency: 200)
        try place.add("high.wav", frequency: 300)
        let before = try place.library.version()
        let request = EditRequest(.matches("low"), changes: [.addTag("tide")])
        #expect(try place.session.edit(request).tracks.count == 2)
        #expect(try place.store.version(named: "HEAD~1") == before)
        #expect(try titles(place.session, "tag:tide") == ["low one", "low two"])
    }
}

@Test func aDryRunSaysWhatWouldChangeAndChangesNothing() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let before = try place.library.version()
        var request = EditRequest(.one(id), changes: [.field("title=Other")])
        request.isDryRun = true
        let outcome = try place.session.edit(request)
        #expect(outcome.tracks.first?.track.title == "Other" && outcome.version == before)
        #expect(try place.library.version() == before)
        #expect(try place.session.show(id).track.title == "one")
    }
}

@Test func anEditMayInsistOnAVersion() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let seen = try place.library.version()
        var request = EditRequest(.one(id), changes: [.field("title=two")])
        request.expectedVersion = seen.short
        _ = try place.session.edit(request)
        request.changes = [.field("title=three")]
        let failure = try failure(.wrongState) { try place.session.edit(request) }
        #expect(failure.message.contains(seen.short) && failure.hint?.contains("offbeat diff") == true)
        #expect(try place.session.show(id).track.title == "two")
        request.expectedVersion = "0000000000"
        try OffbeatTests.failure(.notFound) { try place.session.edit(request) }
    }
}

@Test func anEditWithoutChangesIsRefused() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try failure(.usage) { try place.edit(id) }
    }
}

@Test(arguments: ["colour=red", "year=soon", "bpm=-1", "key=H", "id=0", "tags=live", "rating=9", "created=x"])
func aFieldOrValueThatCannotBeIsRefused(_ change: String) throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let before = try place.library.version()
        let failure = #expect(throws: Failure.self) { try place.edit(id, change) }
        #expect([.usage, .overLimit].contains(failure?.code), "\(change): \(String(describing: failure))")
        #expect(try place.library.version() == before)
    }
}

@Test func oneBadChangeLeavesTheGoodOnesUndone() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try failure(.usage) { try place.edit(id, "title=two", "year=soon") }
        #expect(try place.session.show(id).track.title == "one")
    }
}

// MARK: Owners

@Test func aTrackIsGivenToAPersonByHandle() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav").id.hex
        #expect(try place.edit(id, "owner=ben").tracks.first?.owner == "ben")
        let failure = try failure(.usage) { try place.edit(id, "owner=zoe") }
        #expect(failure.message.contains("zoe"))
        #expect(try place.edit(id, "owner=").tracks.first?.owner == nil)
    }
}

@Test func aHandleThatTwoPeopleHaveStandsForNeither() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav").id.hex
        try place.twin(of: "ben")
        let failure = try failure(.ambiguous) { try place.edit(id, "owner=ben") }
        #expect(failure.message.contains("ben"))
        try OffbeatTests.failure(.ambiguous) { try place.add("two.wav", frequency: 300) { $0.owner = "ben" } }
    }
}

@Test func inAStoreOfWorkspacesATrackKeepsAnOwner() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav").id.hex
        try failure(.notAllowed) { try place.edit(id, "owner=") }
        _ = try place.edit(id, "owner=ben")
        try failure(.notFound) { try place.session.show(id) }
        #expect(try place.session("ben").show(id).owner == "ben")
    }
}

// MARK: Removing and replacing

@Test func tracksAreRemovedInOneVersion() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100).id
        let two = try place.add("two.wav", frequency: 200).id
        let before = try place.library.version()
        let outcome = try place.session.remove([one.hex, two.hex, one.hex])
        #expect(outcome.tracks.map(\.id) == [one, two])
        #expect(try place.session.list(ListRequest()).total == 0)
        #expect(try place.store.version(named: "HEAD~1") == before)
        #expect(try place.store.snapshot(of: before).trackCount() == 2)
    }
}

@Test func ifOneOfThemIsNotThereNoneIsRemoved() throws {
    try withPlace { place in
        let one = try place.add("one.wav").id
        try failure(.notFound) { try place.session.remove([one.hex, "nothing such"]) }
        #expect(try place.session.list(ListRequest()).total == 1)
    }
}

@Test func otherAudioKeepsTheTrackAndWhatIsSaidOfIt() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let file = try place.sound("two.wav", frequency: 200, seconds: 0.1)
        let outcome = try place.session.replace("one", with: file)
        let replaced = try #require(outcome.tracks.first)
        #expect(replaced.id == track.id && replaced.track.title == "one" && replaced.durationMs == 100)
        #expect(try replaced.track.audio.oid == pointer(to: file).oid)
        #expect(replaced.track.audio.name == "two.wav" && replaced.isHere)
        let before = try place.library.version()
        #expect(try place.session.replace("one", with: file).tracks.isEmpty)
        #expect(try place.library.version() == before)
    }
}

@Test func audioOfAnotherFormatTakesThePlaceOfTheOld() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let file = place.sounds.appending("two.au")
        try FileSystem.write(au(frames: 800), to: file)
        let replaced = try place.session.replace(track.id.hex, with: file).tracks.first
        #expect(replaced?.facts?.format == "au")
        let files = try place.store.changes(from: nil, to: place.library.version())
        #expect(files.first { $0.folder == .track(track.id) }?.files == ["audio.au", "track.json"])
    }
}

@Test func onlyAFileThatIsAudioReplaces() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let notes = place.sounds.appending("notes.txt")
        try FileSystem.write("hello", to: notes)
        try failure(.notAudio) { try place.session.replace(track.id.hex, with: notes) }
        try failure(.notFound) { try place.session.replace(track.id.hex, with: place.sounds.appending("none")) }
        try failure(.notFound) { try place.session.replace("nothing such", with: place.sound("two.wav")) }
        #expect(try place.session.show(track.id.hex).track.audio == track.track.audio)
    }
}

@Test func aFolderReplacesNothingAndIsNotTakenIn() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let other = try place.sound("more/two.wav", frequency: 200)
        let failure = try failure(.usage) { try place.session.replace(track.id.hex, with: other.parent) }
        #expect(failure.message.contains("more"))
        #expect(try !place.store.blobs.contains(pointer(to: other)))
    }
}

/// A sound in the format of Sun and NeXT: silence of 16 bits.
private func au(frames: Int) -> [UInt8] {
    func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    return Array(".snd".utf8) + big(24) + big(frames * 2) + big(3) + big(8000) + big(1)
        + [UInt8](repeating: 0, count: frames * 2)
}
