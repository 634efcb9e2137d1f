@testable import Blobs
import Digest
import Files
import SQLite
import TestSupport
import Testing

@Suite struct BlobJournalTests {
    private func put(_ texts: [String], in store: BlobStore) throws -> [Pointer] {
        let batch = try store.beginBatch()
        let puts = try texts.map { try batch.put(bytes: Array($0.utf8)) }
        try batch.commit()
        return puts.map(\.pointer)
    }

    /// The same store as another process sees it.
    private func reopened(_ store: BlobStore) -> BlobStore {
        store.journal.close()
        return BlobStore(directory: store.directory)
    }

    @Test func `Nothing is opened before it is needed`() throws {
        try withStore { store, folder in
            _ = try store.beginBatch().put(bytes: [1])
            try #expect(FileSystem.list(folder.appending("lfs")).map(\.name) == ["objects", "tmp"])
        }
    }

    @Test func `Where there is no store there are no files`() throws {
        try withTemporaryDirectory { folder in
            let store = BlobStore(directory: folder.appending("none"))
            try #expect(store.journal.totals() == .init(files: 0, bytes: 0))
            try #expect(FileSystem.list(folder).isEmpty)
        }
    }

    @Test func `A missing journal is made from the files`() throws {
        try withStore { store, folder in
            _ = try put(["a", "bb", "ccc"], in: store)
            let again = reopened(store)
            for name in ["journal", "journal-wal", "journal-shm"] {
                try FileSystem.remove(folder.appending("lfs").appending(name))
            }
            try #expect(again.journal.totals() == .init(files: 3, bytes: 6))
            try #expect(again.journal.differences().isEmpty)
        }
    }

    @Test func `A journal whose making was cut off is none, and no damage`() throws {
        try withStore { store, folder in
            let journal = folder.appending("lfs/journal")
            // What a kill leaves between opening the file and making the tables.
            try Database(path: journal.bytes, mode: .create, busyTimeout: 1).useWriteAheadLog()
            let look = try store.journal.look(copyingTo: folder)
            if case .read(let differences) = look { #expect(differences.isEmpty) } else { Issue.record("\(look)") }
            _ = try put(["a"], in: store)
            store.journal.close()
            for name in ["journal", "journal-wal", "journal-shm"] {
                try FileSystem.remove(folder.appending("lfs").appending(name))
            }
            try Database(path: journal.bytes, mode: .create, busyTimeout: 1).useWriteAheadLog()
            let second = try store.journal.look(copyingTo: folder)
            if case .missing = second {} else { Issue.record("it has no files, and there is one: \(second)") }
        }
    }

    @Test func `A journal that is no database is made anew`() throws {
        try withStore { store, folder in
            _ = try put(["a", "bb"], in: store)
            let again = reopened(store)
            try FileSystem.write([UInt8](repeating: 65, count: 9000), to: folder.appending("lfs/journal"))
            try #expect(again.journal.totals() == .init(files: 2, bytes: 3))
        }
    }

    @Test func `A journal with damaged pages is made anew`() throws {
        try withStore { store, folder in
            _ = try put((0..<500).map { "content \($0)" }, in: store)
            let before = try store.journal.totals()
            let again = reopened(store)
            let file = try FileDescriptor.open(folder.appending("lfs/journal"), .readWrite)
            let size = try file.status().size
            let noise = [UInt8](repeating: 0xFF, count: Int(size) - 100)
            try noise.withUnsafeBytes { bytes in try file.pwrite(all: bytes, at: 100) }
            try file.close()
            try #expect(again.journal.totals() == before)
        }
    }

    @Test func `The journal of another version is made anew`() throws {
        try withStore { store, folder in
            _ = try put(["a"], in: store)
            let again = reopened(store)
            try Database(folder.appending("lfs/journal").string, mode: .readWrite).setUserVersion(99)
            try #expect(again.journal.totals() == .init(files: 1, bytes: 1))
        }
    }

    @Test func `A damaged journal that another process has open is not taken from it`() throws {
        try withStore { store, folder in
            _ = try put(["a"], in: store)
            let connection = try JournalConnection(in: store.directory)
            let file = try FileDescriptor.open(folder.appending("lfs/journal.lock"), .readWrite)
            try #expect(!file.tryLock())
            try #expect(file.tryLock(shared: true))
            _ = connection
        }
    }

    @Test func `What a dead process was about to name is settled by looking at it`() throws {
        try withStore { store, _ in
            let known = try put(["known"], in: store)
            let (there, gone) = (ContentHash(of: Array("there".utf8)), ContentHash(of: Array("gone".utf8)))
            do {
                let owner = try TemporaryDirectory(in: store.temporary)
                let pointers = [Pointer(oid: there, size: 5), Pointer(oid: gone, size: 4)]
                try #expect(store.journal.note(pointers, owner: owner, durable: true).count == 1)
                try FileSystem.makeDirectories(store.path(of: there).parent)
                try FileSystem.write("there", to: store.path(of: there))
                // Its owner lives: it is not anybody else's business yet.
                let other = BlobStore(directory: store.directory)
                try #expect(other.journal.totals().files == 1)
            }
            let again = reopened(store)
            try #expect(again.journal.totals() == .init(files: 2, bytes: known[0].size + 5))
            try #expect(again.journal.contains(there))
            try #expect(!again.journal.contains(gone))
            try #expect(again.journal.differences().isEmpty)
        }
    }

    @Test func `A note of more files than fit into one row is settled whole`() throws {
        try withStore { store, _ in
            do {
                let owner = try TemporaryDirectory(in: store.temporary)
                let pointers = (0..<10001).map { Pointer(oid: ContentHash(of: Array("\($0)".utf8)), size: 1) }
                try #expect(store.journal.note(pointers, owner: owner, durable: false).count == 2)
            }
            try #expect(reopened(store).journal.totals().files == 0)
        }
    }

    @Test func `Files that are removed are noted first and struck when they are gone`() throws {
        try withStore { store, _ in
            let pointers = try put(["a", "bb", "ccc"], in: store)
            let owner = try TemporaryDirectory(in: store.temporary)
            struct Stop: Error {}
            #expect(throws: BlobError.self) {
                try store.journal.removing(pointers.map(\.oid), owner: owner) {
                    try FileSystem.remove(store.path(of: pointers[0].oid))
                    throw Stop()
                }
            }
            try #expect(store.journal.totals() == .init(files: 2, bytes: 5))
            try #expect(store.journal.differences().isEmpty)
        }
    }

