import Blobs
import Files
import Store
import TestSupport
import Testing

@testable import Guests

/// How much a guest may make.
@Suite struct QuotaTests {
    private func over(_ body: () throws -> some Any) throws {
        let error = try #require(#expect(throws: StoreError.self) { _ = try body() })
        #expect(error.code == .overQuota, "\(error)")
        #expect(error.hint != nil)
    }

    @Test func noMoreRecordsThanMayDiffer() throws {
        try withBase(records: 10) { base in
            let scratch = try base.start { $0.quota.records = 3 }
            let (store, use) = try scratch.open(base.context)
            try withExtendedLifetime(use) {
                try base.write(2, in: store)
                base.pass(seconds: 1)
                let version = try store.version()
                try over { try base.write(2, in: store) }
                #expect(try store.version() == version)
                #expect(try base.scratches.usage(of: scratch)?.records == 2)
                try base.write(1, in: store)
                #expect(try store.snapshot().people().count == 14)
            }
        }
    }

    @Test func noMoreBytesThanMayBe() throws {
        try withBase { base in
            let scratch = try base.start { $0.quota.bytes = 20_000 }
            let (store, use) = try scratch.open(base.context)
            try withExtendedLifetime(use) {
                let batch = try store.blobs.beginBatch()
                _ = try batch.put(bytes: [UInt8](repeating: 1, count: 15_000))
                let error = try #require(
                    #expect(throws: BlobError.self) { try batch.put(bytes: [UInt8](repeating: 2, count: 6_000)) })
                #expect(error.code == .overQuota)
                try batch.commit()
                batch.end()
                try base.write(1, in: store)
                let version = try store.version()
                // Records take room as well.
                base.pass(seconds: 1)
                try over { try base.write(400, in: store) }
                #expect(try store.version() == version)
                // What goes makes room.
                try batch.withdraw()
                base.pass(seconds: 1)
                try base.write(50, in: store)
            }
        }
    }

    @Test func whatTheStoreBelowHasTakesNoRoom() throws {
        try withBase { base in
            let bytes = [UInt8](repeating: 7, count: 50_000)
            let below = try base.store.blobs.beginBatch()
            let put = try below.put(bytes: bytes)
            try below.commit()
            below.end()
            let scratch = try base.start { $0.quota.bytes = 10_000 }
            let (store, use) = try scratch.open(base.context)
            try withExtendedLifetime(use) {
                let batch = try store.blobs.beginBatch()
                #expect(try batch.put(bytes: bytes).wasHere)
                let file = base.path.parent.appending("large")
                try FileSystem.write(bytes, to: file)
                let again = try batch.put(file)
                #expect(again.wasHere && again.pointer == put.pointer)
                try batch.commit()
                batch.end()
                #expect(store.blobs.contains(put.pointer))
                #expect(!store.blobs.keeps(put.pointer))
                #expect(try store.blobs.files().isEmpty)
                #expect(try store.blobs.read(put.pointer, limit: .max) == bytes)
                #expect(try store.blobs.verify(put.pointer) == .sound)
                #expect(try BlobLookup(in: store.blobs).contains(put.pointer))
            }
        }
    }

    /// A large file is copied while it is hashed: one that the store below has is found out before that, where there is no
    /// room to copy it.
    @Test func aLargeFileThatTheStoreBelowHasFitsToo() throws {
        try withBase { base in
            let file = base.path.parent.appending("large")
            try FileSystem.write([UInt8](repeating: 9, count: 3 << 20), to: file)
            let below = try base.store.blobs.beginBatch()
            _ = try below.put(file)
            try below.commit()
            below.end()
            let (store, use) = try base.start { $0.quota.bytes = 1 << 20 }.open(base.context)
            try withExtendedLifetime(use) {
                let batch = try store.blobs.beginBatch()
                #expect(try batch.put(file).wasHere)
                try FileSystem.write([UInt8](repeating: 8, count: 3 << 20), to: file)
                let error = try #require(#expect(throws: BlobError.self) { try batch.put(file) })
                #expect(error.code == .overQuota)
                #expect(batch.new.files == 0)
            }
        }
    }
}
