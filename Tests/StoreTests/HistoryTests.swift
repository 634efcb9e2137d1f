import Blobs
import Catalog
import Files
import Git
import Store
import Testing

private func history(_ store: Store, from version: Version? = nil) throws -> [HistoryEntry] {
    var entries: [HistoryEntry] = []
    try store.forEachVersion(from: version ?? store.version()) { entry in
        entries.append(entry)
        return true
    }
    return entries
}

@Test func theHistoryIsToldNewestFirst() throws {
    try withWorld { world in
        try world.add("one")
        world.surroundings.pass(milliseconds: 60_000)
        try world.add("two", "three")
        let entries = try history(world.store)
        #expect(entries.map(\.subject) == ["Add 2 tracks", "Add 1 tracks", "Create the library Band"])
        #expect(entries.map(\.at) == [1_800_000_060_000, 1_800_000_000_000, 1_800_000_000_000])
        #expect(entries.allSatisfy { $0.person == world.ana.id && $0.author == "ana" })
        #expect(entries.map(\.parents) == [[entries[1].version], [entries[2].version], []])
        #expect(try history(world.store, from: entries[1].version).count == 2)
    }
}

@Test func theHistoryStopsWhenNoMoreIsWanted() throws {
    try withWorld { world in
        try world.add("one")
        var count = 0
        try world.store.forEachVersion(from: world.store.version()) { _ in
            count += 1
            return false
        }
        #expect(count == 1)
    }
}

@Test func aVersionOfPlainGitHasAnAuthorAndNoPerson() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]])
        let entry = try #require(try history(world.store).first)
        #expect(entry.person == nil && entry.author == "Somebody" && entry.subject == "By hand")
    }
}

@Test func aTrailerThatNamesNobodyIsPassedOver() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]], message: "By hand\n\nOffbeat-Person: me\n")
        #expect(try history(world.store).first?.person == nil)
    }
}

@Test func aTimeBefore1970CountsAsItsBeginning() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]], at: -5)
        #expect(try history(world.store).contains { $0.at == 0 })
    }
}

// MARK: The time of a version

private func time(of version: Version, in world: World) throws -> Int64 {
    try Repository(at: world.path).readCommit(version.id).committer.seconds
}

@Test func aVersionIsNeverOlderThanItsParent() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]], at: 1_800_000_000 + 3600)
        try world.add("one")
        #expect(try time(of: world.store.version(), in: world) == 1_800_003_600)
    }
}

@Test func aParentOfExactlyADayAheadIsBelieved() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]], at: 1_800_000_000 + 86_400)
        try world.add("one")
        #expect(try time(of: world.store.version(), in: world) == 1_800_086_400)
    }
}

@Test func aParentMoreThanADayAheadIsNotBelieved() throws {
    try withWorld { world in
        try world.commitPlainly(["x": [1]], at: 1_800_000_000 + 86_401)
        try world.add("one")
        #expect(try time(of: world.store.version(), in: world) == 1_800_000_000)
    }
}

// MARK: Changes

@Test func changesBetweenVersionsAreToldByRecord() throws {
    try withWorld { world in
        let (one, two) = (try world.add("one")[0], try world.add("two")[0])
        let before = try world.store.version()
        try world.rename(one, to: "uno")
        try world.store.write(by: world.ana) { draft in
            draft.remove(two)
            return "Remove"
        }
        let three = try world.add("three")[0]
        let changes = try world.store.changes(from: before, to: world.store.version())
        #expect(Set(changes.map(\.folder)) == [.track(one), .track(two), .track(three)])
        #expect(changes.map(\.path) == changes.map(\.path).sorted())
        let found = Dictionary(uniqueKeysWithValues: changes.map { ($0.folder, $0) })
        #expect(found[.track(one)]?.kind == .changed && found[.track(one)]?.files == ["track.json"])
        #expect(found[.track(two)]?.kind == .removed)
        #expect(found[.track(three)]?.kind == .added)
        #expect(found[.track(three)]?.files == ["audio.wav", "track.json"])
    }
}

@Test func changesFromNothingAreTheWholeStore() throws {
    try withWorld { world in
        let changes = try world.store.changes(from: nil, to: world.store.version())
        #expect(changes.map(\.path) == [".gitattributes", "offbeat.json", "people/\(world.ana.id).json"])
        #expect(changes.allSatisfy { $0.kind == .added && $0.files.isEmpty })
        #expect(changes.map(\.folder) == [nil, .store, .person(world.ana.id)])
        #expect(
            try world.store.changes(from: world.store.version(), to: nil).map(\.kind) == [
                .removed, .removed, .removed,
            ])
        #expect(try world.store.changes(from: nil, to: nil).isEmpty)
    }
}

@Test func aVersionDiffersNotFromItself() throws {
    try withWorld { world in
        let version = try world.store.version()
        #expect(try world.store.changes(from: version, to: version).isEmpty)
    }
}

@Test func aFileBesideTheRecordChangesTheRecordsFolder() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let folder = RecordFolder.track(id).path
        let before = try world.store.version()
        let after = try world.commitPlainly(
            [
                "\(folder)/stems/drums.wav": audio(of: "drums").encoded(),
                "\(folder)/audio.wav": audio(of: "x").encoded(),
            ])
        let change = try #require(try world.store.changes(from: before, to: after).first)
        #expect(change.folder == .track(id) && change.kind == .changed)
        #expect(change.files == ["audio.wav", "stems/drums.wav"])
    }
}

@Test func whatIsOutsideTheGrammarIsToldByItsPath() throws {
    try withWorld { world in
        let before = try world.store.version()
        let added = try world.commitPlainly(["later/x.bin": [1], "tracks/README": [2]])
        let changed = try world.commitPlainly(["later/x.bin": [3]], removing: ["tracks/README"])
        let first = try world.store.changes(from: before, to: added)
        #expect(first.map(\.path) == ["later/x.bin", "tracks/README"])
        #expect(first.allSatisfy { $0.folder == nil && $0.kind == .added && $0.files.isEmpty })
        let second = try world.store.changes(from: added, to: changed)
        #expect(second.map(\.kind) == [.changed, .removed])
    }
}

@Test func aVersionThatIsGoneCannotBeCompared() throws {
    try withWorld { world in
        let nothing = Version(try #require(ObjectID(hex: String(repeating: "1", count: 40))))
        let error = try storeError(.damaged) {
            try world.store.changes(from: nothing, to: world.store.version())
        }
        #expect(error.message.contains("version 1111111111"))
        try storeError(.damaged) { try world.store.snapshot(of: nothing) }
    }
}