    @Test func `Every kind of disagreement is told, and a rebuild ends it`() throws {
        try withStore { store, folder in
            let pointers = try put(["a", "bb", "ccc", "dddd"], in: store).sorted { $0.oid < $1.oid }
            try FileSystem.remove(store.path(of: pointers[0].oid))
            try FileSystem.remove(store.path(of: pointers[1].oid))
            try FileSystem.write("longer than before", to: store.path(of: pointers[1].oid))
            let stranger = ContentHash(of: Array("stranger".utf8))
            try FileSystem.makeDirectories(store.path(of: stranger).parent)
            try FileSystem.write("stranger", to: store.path(of: stranger))
            let foreign = [
                folder.appending("lfs/objects/README"), folder.appending("lfs/objects/ab/notes"),
                store.path(of: stranger).parent.appending("x"),
            ]
            try FileSystem.makeDirectories(folder.appending("lfs/objects/ab"))
            for path in foreign { try FileSystem.write("x", to: path) }
            let expected: Set<BlobJournal.Difference> = [
                .missing(pointers[0]), .wrongSize(pointers[1].oid, journal: pointers[1].size, file: 18),
                .unlisted(Pointer(oid: stranger, size: 8)), .foreign(foreign[0]), .foreign(foreign[1]),
                .foreign(foreign[2]),
            ]
            try #expect(Set(store.journal.differences()) == expected)
            try store.journal.rebuild()
            try #expect(Set(store.journal.differences()) == Set(foreign.map { .foreign($0) }))
            try #expect(store.journal.totals().files == 4)
        }
    }

    @Test func `Where nothing can be written the journal is read, or the files are counted`() throws {
        try withStore { store, folder in
            _ = try put(["a", "bb"], in: store)
            store.journal.close()
            let expected = BlobJournal.Totals(files: 2, bytes: 3)
            try #expect(JournalConnection.totalsWithoutWriting(in: store.directory) == expected)
            // A stranger does not count by the journal, but does when files are counted.
            let stranger = ContentHash(of: Array("stranger".utf8))
            try FileSystem.makeDirectories(store.path(of: stranger).parent)
            try FileSystem.write("stranger", to: store.path(of: stranger))
            try #expect(JournalConnection.totalsWithoutWriting(in: store.directory) == expected)
            try FileSystem.write("unwritten", to: folder.appending("lfs/journal-wal"))
            try #expect(JournalConnection.totalsWithoutWriting(in: store.directory).files == 3)
            try FileSystem.remove(folder.appending("lfs/journal-wal"))
            try FileSystem.remove(folder.appending("lfs/journal"))
            try #expect(JournalConnection.totalsWithoutWriting(in: store.directory).files == 3)
        }
    }

    @Test func `A place that cannot be written to is told from other failures`() {
        #expect(BlobError(FileError(.readOnly, "create", "x")).isReadOnlyPlace)
        #expect(BlobError(FileError(.permission, "create", "x")).isReadOnlyPlace)
        #expect(!BlobError(FileError(.io, "create", "x")).isReadOnlyPlace)
        #expect(!BlobError(.journal, "x").isReadOnlyPlace)
    }

    @Test func `Two processes put at once, and the count is right`() throws {
        try withStore { store, _ in
            try Parallel.forEach(count: 4, workers: 4) { number in
                let mine = BlobStore(directory: store.directory)
                for round in 0..<5 {
                    let batch = try mine.beginBatch()
                    for file in 0..<10 { _ = try batch.put(bytes: Array("\(number % 2) \(round) \(file)".utf8)) }
                    try batch.commit()
                }
            }
            try #expect(store.journal.totals().files == 100)
            try #expect(store.journal.differences().isEmpty)
        }
    }
}

@Suite struct BlobErrorTests {
    @Test func `What the file system says is translated`() {
        #expect(BlobError(FileError(.notDirectory, "open", "x")).code == .missing)
        #expect(BlobError(FileError(.quota, "write", "x")).code == .noSpace(needed: 0, free: 0))
        #expect(BlobError(FileError(.overLimit, "read", "x")).code == .overLimit)
        #expect(BlobError(FileError(.io, "read", "x")).code == .fileSystem)
        #expect(BlobError(FileError(.io, "read", "x") as any Error).fileError?.code == .io)
        #expect(BlobError(CancellationError()).code == .fileSystem)
    }
}
