import Blobs
import Catalog
import Digest
import Files
import Store
import TestSupport
import Testing

/// Puts the bytes of these words where the store keeps files.
@discardableResult
func putFiles(_ texts: String..., in store: Store) throws -> [Pointer] {
    let batch = try store.blobs.beginBatch(durable: false)
    let puts = try texts.map { try batch.put(bytes: Array($0.utf8)) }
    try batch.commit()
    return puts.map(\.pointer)
}

/// Sets files aside, as a collection does.
func setAside(_ files: [Pointer], in store: Store, at moment: UInt64 = 1) throws {
    let owner = try TemporaryDirectory(in: store.blobs.directory.appending("tmp"))
    try store.blobs.quarantine.setAside(files, at: moment, owner: owner)
}

@Test func aVersionIsNotMadeWhenAFileThatItNamesIsGone() throws {
    try withWorld { world in
        let before = try world.store.version()
        let error = try storeError(.fileGone) {
            try world.store.write(by: world.ana) { draft in
                try draft.add("one", mayBeAbsent: false)
                return "Add"
            }
        }
        #expect(error.message.contains(audio(of: "one").oid.hex))
        #expect(try world.store.version() == before)
        #expect(try FileSystem.list(world.path.appending("lfs/tmp")).isEmpty)
    }
}

@Test func aFileOfTheWrongSizeIsNoFile() throws {
    try withWorld { world in
        let file = try putFiles("one", in: world.store)[0]
        let path = world.store.blobs.path(of: file.oid)
        try FileSystem.remove(path)
        try FileSystem.write("on", to: path)
        try storeError(.fileGone) {
            try world.store.write(by: world.ana) { draft in
                try draft.add("one", mayBeAbsent: false)
                return "Add"
            }
        }
    }
}

@Test func aFileInQuarantineIsTakenBackBeforeAVersionNamesIt() throws {
    try withWorld { world in
        let files = try putFiles("one", "two", "three", in: world.store)
        try setAside(files, in: world.store)
        try world.store.write(by: world.ana) { draft in
            try draft.add("one", mayBeAbsent: false)
            try draft.add("two", mayBeAbsent: true)
            try draft.add("four", mayBeAbsent: true)
            return "Add"
        }
        #expect(files.map(world.store.blobs.contains) == [true, true, false])
        #expect(try world.store.blobs.verify(files[0]) == .sound)
        #expect(try world.store.blobs.journal.differences().isEmpty)
        #expect(try world.store.snapshot().trackCount() == 3)
    }
}

@Test func whoNeedsAFileOfTwoWhoNameItDecides() throws {
    try withWorld { world in
        for order in [[true, false], [false, true]] {
            try storeError(.fileGone) {
                try world.store.write(by: world.ana) { draft in
                    try draft.put(
                        Person(id: draft.newID(), handle: try #require(Handle("bo")), created: draft.stamp()))
                    for mayBeAbsent in order { draft.name(audio(of: "one"), mayBeAbsent: mayBeAbsent) }
                    return "Add"
                }
            }
        }
    }
}

@Test func whoTakesInIsAskedAFewTimes() throws {
    try withWorld { world in
        var count = 0
        let third = try world.store.takingAgain {
            count += 1
            if count < 3 { throw StoreError(.fileGone, "gone") }
            return count
        }
        #expect(third == 3)
        try storeError(.fileGone) {
            try world.store.takingAgain {
                count += 1
                throw StoreError(.fileGone, "gone")
            }
        }
        #expect(count == 8)
        try storeError(.locked) {
            try world.store.takingAgain {
                count += 1
                throw StoreError(.locked, "locked")
            }
        }
        #expect(count == 9)
    }
}
