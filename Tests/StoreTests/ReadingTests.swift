import Blobs
import Catalog
import Digest
import Files
import Store
import Testing

/// The record of a stem whose audio consists of these words.
private func stem(_ type: String, _ text: String, at stamp: Stamp) throws -> [UInt8] {
    let pointer = audio(of: text)
    let type = try #require(StemType(type))
    return try Stem(
        type: type, audio: AudioReference(oid: pointer.oid, size: pointer.size, name: nil), created: stamp
    ).encode()
}

private func unreadable(_ snapshot: Snapshot, _ id: TrackID) throws -> UnreadableRecord {
    guard case .unreadable(let record)? = try snapshot.read(id) else {
        throw StoreError(.io, "track \(id) was read")
    }
    return record
}

@Test func aTrackThatIsNotThereIsNil() throws {
    try withWorld { world in
        let snapshot = try world.store.snapshot()
        let id = TrackID.of(audio: audio(of: "nothing").oid)
        #expect(try snapshot.read(id) == nil && snapshot.track(id) == nil)
        #expect(try snapshot.trackCount() == 0 && snapshot.postCount() == 0)
        #expect(try snapshot.trackIDs(withPrefix: "0123").isEmpty)
        #expect(try snapshot.fields(at: "tracks/none").isEmpty)
    }
}

@Test func aTrackIsReadWithItsAudioAndStems() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let folder = RecordFolder.track(id).path
        let stamp = world.ana.created
        try world.commitPlainly([
            "\(folder)/stems/drums.json": stem("drums", "boom", at: stamp),
            "\(folder)/stems/drums.flac": audio(of: "boom").encoded(),
            "\(folder)/stems/bass.json": stem("bass", "dum", at: stamp),
            "\(folder)/stems/bass.txt": Array("no pointer".utf8),
            "\(folder)/stems/broken.json": Array("{".utf8),
            "\(folder)/stems/other.bin": [1],
        ])
        let track = try #require(try world.store.snapshot().track(id))
        #expect(track.audio?.pointer == audio(of: "one") && track.audio?.fileExtension.text == "wav")
        #expect(track.stems.map(\.stem.type.text) == ["bass", "drums"])
        #expect(track.stems.map(\.audio?.pointer) == [nil, audio(of: "boom")])
        #expect(track.unreadableStems.map(\.path) == ["\(folder)/stems/broken.json"])
        #expect(track.unreadableStems.first?.reason.contains("JSON") == true)
    }
}

@Test func thePointerIsTheTruthAboutAFile() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        #expect(try world.store.snapshot().track(id)?.facts?.frames == 44_100)
        try world.commitPlainly(["\(RecordFolder.track(id).path)/audio.wav": audio(of: "other").encoded()])
        let track = try #require(try world.store.snapshot().track(id))
        #expect(track.audio?.pointer == audio(of: "other"))
        #expect(track.facts == nil)
    }
}

@Test func ofTwoPointersTheRecordsOwnIsTaken() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.commitPlainly(["\(RecordFolder.track(id).path)/audio.flac": audio(of: "other").encoded()])
        let track = try #require(try world.store.snapshot().track(id))
        #expect(track.audio?.pointer == audio(of: "one") && track.audio?.fileExtension.text == "wav")
    }
}

@Test func audioThatPlainGitCommittedRawIsNoPointer() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.commitPlainly(["\(RecordFolder.track(id).path)/audio.wav": [UInt8](repeating: 7, count: 5000)])
        let track = try #require(try world.store.snapshot().track(id))
        #expect(track.audio == nil && track.facts == nil)
    }
}

// MARK: What cannot be read

@Test(arguments: [
    ("no JSON", "{"), ("an empty file", ""), ("a list", "[]"), ("nothing in it", "{}"),
    ("a comma too many", "{\"id\":\"x\",}"),
])
func aRecordThatIsBrokenIsSkippedWithItsReason(_ what: String, _ text: String) throws {
    try withWorld { world in
        let (id, other) = (try world.add("one")[0], try world.add("two")[0])
        try world.commitPlainly([RecordPath.track(id).text: Array(text.utf8)])
        let snapshot = try world.store.snapshot()
        let record = try unreadable(snapshot, id)
        #expect(record.path == RecordPath.track(id).text && record.reason.contains("track"), "\(what)")
        #expect(try titles(in: snapshot) == ["two"])
        #expect(try snapshot.track(other) != nil)
        #expect(try snapshot.trackCount() == 2)
        let error = try storeError(.damaged) { try snapshot.track(id) }
        #expect(error.message.contains(record.path) && error.hint != nil)
        #expect(try world.rename(other, to: "three") == world.store.version())
        #expect(try unreadable(world.store.snapshot(), id) == record)
    }
}

@Test func aRecordThatIsTooLargeIsSkippedWithItsReason() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.commitPlainly([RecordPath.track(id).text: [UInt8](repeating: 32, count: Catalog.recordLimit + 1)])
        let record = try unreadable(world.store.snapshot(), id)
        #expect(record.reason.contains("track.json"))
    }
}

@Test func aRecordAtAnotherTracksPlaceIsSkipped() throws {
    try withWorld { world in
        let (one, two) = (try world.add("one")[0], try world.add("two")[0])
        let fields = try world.store.snapshot().fields(at: RecordPath.track(one).text)
        try world.commitPlainly([RecordPath.track(two).text: JSON.object(fields).canonical()])
        #expect(try unreadable(world.store.snapshot(), two).reason.contains(one.hex))
    }
}

