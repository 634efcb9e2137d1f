@testable import Blobs
import Digest
import Files
import Synchronization
import TestSupport
import Testing

func withStore(_ body: (BlobStore, FilePath) throws -> Void) throws {
    try withTemporaryDirectory { folder in
        try body(try BlobStore.create(at: folder.appending("lfs")), folder)
    }
}

@Suite struct BlobBatchTests {
    @Test(arguments: [1, 1000, 1 << 18, (1 << 18) + 1, 3_000_000])
    func `A file is stored under the hash of its bytes, read-only`(size: Int) throws {
        var random = SeededRandom()
        try withStore { store, folder in
            let bytes = random.bytes(size)
            try FileSystem.write(bytes, to: folder.appending("a"))
            let batch = try store.beginBatch()
            let put = try batch.put(folder.appending("a"))
            #expect(put == Put(pointer: Pointer(oid: ContentHash(of: bytes), size: Int64(size)), wasHere: false))
            #expect(!store.contains(put.pointer))
            #expect(batch.new.files == 1)
            #expect(batch.new.bytes == Int64(size))
            try batch.commit()
            #expect(store.contains(put.pointer))
            try #expect(store.read(put.pointer, limit: size) == bytes)
            try #expect(store.verify(put.pointer) == .sound)
            try #expect(FileSystem.status(of: store.path(of: put.oid)).mode == 0o444)
            try #expect(store.journal.totals() == .init(files: 1, bytes: Int64(size)))
        }
    }

