import Catalog
import Files
import Store
import TestSupport
import Testing

/// The stamps that so many ticks of a draft give; a track is put beside, so that the clock is kept.
private func stamps(_ count: Int, of store: Store, _ title: String) throws -> [Stamp] {
    var stamps: [Stamp] = []
    try store.write(by: nil) { draft in
        stamps = (0..<count).map { _ in draft.stamp() }
        try draft.add(title)
        return "Add"
    }
    return stamps
}

@Test func theReplicaStaysTheSameAcrossOpens() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        let second = try stamps(1, of: world.reopen(), "two")[0]
        #expect(first.replica == second.replica && first < second)
        #expect(try world.store.snapshot().info().created.replica == first.replica)
    }
}

@Test func theReplicaStaysTheSameWhenTheStoreIsMoved() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        let other = world.folder.appending("moved")
        try FileSystem.rename(world.path, to: other)
        let store = try Store(at: other, context: world.surroundings.context())
        #expect(try stamps(1, of: store, "two")[0].replica == first.replica)
    }
}

@Test func aCopyOfTheDirectoryIsAnotherReplica() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        let other = world.folder.appending("copy")
        let copied = try run(command: "cp", arguments: ["-r", world.path.string, other.string])
        #expect(copied.status == 0)
        let store = try Store(at: other, context: world.surroundings.context())
        let second = try stamps(1, of: store, "two")[0]
        #expect(second.replica != first.replica)
        #expect(try stamps(1, of: store, "three")[0].replica == second.replica)
        #expect(try stamps(1, of: world.store, "two")[0].replica == first.replica)
    }
}

@Test func anotherMachineIsAnotherReplica() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        let second = try stamps(1, of: world.reopen(machine: "another"), "two")[0]
        #expect(second.replica != first.replica)
    }
}

@Test func aCopyGoesOnFromTheClockThatItFound() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        world.surroundings.pass(milliseconds: -3_600_000)
        let second = try stamps(1, of: world.reopen(machine: "another"), "two")[0]
        #expect(second > first)
    }
}

@Test(arguments: ["", "nonsense", "[]", "{\"id\":\"000000000001\"}", "{\"id\":1}"])
func aReplicaFileThatCannotBeReadMakesANewReplica(_ text: String) throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        try FileSystem.write(text, to: world.path.appending("replica"))
        let second = try stamps(1, of: world.reopen(), "two")[0]
        #expect(second.replica != first.replica)
        #expect(try stamps(1, of: world.reopen(), "three")[0].replica == second.replica)
    }
}

@Test func aMissingReplicaFileMakesANewReplica() throws {
    try withWorld { world in
        let first = try stamps(1, of: world.store, "one")[0]
        try FileSystem.remove(world.path.appending("replica"))
        #expect(try stamps(1, of: world.store, "two")[0].replica != first.replica)
    }
}

@Test func stampsGrowThoughTheClockJumpsBack() throws {
    try withWorld { world in
        var random = SeededRandom()
        let seed = random.description
        var last = try world.store.snapshot().info().created
        for number in 0..<15 {
            world.surroundings.pass(milliseconds: Int64.random(in: -5_000_000...1_000_000, using: &random))
            for stamp in try stamps(3, of: number % 2 == 0 ? world.store : world.reopen(), "track \(number)") {
                #expect(stamp > last, "\(seed)")
                last = stamp
            }
        }
    }
}

@Test func aStampIsGreaterThanThoseThatItReplaces() throws {
    try withWorld { world in
        let far = Stamp(milliseconds: 1_800_000_000_000 + 400_000_000, replica: ReplicaID(truncating: 7))
        try world.store.write(by: nil) { draft in
            #expect(draft.stamp(after: far, nil) > far)
            // More than a day ahead: it is exceeded, but the clock does not follow.
            #expect(draft.stamp() < far)
            return "Look"
        }
    }
}
