@testable import Blobs
import Digest
import Files
import TestSupport
import Testing

@Suite struct DamageTests {
    private func withPut(_ bytes: [UInt8], _ body: (BlobStore, Pointer, FilePath) throws -> Void) throws {
        try withStore { store, _ in
            let batch = try store.beginBatch()
            let put = try batch.put(bytes: bytes)
            try batch.commit()
            try body(store, put.pointer, store.path(of: put.oid))
        }
    }

    private func replace(_ path: FilePath, with bytes: [UInt8]) throws {
        try FileSystem.remove(path)
        try FileSystem.write(bytes, to: path)
    }

    @Test func `A flipped bit is found by its hash`() throws {
        try withPut([1, 2, 3]) { store, pointer, path in
            try replace(path, with: [1, 2, 2])
            try #expect(store.verify(pointer) == .wrongHash(ContentHash(of: [1, 2, 2])))
            #expect(store.contains(pointer))
            let error = #expect(throws: BlobError.self) { try store.read(pointer, limit: 10) }
            #expect(error?.code == .damaged)
        }
    }

    @Test func `A file that was cut short is found by its size`() throws {
        try withPut([1, 2, 3]) { store, pointer, path in
            try replace(path, with: [1])
            try #expect(store.verify(pointer) == .wrongSize(1))
            #expect(!store.contains(pointer))
            let error = #expect(throws: BlobError.self) { try store.open(pointer).sync() }
            #expect(error?.code == .damaged)
            #expect(error?.message == "the stored file \(pointer.oid) is damaged: it has 1 bytes instead of 3")
        }
    }

    @Test func `A directory or a link in the place of a file is told`() throws {
        try withPut([1, 2, 3]) { store, pointer, path in
            try FileSystem.remove(path)
            try FileSystem.makeDirectory(path)
            try #expect(store.verify(pointer) == .notRegular("a directory"))
            #expect(throws: BlobError.self) { try store.open(pointer).sync() }
            try FileSystem.removeDirectory(path)
            try FileSystem.symbolicLink(to: "/etc/passwd", at: path)
            try #expect(store.verify(pointer) == .notRegular("a symbolic link"))
            #expect(!store.contains(pointer))
            #expect(throws: BlobError.self) { try store.open(pointer.oid, size: pointer.size).sync() }
        }
    }

    @Test func `A missing file is missing`() throws {
        try withPut([1, 2, 3]) { store, pointer, path in
            try FileSystem.remove(path)
            try #expect(store.verify(pointer) == .missing)
            let error = #expect(throws: BlobError.self) { try store.read(pointer, limit: 10) }
            #expect(error?.code == .missing)
        }
    }

    @Test func `More than the limit is not read`() throws {
        try withPut([1, 2, 3]) { store, pointer, _ in
            let error = #expect(throws: BlobError.self) { try store.read(pointer, limit: 2) }
            #expect(error?.code == .overLimit)
        }
    }

    @Test func `A pointer that claims another content to be empty is not sound`() throws {
        try withStore { store, _ in
            let wrong = Pointer(oid: ContentHash(of: [1]), size: 0)
            #expect(!store.contains(wrong))
            try #expect(store.verify(wrong) == .wrongHash(.ofNothing))
            #expect(throws: BlobError.self) { try store.read(wrong, limit: 1) }
        }
    }

    @Test func `A sweep removes what dead batches left, and only that`() throws {
        try withStore { store, folder in
            let dead = folder.appending("lfs/tmp/offbeat-0123456789abcdef")
            try FileSystem.makeDirectory(dead)
            try FileSystem.write("half", to: dead.appending("0"))
            let batch = try store.beginBatch()
            try #expect(store.sweep() == 1)
            #expect(!FileSystem.exists(dead))
            #expect(FileSystem.exists(batch.temporary.path))
        }
    }
}