    @Test func `The layout is git-lfs's`() throws {
        try withStore { store, folder in
            let put = try store.beginBatch().put(bytes: Array("abc".utf8))
            #expect(
                store.path(of: put.oid)
                    == folder.appending("lfs/objects/ba/78").appending(
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        }
    }

    @Test(arguments: [100, 500_000])
    func `What is here already is not written again`(size: Int) throws {
        var random = SeededRandom()
        try withStore { store, folder in
            let bytes = random.bytes(size)
            try FileSystem.write(bytes, to: folder.appending("a"))
            let first = try store.beginBatch()
            let one = try first.put(folder.appending("a"))
            let two = try first.put(folder.appending("a"))
            #expect(!one.wasHere)
            #expect(two.wasHere)
            try first.commit()
            let inode = try FileSystem.status(of: store.path(of: one.oid)).inode
            let second = try store.beginBatch()
            try #expect(second.put(folder.appending("a")).wasHere)
            #expect(second.new.files == 0)
            try #expect(FileSystem.list(second.temporary.path).isEmpty)
            try second.commit()
            try #expect(FileSystem.status(of: store.path(of: one.oid)).inode == inode)
            try #expect(store.journal.totals().files == 1)
        }
    }

    @Test func `An empty file is not stored`() throws {
        try withStore { store, folder in
            try FileSystem.write([], to: folder.appending("a"))
            let batch = try store.beginBatch()
            try #expect(batch.put(folder.appending("a")).pointer == .empty)
            try #expect(batch.put(bytes: []).pointer == .empty)
            try batch.commit()
            #expect(store.contains(.empty))
            try #expect(store.read(.empty, limit: 0) == [])
            try #expect(store.verify(.empty) == .sound)
            try #expect(store.journal.totals() == .init(files: 0, bytes: 0))
        }
    }

    @Test func `A link that a person names is followed`() throws {
        try withStore { store, folder in
            try FileSystem.write("x", to: folder.appending("a"))
            try FileSystem.symbolicLink(to: "a", at: folder.appending("b"))
            try #expect(store.beginBatch().put(folder.appending("b")).size == 1)
        }
    }

    @Test func `Directories, pipes and devices are refused by their kind, at once`() throws {
        try withStore { store, folder in
            _ = try run(command: "mkfifo", arguments: [folder.appending("p").string])
            let batch = try store.beginBatch()
            let cases: [(FilePath, FileKind)] = [
                (folder, .directory), (folder.appending("p"), .fifo), ("/dev/zero", .device),
            ]
            for (path, kind) in cases {
                let error = #expect(throws: BlobError.self) { try batch.put(path) }
                #expect(error?.code == .notRegular(kind))
                #expect(error?.description == "cannot add \(path): it is \(kind.words)")
            }
        }
    }

    @Test func `A file that cannot fit is refused before a byte of it is written`() throws {
        try withStore { store, folder in
            let size: Int64 = 1 << 43
            let giant = try FileDescriptor.open(folder.appending("a"), .write, create: .exclusive)
            // Without blocks of its own: the file is only said to be so long.
            try giant.truncate(to: size)
            let batch = try store.beginBatch()
            let error = #expect(throws: BlobError.self) { try batch.put(folder.appending("a")) }
            guard case .noSpace(let needed, let free)? = error?.code else {
                Issue.record("another error: \(String(describing: error))")
                return
            }
            #expect(needed == size)
            #expect(free < size)
            #expect(error?.message.contains("\(size) bytes are needed") == true)
            try #expect(FileSystem.list(batch.temporary.path).isEmpty)
            try #expect(batch.put(bytes: [1]).size == 1)
        }
    }

    @Test func `A missing file is told`() throws {
        try withStore { store, folder in
            let error = #expect(throws: BlobError.self) { try store.beginBatch().put(folder.appending("none")) }
            #expect(error?.code == .missing)
            #expect(error?.fileError?.code == .notFound)
        }
    }

    @Test func `A file that is written to while it is read is refused`() throws {
        try withStore { store, folder in
            let path = folder.appending("a")
            let bytes = 10_000_000
            try FileSystem.write([UInt8](repeating: 1, count: bytes), to: path)
            let isDone = Atomic(false)
            let outcomes = Mutex<[BlobError.Code]>([])
            try Parallel.forEach(count: 2, workers: 2) { number in
                if number == 0 {
                    let writer = try FileDescriptor.open(path, .write, append: true)
                    while !isDone.load(ordering: .relaxed) { try writer.write(all: [7]) }
                } else {
                    defer { isDone.store(true, ordering: .relaxed) }
                    // The writer may be kept from writing while the file is read; what is put then is whole.
                    for _ in 0..<100 where outcomes.withLock({ $0.isEmpty }) {
                        let batch = try store.beginBatch()
                        do throws(BlobError) {
                            let put = try batch.put(path)
                            #expect(put.pointer.size >= Int64(bytes))
                        } catch {
                            outcomes.withLock { $0.append(error.code) }
                            #expect(batch.new.files == 0)
                            #expect((try? FileSystem.list(batch.temporary.path))?.isEmpty == true)
                        }
                    }
                }
            }
            #expect(outcomes.withLock { $0 } == [.changed])
        }
    }

    @Test func `Many threads put many files, some of them alike`() throws {
        try withStore { store, folder in
            for number in 0..<300 {
                try FileSystem.write("content \(number % 200)", to: folder.appending("\(number)"))
            }
            let batch = try store.beginBatch()
            let puts = Mutex<[Put]>([])
            try Parallel.forEach(count: 300, workers: 4) { number in
                let put = try batch.put(folder.appending("\(number)"))
                puts.withLock { $0.append(put) }
            }
            try batch.commit()
            let all = puts.withLock { $0 }
            #expect(all.count { !$0.wasHere } == 200)
            #expect(all.allSatisfy { store.contains($0.pointer) })
            try #expect(store.journal.totals().files == 200)
            try #expect(store.journal.differences().isEmpty)
            try #expect(FileSystem.list(batch.temporary.path).isEmpty)
        }
    }

    @Test func `A batch that is dropped leaves nothing`() throws {
        try withStore { store, folder in
            do {
                let batch = try store.beginBatch()
                _ = try batch.put(bytes: [1, 2, 3])
                try batch.flush()
            }
            try #expect(FileSystem.list(folder.appending("lfs/tmp")).isEmpty)
            try #expect(FileSystem.list(folder.appending("lfs/objects")).isEmpty)
            store.journal.close()
            try #expect(store.journal.totals() == .init(files: 0, bytes: 0))
            try #expect(store.journal.differences().isEmpty)
        }
    }

    @Test func `A stored file of the wrong size is replaced by a sound one`() throws {
        try withStore { store, _ in
            let first = try store.beginBatch()
            let put = try first.put(bytes: [1, 2, 3])
            try first.commit()
            try FileSystem.remove(store.path(of: put.oid))
            try FileSystem.write([1, 2], to: store.path(of: put.oid))
            try #expect(store.verify(put.pointer) == .wrongSize(2))
            let second = try store.beginBatch()
            try #expect(!second.put(bytes: [1, 2, 3]).wasHere)
            try second.commit()
            try #expect(store.verify(put.pointer) == .sound)
            try #expect(store.journal.totals() == .init(files: 1, bytes: 3))
        }
    }

    @Test func `A file that somebody else put here is taken into the journal`() throws {
        try withStore { store, _ in
            let pointer = Pointer(oid: ContentHash(of: [1, 2, 3]), size: 3)
            _ = try store.journal.totals()
            try FileSystem.makeDirectories(store.path(of: pointer.oid).parent)
            try FileSystem.write([1, 2, 3], to: store.path(of: pointer.oid))
            let batch = try store.beginBatch()
            try #expect(batch.put(bytes: [1, 2, 3]).wasHere)
            try batch.commit()
            try #expect(store.journal.contains(pointer.oid))
            try #expect(store.journal.totals() == .init(files: 1, bytes: 3))
        }
    }

    @Test func `Steps may be made one by one, and names be made durable by other means`() throws {
        try withStore { store, folder in
            let temporary = try TemporaryDirectory(in: folder.appending("lfs/tmp"))
            let batch = try store.beginBatch(temporary: temporary)
            let put = try batch.put(bytes: [1])
            try batch.flush()
            #expect(!store.contains(put.pointer))
            try batch.publish()
            #expect(store.contains(put.pointer))
            try FileSystem.syncFileSystem(containing: folder)
            try batch.finish()
            try batch.finish()
            try #expect(store.journal.contains(put.oid))
        }
    }

    @Test func `Without durability the same files come out`() throws {
        try withStore { store, _ in
            let batch = try store.beginBatch(durable: false)
            let puts = try (0..<100).map { try batch.put(bytes: Array("\($0)".utf8)) }
            try batch.commit()
            #expect(puts.allSatisfy { store.contains($0.pointer) })
            try #expect(store.journal.totals().files == 100)
        }
    }

    @Test(arguments: [5, 300_000]) func whatIsNotExpectedIsNotPut(size: Int) throws {
        try withTemporaryDirectory { folder in
            let store = try BlobStore.create(at: folder.appending("lfs"))
            let bytes = [UInt8](repeating: 7, count: size)
            let right = Pointer(oid: ContentHash(of: bytes), size: Int64(size))
            try FileSystem.write(bytes, to: folder.appending("file"))
            let batch = try store.beginBatch(durable: false)
            let wrong = [
                Pointer(oid: ContentHash(of: [1]), size: Int64(size)), Pointer(oid: right.oid, size: 1), .empty,
            ]
            for pointer in wrong {
                let error = #expect(throws: BlobError.self) {
                    try batch.put(FileDescriptor.open(folder.appending("file"), .read), expecting: pointer)
                }
                #expect(error?.code == .damaged)
            }
            #expect(try FileSystem.list(batch.temporary.path).isEmpty)
            #expect(
                try batch.put(FileDescriptor.open(folder.appending("file"), .read), expecting: right).oid
                    == right.oid)
            try batch.commit()
            #expect(try store.files() == [right])
        }
    }
}
