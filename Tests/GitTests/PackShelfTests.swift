import CGit2
import Files
import TestSupport
import Testing

@testable import Git

extension Fixture {
    /// Writes a pack of these blobs, and tells their ids.
    @discardableResult
    fileprivate func pack(_ blobs: [[UInt8]]) throws -> [ObjectID] {
        let writer = try PackWriter(temporary: temporary)
        let ids = blobs.map { ObjectNaming().id(of: .blob, $0) }
        for (id, bytes) in zip(ids, blobs) { try writer.add(PendingObject(id: id, kind: .blob, bytes: bytes)) }
        let batch = WriteBatch(temporary: temporary, durable: false)
        _ = try writer.finish(into: batch, in: repository.packsPath)
        try batch.commit()
        return ids
    }

    /// Packs of one blob each.
    fileprivate func packs(_ count: Int) throws -> [(id: ObjectID, bytes: [UInt8])] {
        try (0..<count).map { number in
            let bytes = Array("blob \(number)".utf8)
            return (try pack([bytes])[0], bytes)
        }
    }

    fileprivate func indexes() throws -> [FilePath] {
        let folder = repository.packsPath
        return try FileSystem.list(folder).map { folder.appending($0.name) }.filter { $0.fileExtension == "idx" }
    }
}

@Test func eachOfManyPacksGivesItsObjects() throws {
    try withFixture { fixture throws in
        let small = try fixture.packs(120)
        let large = try fixture.pack((0..<4000).map { Array("large \($0)".utf8) })
        let repository = try Repository(at: fixture.path)
        for (id, bytes) in small.shuffled() {
            #expect(repository.contains(id))
            #expect(try repository.header(id).size == bytes.count)
            #expect(try repository.readBlob(id) == bytes)
        }
        for id in large.shuffled().prefix(50) { #expect(try repository.readObject(id).kind == .blob) }
        let absent = ObjectNaming().id(of: .blob, Array("nowhere".utf8))
        #expect(!repository.contains(absent))
        #expect(try gitError { try repository.readBlob(absent) }.code == .notFound)
    }
}

@Test func ofManyPacksOnlySomeAreOpenAtOnce() throws {
    try withFixture { fixture throws in
        let blobs = try fixture.packs(150)
        let shelf = PackShelf(folder: fixture.repository.packsPath)
        for (id, _) in blobs + blobs.reversed() {
            #expect(try shelf.has(id))
            #expect(shelf.openCount <= PackShelf.openLimit)
        }
        #expect(shelf.openCount == PackShelf.openLimit)
    }
}

@Test func anObjectOfTheLargestPackIsFoundWithoutTheOthers() throws {
    try withFixture { fixture throws in
        let small = try fixture.packs(20)
        let large = try fixture.pack((0..<4000).map { Array("large \($0)".utf8) })
        let shelf = PackShelf(folder: fixture.repository.packsPath)
        try shelf.refresh()
        let largest = try #require(try fixture.indexes().max { try size($0) < size($1) })
        for index in try fixture.indexes() where index != largest { try FileSystem.remove(index) }
        #expect(try shelf.has(large[17]))
        // The others were not looked at, so their loss is found only now, and does no harm.
        #expect(try !shelf.has(small[3].id))
    }
}

extension PackShelf {
    fileprivate func has(_ id: ObjectID) throws -> Bool {
        var oid = id.oid
        return try [.large, .small].contains { (part: Part) in
            try ask(part, for: id) { $0.pointee.exists($0, &oid) == 1 ? 0 : GIT_ENOTFOUND.rawValue } == 0
        }
    }
}

private func size(_ path: FilePath) throws -> Int64 { try FileSystem.status(of: path).size }

@Test func packsThatComeAndGoAreSeenAfterARefresh() throws {
    try withFixture { fixture throws in
        let first = try fixture.packs(3)
        let repository = try Repository(at: fixture.path)
        #expect(repository.contains(first[0].id))
        let later = try fixture.pack([Array("later".utf8)])[0]
        #expect(!repository.contains(later))
        #expect(try repository.readBlob(later) == Array("later".utf8))
        for index in try fixture.indexes() {
            try FileSystem.remove(index)
            try FileSystem.remove(FilePath(index.string.dropLast(3) + "pack"))
        }
        try repository.refresh()
        #expect(!repository.contains(later))
    }
}

@Test func aPackThatComesToAFolderThatWasLongAsItIsIsSeen() throws {
    try withFixture { fixture throws in
        let first = try fixture.packs(3)
        SystemClock.sleep(seconds: 2.1)
        let repository = try Repository(at: fixture.path)
        #expect(repository.contains(first[0].id))
        try repository.refresh()
        let later = try fixture.pack([Array("later".utf8)])[0]
        try repository.refresh()
        #expect(repository.contains(later) && repository.contains(first[2].id))
        try FileSystem.removeTree(fixture.path.appending("objects/pack"))
        try repository.refresh()
        #expect(!repository.contains(first[1].id))
    }
}

@Test func aDamagedSmallIndexKeepsNobodyFromTheOthers() throws {
    let damages: [@Sendable (inout [UInt8]) -> Void] = [
        { $0 = [] }, { $0 = Array("garbage".utf8) }, { $0.removeLast(40) }, { $0[8] = 0xFF },
        { for place in 8..<1032 { $0[place] = 0xFF } },
    ]
    for (number, damage) in damages.enumerated() {
        try withFixture { fixture throws in
            let blobs = try fixture.packs(5)
            let indexes = try fixture.indexes()
            var bytes = try FileSystem.read(indexes[2])
            damage(&bytes)
            try FileSystem.remove(indexes[2])
            try FileSystem.write(bytes, to: indexes[2])
            let repository = try Repository(at: fixture.path)
            let readable = blobs.filter { (try? repository.readBlob($0.id)) == $0.bytes }
            #expect(readable.count >= 4, "damage \(number)")
        }
    }
}

@Test func oneStartOverSeveralPacksIsAmbiguous() throws {
    try withFixture { fixture throws in
        var byStart: [String: [ObjectID]] = [:]
        for (id, _) in try fixture.packs(700) { byStart[String(id.hex.prefix(4)), default: []].append(id) }
        let repository = try Repository(at: fixture.path)
        let (start, ids) = try #require(byStart.first { $0.value.count > 1 })
        #expect(try repository.find(prefix: start, kind: .blob) == ids.sorted())
        let only = try #require(byStart.first { $0.value.count == 1 })
        #expect(try repository.find(prefix: only.key, kind: .blob) == only.value)
        #expect(try repository.find(prefix: ids[0].hex, kind: .blob) == [ids[0]])
    }
}