@Test func aFolderWithoutARecordIsNamed() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.commitPlainly([:], removing: [RecordPath.track(id).text])
        #expect(try unreadable(world.store.snapshot(), id).reason == "the record is missing")
    }
}

@Test func aFileInPlaceOfATracksFolderIsNoTrack() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.commitPlainly([RecordFolder.track(id).path: [1]])
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.read(id) == nil && snapshot.trackCount() == 0)
        #expect(try snapshot.trackIDs(withPrefix: String(id.hex.prefix(4))).isEmpty)
    }
}

@Test func peopleAndWorkspacesThatCannotBeReadAreNamed() throws {
    try withWorld { world in
        let id = "0123456789abcdef0123456789abcdef"
        let empty = "fedcba9876543210fedcba9876543210"
        try world.commitPlainly([
            "people/\(id).json": Array("{}".utf8), "people/README": [1],
            "workspaces/\(id)/workspace.json": Array("[]".utf8), "workspaces/\(empty)/x": [1],
            "workspaces/notes/x": [1],
        ])
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.people().map(\.id) == [world.ana.id])
        #expect(try snapshot.workspaces().isEmpty)
        let found = try snapshot.unreadablePeopleAndWorkspaces()
        #expect(
            found.map(\.path) == [
                "people/\(id).json", "workspaces/\(id)/workspace.json", "workspaces/\(empty)/workspace.json",
            ])
        #expect(found.last?.reason == "the record is missing")
    }
}

@Test func aDirectoryWhereAPersonBelongsIsNamed() throws {
    try withWorld { world in
        let id = "0123456789abcdef0123456789abcdef"
        try world.commitPlainly(["people/\(id).json/x": [1]])
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.people().count == 1)
        #expect(try snapshot.unreadablePeopleAndWorkspaces().map(\.path) == ["people/\(id).json"])
    }
}

@Test func peopleAreSortedByHandle() throws {
    try withWorld { world in
        try world.store.write(by: world.ana) { draft in
            for handle in ["zoe", "ben"] {
                let handle = try #require(Handle(handle))
                try draft.put(Person(id: draft.newID(), handle: handle, created: draft.stamp()))
            }
            for slug in ["tour", "band"] {
                let slug = try #require(Slug(slug))
                try draft.put(Workspace(id: draft.newID(), slug: slug, owner: world.ana.id, created: draft.stamp()))
            }
            return "Add people"
        }
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.people().map { $0.handle?.text } == ["ana", "ben", "zoe"])
        #expect(try snapshot.workspaces().map { $0.slug?.text } == ["band", "tour"])
    }
}

// MARK: Walking

@Test func tracksAreVisitedInTheOrderOfTheirIds() throws {
    try withWorld { world in
        let ids = try world.add("a", "b", "c", "d", "e").sorted()
        let snapshot = try world.store.snapshot()
        var visited: [TrackID] = []
        try snapshot.forEachTrackID { visited.append($0) }
        #expect(visited == ids)
        for id in ids {
            #expect(try snapshot.trackIDs(withPrefix: String(id.hex.prefix(6))).contains(id))
            #expect(try snapshot.trackIDs(withPrefix: id.hex) == [id])
        }
        #expect(try snapshot.trackIDs(withPrefix: String(ids[0].hex.prefix(2))).isEmpty)
    }
}

@Test func postsAreCountedByTheirFolders() throws {
    try withWorld { world in
        let (workspace, post) = ("0123456789abcdef0123456789abcdef", "ab23456789abcdef0123456789abcdef")
        try world.commitPlainly([
            "workspaces/\(workspace)/posts/ab/\(post)/post.json": [1],
            "workspaces/\(workspace)/posts/ab/README": [1], "workspaces/\(workspace)/posts/README": [1],
            "workspaces/README": [1],
        ])
        #expect(try world.store.snapshot().postCount() == 1)
    }
}

@Test func damagedObjectsAreNamedAndNotPassedOver() throws {
    try withWorld { world in
        try world.add("one")
        let snapshot = try world.store.snapshot()
        for entry in try FileSystem.list(world.path.appending("objects")) where entry.name.string.utf8.count == 2 {
            try FileSystem.removeTree(world.path.appending("objects").appending(entry.name))
        }
        let error = try storeError(.damaged) { try snapshot.trackCount() }
        #expect(error.hint?.contains("offbeat fsck") == true)
        #expect(throws: StoreError.self) { _ = try world.reopen().snapshot() }
    }
}

// MARK: Errors

@Test func anErrorSaysWhatToDo() {
    let error = StoreError(.io, "cannot read it", hint: "mend it")
    #expect(error.description == "cannot read it; mend it")
    #expect(StoreError(.io, "cannot read it").description == "cannot read it")
}

@Test(arguments: [
    (FileError.Code.noSpace, StoreError.Code.noSpace), (.quota, .noSpace), (.permission, .readOnly),
    (.readOnly, .readOnly), (.notPermitted, .readOnly), (.io, .io), (.notFound, .io),
])
func aFailureOfTheFileSystemIsTranslated(_ code: FileError.Code, _ expected: StoreError.Code) {
    let error = StoreError(FileError(code, "write", "/store/x"))
    #expect(error.code == expected && error.message.contains("/store/x"))
}
