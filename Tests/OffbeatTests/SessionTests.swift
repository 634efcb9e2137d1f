import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

// MARK: Who acts

@Test func theOnlyPersonActsWhereNobodyIsNamed() throws {
    try withPlace(people: []) { place in
        #expect(try place.session.person == nil)
        let track = try place.add("one.wav")
        #expect(track.owner == nil)
        try place.addPerson("ana")
        #expect(try place.session.person?.handle?.text == "ana")
    }
}

@Test func ofSeveralPeopleNoneActsUnnamed() throws {
    try withPlace(people: []) { place in
        try place.addPerson("ana")
        try place.addPerson("ben")
        let session = try place.session
        #expect(session.person == nil)
        #expect(try session.list(ListRequest()).total == 0)
        let failure = try failure(.notAllowed) { try place.add("one.wav") }
        #expect(failure.hint?.contains("--user") == true)
        #expect(try place.add("one.wav", as: "ben").owner == "ben")
    }
}

@Test func nobodyWritesUnnamedWhereTracksAreKeptApart() throws {
    try withPlace(sharing: .workspaces, people: []) { place in
        let failure = try failure(.notAllowed) { try place.add("one.wav") }
        #expect(failure.hint?.contains("offbeat user add") == true)
        #expect(try place.session.list(ListRequest()).total == 0)
        try place.addPerson("ana")
        #expect(try place.add("one.wav").owner == "ana")
    }
}

@Test func theConfiguredPersonActs() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        #expect(try place.session.person?.handle?.text == "ana")
        try place.library.settings.set(.user, to: "ben")
        #expect(try place.session.person?.handle?.text == "ben")
        #expect(try place.session("ana").person?.handle?.text == "ana")
    }
}

@Test func somebodyWhomNobodyKnowsCannotAct() throws {
    try withPlace { place in
        let failure = try failure(.notFound) { try place.session("zoe") }
        #expect(failure.message.contains("zoe") && failure.hint?.contains("offbeat user add zoe") == true)
    }
}

@Test func aConfiguredPersonWhoIsStillToComeLocksNobodyOut() throws {
    try withPlace(people: []) { place in
        try place.library.settings.set(.user, to: "ana")
        try place.addPerson("ana")
        #expect(try place.session.person?.handle?.text == "ana")
    }
}

@Test func twoPeopleUnderOneHandleActByTheirIds() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let twin = try place.twin(of: "ben")
        let failure = try failure(.ambiguous) { try place.session("ben") }
        #expect(failure.hint?.contains(twin.id.hex) == true)
        #expect(try place.session(twin.id.hex).person?.id == twin.id)
    }
}

// MARK: People

@Test func aPersonIsAddedWithNameAndAddress() throws {
    try withPlace { place in
        let handle = try #require(Handle("ben"))
        let (person, version) = try place.session.addPerson(handle, name: "Ben", email: "ben@example.org")
        #expect(try version == place.library.version())
        #expect(person.name == "Ben" && person.email == "ben@example.org")
        #expect(try place.session.people().map { $0.handle?.text } == ["ana", "ben"])
        #expect(try place.session.people().last == person)
    }
}

@Test func aHandleThatIsTakenIsRefused() throws {
    try withPlace { place in
        let before = try place.library.version()
        let failure = try failure(.wrongState) { try place.addPerson("ana") }
        #expect(failure.message.contains("ana") && failure.hint != nil)
        #expect(try place.library.version() == before)
    }
}

@Test func aNameOfTwoLinesIsRefused() throws {
    try withPlace { place in
        let handle = try #require(Handle("ben"))
        try failure(.usage) { try place.session.addPerson(handle, name: "Ben\nLow", email: nil) }
    }
}

// MARK: The library

@Test func aLibraryKnowsItsNameAndPlace() throws {
    try withPlace { place in
        #expect(place.library.path == place.path)
        #expect(try place.library.info().name == "Band")
        let again = try Library(at: place.path, context: place.clock.context)
        #expect(try again.version() == place.library.version())
        #expect(again.context.machine == [1, 2, 3])
    }
}

