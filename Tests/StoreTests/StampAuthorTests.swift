import Catalog
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

@Test func theOperationThatGaveAStampIsFound() throws {
    try withWorld { world in
        let id = try world.add("one", "two")[0]
        let added = try world.store.version()
        world.surroundings.pass(milliseconds: 60_000)
        let renamed = try world.rename(id, to: "three")
        let track = try #require(try world.store.snapshot().track(id)).track
        let found = try world.store.versions(giving: [track.created, track.stamp(of: "title")], before: renamed)
        #expect(found[track.created]?.version == added)
        #expect(found[track.stamp(of: "title")]?.version == renamed)
        #expect(found.values.allSatisfy { $0.person == world.ana.id })
    }
}

@Test func noOperationIsTakenForThatOfAnotherReplicaOrTime() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let head = try world.store.version()
        let created = try #require(try world.store.snapshot().track(id)).track.created
        let stranger = Stamp(clock: created.clock, replica: ReplicaID(truncating: created.replica.value &+ 1))
        let early = Stamp(clock: 1, replica: created.replica)
        let late = Stamp(milliseconds: created.milliseconds + 3 * 86_400_000, replica: created.replica)
        #expect(try world.store.versions(giving: [stranger, early, late], before: head).isEmpty)
        #expect(try world.store.versions(giving: [created, stranger, early, late], before: head).count == 1)
        #expect(try world.store.versions(giving: [], before: head).isEmpty)
    }
}

@Test func theWalkEndsADayBeforeWhatIsMissing() throws {
    try withWorld { world in
        let root = try world.store.version().id.hex
        let id = try world.add("one")[0]
        try world.add("two")
        world.surroundings.pass(milliseconds: 3 * 86_400_000)
        let head = try world.rename(id, to: "three")
        let missing = Stamp(
            milliseconds: world.surroundings.now.withLock { $0 }, replica: ReplicaID(truncating: 9))
        // The first version cannot be read, so a walk that goes as far as that fails.
        try FileSystem.remove(world.path.appending("objects/\(root.prefix(2))/\(root.dropFirst(2))"))
        let store = try world.reopen()
        #expect(throws: (any Error).self) { try store.forEachVersion(from: head) { _ in true } }
        #expect(try store.versions(giving: [missing], before: head).isEmpty)
    }
}
