import Digest
import Files
import TestSupport
import Testing

@testable import Blobs

/// Files that come piece by piece, from whoever has no file of them.
@Suite struct BlobGrowthTests {
    private func append(_ bytes: [UInt8], to growth: BlobGrowth, inPiecesOf size: Int) throws {
        for start in stride(from: 0, to: bytes.count, by: size) {
            try bytes[start..<min(bytes.count, start + size)].withUnsafeBytes { try growth.append($0) }
        }
    }

    @Test(arguments: [0, 1, 100_000, 20_000_000], [true, false])
    func `What came in pieces is stored under its hash`(size: Int, isKnown: Bool) throws {
        var random = SeededRandom()
        let bytes = random.bytes(size)
        try withStore { store, _ in
            let batch = try store.beginBatch()
            let growth = try batch.grow(expecting: isKnown ? Int64(size) : nil)
            try append(bytes, to: growth, inPiecesOf: 65_537)
            #expect(growth.size == Int64(size))
            let put = try growth.finish()
            #expect(put.pointer == Pointer(oid: ContentHash(of: bytes), size: Int64(size)))
            #expect(put.wasHere == (size == 0))
            try batch.commit()
            try #expect(store.read(put.pointer, limit: max(1, size)) == bytes)
            try #expect(store.verify(put.pointer) == .sound)
        }
    }

    @Test func `What is dropped, or was here, leaves nothing`() throws {
        try withStore { store, _ in
            let batch = try store.beginBatch()
            do {
                let growth = try batch.grow(expecting: 1000)
                try append([1, 2, 3], to: growth, inPiecesOf: 3)
                try #expect(FileSystem.list(batch.temporary.path).count == 1)
            }
            try #expect(FileSystem.list(batch.temporary.path).isEmpty)
            _ = try batch.put(bytes: [1, 2, 3])
            try batch.commit()
            do {
                let growth = try batch.grow()
                try append([1, 2, 3], to: growth, inPiecesOf: 1)
                try #expect(growth.finish().wasHere)
            }
            try #expect(FileSystem.list(batch.temporary.path).isEmpty)
            try #expect(store.journal.totals().files == 1)
        }
    }

    @Test func `What does not fit is refused, and takes no room`() throws {
        try withStore { store, _ in
            let narrow = BlobStore(directory: store.directory, quota: 1000)
            let batch = try narrow.beginBatch()
            #expect(throws: BlobError.self) { _ = try batch.grow(expecting: 1001) }
            do {
                let growth = try batch.grow(expecting: 900)
                try append([UInt8](repeating: 1, count: 900), to: growth, inPiecesOf: 100)
                // More came than was said.
                #expect(throws: BlobError.self) {
                    try append([UInt8](repeating: 1, count: 200), to: growth, inPiecesOf: 200)
                }
            }
            do {
                // Nobody says how much comes, and no whole step has room.
                let growth = try batch.grow()
                try append([UInt8](repeating: 3, count: 1000), to: growth, inPiecesOf: 100)
            }
            let growth = try batch.grow(expecting: 1000)
            try append([UInt8](repeating: 2, count: 1000), to: growth, inPiecesOf: 100)
            try #expect(!growth.finish().wasHere)
            try batch.commit()
            #expect(throws: BlobError.self) { _ = try batch.grow(expecting: 1 << 60) }
        }
    }
}