@Test func aPlaceWithoutALibraryIsNoStore() throws {
    try withTemporaryDirectory { folder in
        let context = Place.Clock().context
        let failure = try failure(.notAStore) { try Library(at: folder, context: context) }
        #expect(failure.message.contains(folder.string))
    }
}

@Test func aLibraryIsNotMadeWhereOneIs() throws {
    try withPlace { place in
        try failure(.wrongState) {
            try Library.create(
                at: place.path, seed: StoreSeed(name: "x"), context: place.clock.context, insisting: true)
        }
    }
}

@Test func aNewerStoreIsRefused() throws {
    try withPlace { place in
        var fields = try place.library.info().fields
        fields["format"] = 2
        try place.commitPlainly(["offbeat.json": JSON.object(fields).canonical()])
        try failure(.newerFormat) { try place.library.info() }
        try failure(.newerFormat) { try place.session }
    }
}

@Test func aStoreThatSomebodyWritesToIsLocked() throws {
    try withPlace { place in
        let session = try place.session
        let lock = try FileLock.acquire(place.path.appending("offbeat.lock"), timeout: 0)
        let request = AddRequest(paths: [try place.sound("one.wav")])
        try failure(.locked) { try session.add(request) }
        #expect(try session.list(ListRequest()).total == 0)
        _ = consume lock
        #expect(try session.add(request).added.count == 1)
    }
}

// MARK: Settings

@Test func settingsAreKnownByName() throws {
    try withPlace { place in
        let settings = place.library.settings
        #expect(try StoreSettings.key(named: "user") == .user && !StoreSettings.Key.user.summary.isEmpty)
        let failure = try failure(.notFound) { try StoreSettings.key(named: "colour") }
        #expect(failure.message.contains("colour") && failure.hint?.contains("user") == true)
        #expect(try settings.all().map(\.value) == ["ana"])
        try settings.set(.user, to: "ben")
        #expect(try settings.get(.user) == "ben")
    }
}

@Test func aLibraryOfNobodyHasNoSettings() throws {
    try withPlace(people: []) { place in
        let all = try place.library.settings.all()
        #expect(all.isEmpty)
    }
}

// MARK: Status

@Test func theStatusCountsWhatIsHereAndWhatIsMissing() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100)
        let two = try place.add("two.wav", frequency: 200)
        try place.addStem("drums", to: two)
        try place.loseFile(of: one)
        let status = try place.session.status()
        #expect(status.tracks == 2 && status.files == (here: 2, missing: 1) && status.user == "ana")
        #expect(try status.version == place.library.version())
        #expect(status.posts == 0 && status.conflicts == 0 && status.unreadable.isEmpty)
    }
}

@Test func theStatusNamesWhatCannotBeRead() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100)
        let two = try place.add("two.wav", frequency: 200)
        let (record, person) = (RecordPath.track(one.id).text, "people/0123456789abcdef0123456789abcdef.json")
        let stem = "\(RecordFolder.track(two.id).path)/stems/drums.json"
        try place.commitPlainly([record: [1], person: [2], stem: [3]])
        let status = try place.session.status()
        #expect(Set(status.unreadable.map(\.path)) == [record, person, stem] && status.tracks == 1)
    }
}

@Test func theStatusCountsConflicts() throws {
    try withPlace { place in
        let one = try place.add("one.wav")
        var fields = try place.store.snapshot().fields(at: RecordPath.track(one.id).text)
        let stamp = one.track.created.description
        let key = "title@\(stamp)#0123abcd"
        fields["conflicts"] = .object(JSONObject([(key, JSON.object(["at": .string(stamp), "value": "other"]))]))
        try place.commitPlainly([RecordPath.track(one.id).text: JSON.object(fields).canonical()])
        #expect(try place.session.status().conflicts == 1)
    }
}
