import Blobs
import Catalog
import Files
import Store
import TestSupport
import Testing

/// Files that were brought in vain are taken away again, and no others.
@Suite struct WithdrawTests {
    private static func batch(_ bytes: [UInt8], in world: World) throws -> (BlobBatch, Pointer) {
        let batch = try world.store.blobs.beginBatch()
        let put = try batch.put(bytes: bytes)
        try batch.commit()
        return (batch, put.pointer)
    }

    @Test func whatNobodyNamesGoes() throws {
        try withTemporaryDirectory { folder in
            let world = try World(in: folder)
            let (one, first) = try Self.batch([1, 2, 3], in: world)
            let (two, second) = try Self.batch([4, 5, 6], in: world)
            try world.store.withdraw([one, two])
            #expect(!world.store.blobs.keeps(first) && !world.store.blobs.keeps(second))
            #expect(try world.store.blobs.journal.totals().bytes == 0)
            // Once is enough.
            try world.store.withdraw([one, two])
        }
    }

    @Test func whatSomebodyElseIsAboutToNameStays() throws {
        try withTemporaryDirectory { folder in
            let world = try World(in: folder)
            let (batch, file) = try Self.batch([1, 2, 3], in: world)
            let other = try world.store.blobs.beginBatch()
            #expect(try other.put(bytes: [1, 2, 3]).wasHere)
            try other.commit()
            try world.store.withdraw([batch])
            #expect(world.store.blobs.keeps(file))
            other.end()
        }
    }

    @Test func whatAVersionNamesStays() throws {
        try withTemporaryDirectory { folder in
            let world = try World(in: folder)
            // The audio of a track of that title.
            let (batch, file) = try Self.batch(Array("song".utf8), in: world)
            try world.add("song")
            try world.store.withdraw([batch])
            #expect(world.store.blobs.keeps(file))
        }
    }
}
