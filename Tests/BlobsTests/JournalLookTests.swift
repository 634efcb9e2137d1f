import Digest
import Files
import SQLite
import TestSupport
import Testing

@testable import Blobs

/// A look at the journal that leaves every byte as it is.
struct JournalLookTests {
    private func withStore(_ body: (BlobStore, FilePath) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let store = try BlobStore.create(at: folder.appending("lfs"))
            let batch = try store.beginBatch(durable: false)
            for number in 0..<5 as Range<UInt8> { _ = try batch.put(bytes: [number, 1, 2]) }
            try batch.commit()
            batch.end()
            try body(store, folder.appending("scratch"))
        }
    }

    /// What the look finds, and that it changes no file.
    private func look(_ store: BlobStore, _ scratch: FilePath) throws -> BlobJournal.Look {
        let names = DirectoryWalk(store.directory).map(\.path)
        let before = try names.map { try FileSystem.read($0) }
        let found = try BlobStore(directory: store.directory).journal.look(copyingTo: scratch)
        #expect(DirectoryWalk(store.directory).map(\.path) == names)
        let after = try names.map { try FileSystem.read($0) }
        #expect(after == before)
        return found
    }

    @Test func aSoundJournalDiffersInNothing() throws {
        try withStore { store, scratch throws in
            #expect(try look(store, scratch).isSound)
            store.journal.close()
            #expect(try look(store, scratch).isSound)
        }
    }

    @Test func whatIsMissingAndWhatIsUnlistedIsTold() throws {
        try withStore { store, scratch throws in
            let file = store.path(of: ContentHash(of: [0, 1, 2]))
            try FileSystem.remove(file)
            let other = ContentHash(of: Array("other".utf8))
            try FileSystem.makeDirectories(store.path(of: other).parent)
            try FileSystem.write("other", to: store.path(of: other))
            guard case .read(let differences) = try look(store, scratch) else {
                Issue.record("the journal can be read")
                return
            }
            let missing = BlobJournal.Difference.missing(Pointer(oid: ContentHash(of: [0, 1, 2]), size: 3))
            #expect(Set(differences) == [missing, .unlisted(Pointer(oid: other, size: 5))])
        }
    }

    @Test func aMissingJournalIsMissedOnlyWhereFilesAre() throws {
        try withStore { store, scratch throws in
            store.journal.close()
            for suffix in ["", "-wal", "-shm"] {
                try FileSystem.remove(store.directory.appending("journal\(suffix)"))
            }
            if case .missing = try look(store, scratch) {} else { Issue.record("it is missing") }
            try FileSystem.removeTree(store.directory.appending("objects"))
            #expect(try look(store, scratch).isSound)
        }
    }

    @Test func aDamagedJournalIsUnreadable() throws {
        try withStore { store, scratch throws in
            store.journal.close()
            let path = store.directory.appending("journal")
            let bytes = try FileSystem.read(path)
            try FileSystem.write(Array(bytes.prefix(5000)), to: path)
            if case .unreadable = try look(store, scratch) {} else { Issue.record("it is cut off") }
            try FileSystem.write("nonsense", to: path)
            if case .unreadable = try look(store, scratch) {} else { Issue.record("it is nonsense") }
        }
    }

    @Test func verdictsSayWhatIsThere() throws {
        try withStore { store, _ throws in
            let pointer = Pointer(oid: ContentHash(of: [0, 1, 2]), size: 3)
            let verifier = BlobVerifier(of: store)
            #expect(try verifier.verify(pointer) == .sound && store.look(at: pointer) == .sound)
            #expect(try store.look(at: Pointer(oid: pointer.oid, size: 4)) == .wrongSize(3))
            let lookup = try BlobLookup(in: store)
            #expect(try lookup.look(at: pointer) == .sound && lookup.contains(pointer))
            #expect(try lookup.look(at: Pointer(oid: pointer.oid, size: 4)) == .wrongSize(3))
            let path = store.path(of: pointer.oid)
            try FileSystem.remove(path)
            #expect(try verifier.verify(pointer) == .missing && lookup.look(at: pointer) == .missing)
            try FileSystem.makeDirectory(path)
            #expect(try verifier.verify(pointer) == .notRegular("a directory"))
            #expect(try lookup.look(at: pointer) == .notRegular("a directory") && !lookup.contains(pointer))
            #expect(try store.look(at: .empty) == .sound && lookup.contains(.empty))
        }
    }
}
