@testable import Blobs
import Digest
import Files
import TestSupport
import Testing

@Suite struct QuarantineTests {
    private struct Rig {
        let store: BlobStore
        let owner: TemporaryDirectory
        var quarantine: Quarantine { store.quarantine }

        func put(_ texts: String...) throws -> [Pointer] {
            let batch = try store.beginBatch()
            let puts = try texts.map { try batch.put(bytes: Array($0.utf8)) }
            try batch.commit()
            return puts.map(\.pointer)
        }

        func names(in folder: String) throws -> [FilePath] {
            try FileSystem.list(store.directory.appending(folder)).map(\.name)
        }
    }

    private func withRig(_ body: (Rig) throws -> Void) throws {
        try withStore { store, _ in
            try body(Rig(store: store, owner: try TemporaryDirectory(in: store.temporary)))
            store.journal.close()
            try #expect(BlobStore(directory: store.directory).journal.differences().isEmpty)
        }
    }

    @Test func `What is set aside is out of the way, on a shelf of that moment`() throws {
        try withRig { rig in
            let files = try rig.put("a", "bb", "ccc")
            let shelf = try rig.quarantine.setAside([files[0], files[1]], at: 1000, owner: rig.owner)
            #expect(files.map(rig.store.contains) == [false, false, true])
            try #expect(rig.store.journal.totals() == .init(files: 1, bytes: 3))
            try #expect(rig.quarantine.shelves() == [shelf])
            #expect(shelf.made == 1000)
            try #expect(Set(rig.quarantine.items(on: shelf).map(\.pointer)) == [files[0], files[1]])
            try #expect(rig.quarantine.find(files[0].oid)?.pointer == files[0])
            try #expect(rig.quarantine.find(files[2].oid) == nil)
            try #expect(
                rig.names(in: "quarantine/1000").map(\.string).sorted() == files[..<2].map(\.oid.hex).sorted())
        }
    }

    @Test func `No shelf is used twice, and they come in the order of their moments`() throws {
        try withRig { rig in
            let files = try rig.put("a", "bb", "ccc")
            try rig.quarantine.setAside([files[0]], at: 1000, owner: rig.owner)
            try rig.quarantine.setAside([files[1]], at: 1000, owner: rig.owner)
            try rig.quarantine.setAside([files[2]], at: 999, owner: rig.owner)
            try #expect(rig.quarantine.shelves().map(\.made) == [999, 1000, 1001])
        }
    }

    @Test func `What is gone by then is passed over`() throws {
        try withRig { rig in
            let files = try rig.put("a", "bb")
            try FileSystem.remove(rig.store.path(of: files[0].oid))
            let shelf = try rig.quarantine.setAside(files, at: 1, owner: rig.owner)
            try #expect(rig.quarantine.items(on: shelf).map(\.pointer) == [files[1]])
            try #expect(rig.store.journal.totals().files == 0)
        }
    }

    @Test func `A file is taken back with its bytes, and its shelf goes when it is empty`() throws {
        try withRig { rig in
            let files = try rig.put("a", "bb", "ccc")
            try rig.quarantine.setAside(files, at: 1, owner: rig.owner)
            try #expect(rig.quarantine.takeBack([files[0]], owner: rig.owner) == [files[0]])
            try #expect(rig.store.verify(files[0]) == .sound)
            try #expect(FileSystem.status(of: rig.store.path(of: files[0].oid)).mode == 0o444)
            try #expect(rig.store.journal.totals() == .init(files: 1, bytes: 1))
            try #expect(rig.quarantine.takeBack(files, owner: rig.owner) == Set(files))
            try #expect(rig.names(in: "quarantine").isEmpty)
            try #expect(rig.store.journal.totals().files == 3)
        }
    }

    @Test func `Where the folders of the files are gone as well they are made again`() throws {
        try withRig { rig in
            let file = try rig.put("a")[0]
            try rig.quarantine.setAside([file], at: 1, owner: rig.owner)
            try FileSystem.removeDirectory(rig.store.path(of: file.oid).parent)
            try FileSystem.removeDirectory(rig.store.path(of: file.oid).parent.parent)
            try #expect(rig.quarantine.takeBack([file], owner: rig.owner) == [file])
        }
    }

    @Test(arguments: ["c", "two"])
    func `A file whose bytes are others is not taken back`(bytes: String) throws {
        try withRig { rig in
            let file = try rig.put("a")[0]
            let shelf = try rig.quarantine.setAside([file], at: 1, owner: rig.owner)
            try FileSystem.remove(shelf.path.appending(file.oid.hex))
            try FileSystem.write(bytes, to: shelf.path.appending(file.oid.hex))
            try #expect(rig.quarantine.takeBack([file], owner: rig.owner).isEmpty)
            #expect(!rig.store.contains(file))
            // Of two shelves the one with the right bytes serves.
            _ = try rig.put("a")
            try rig.quarantine.setAside([file], at: 0, owner: rig.owner)
            try #expect(rig.quarantine.takeBack([file], owner: rig.owner) == [file])
            try #expect(rig.store.verify(file) == .sound)
        }
    }

    @Test func `Who puts what lies in quarantine has fresh bytes, and they stay`() throws {
        try withRig { rig in
            let file = try rig.put("a")[0]
            let shelf = try rig.quarantine.setAside([file], at: 1, owner: rig.owner)
            try FileSystem.setMode(of: shelf.path.appending(file.oid.hex), to: 0o644)
            try FileSystem.write("b", to: shelf.path.appending(file.oid.hex))
            try #expect(rig.put("a") == [file])
            try #expect(rig.quarantine.takeBack([file], owner: rig.owner) == [file])
            try #expect(rig.store.verify(file) == .sound)
            try #expect(rig.quarantine.items(on: shelf).map(\.pointer) == [file])
        }
    }

    @Test func `A file of the wrong size gives way to the one that is taken back`() throws {
        try withRig { rig in
            let file = try rig.put("abc")[0]
            try rig.quarantine.setAside([file], at: 1, owner: rig.owner)
            try FileSystem.write("ab", to: rig.store.path(of: file.oid))
            try #expect(rig.quarantine.takeBack([file], owner: rig.owner) == [file])
            try #expect(rig.store.verify(file) == .sound)
        }
    }

    @Test func `Deleting takes what is named, and the shelf when nothing else is on it`() throws {
        try withRig { rig in
            let files = try rig.put("a", "bb")
            let shelf = try rig.quarantine.setAside(files, at: 1, owner: rig.owner)
            let items = try rig.quarantine.items(on: shelf)
            try rig.quarantine.delete([items[0]])
            try #expect(rig.quarantine.items(on: shelf) == [items[1]])
            try rig.quarantine.delete(items)
            try #expect(rig.quarantine.shelves().isEmpty)
        }
    }

    @Test func `What is nobody's in quarantine stays`() throws {
        try withRig { rig in
            let file = try rig.put("a")[0]
            let shelf = try rig.quarantine.setAside([file], at: 1, owner: rig.owner)
            let quarantine = shelf.path.parent
            for name in ["01", "x", "-1"] { try FileSystem.makeDirectory(quarantine.appending(name)) }
            try FileSystem.write("x", to: quarantine.appending("2"))
            try FileSystem.write("x", to: shelf.path.appending("notes"))
            try FileSystem.makeDirectory(shelf.path.appending(ContentHash(of: [1]).hex))
            try FileSystem.makeDirectory(quarantine.appending("3"))
            try #expect(rig.quarantine.shelves().map(\.made) == [1, 3])
            try rig.quarantine.delete(rig.quarantine.items(on: shelf))
            try rig.quarantine.removeEmptyShelves()
            try #expect(rig.names(in: "quarantine").map(\.string) == ["-1", "01", "1", "2", "x"])
        }
    }

    @Test func `Many files are moved at once`() throws {
        try withRig { rig in
            let batch = try rig.store.beginBatch(durable: false)
            let files = try (0..<100).map { try batch.put(bytes: Array("\($0)".utf8)).pointer }
            try batch.commit()
            try rig.quarantine.setAside(files, at: 1, owner: rig.owner)
            try #expect(rig.store.journal.totals().files == 0)
            try #expect(rig.quarantine.takeBack(files, owner: rig.owner).count == 100)
        }
    }
}

@Suite struct ClaimTests {
    @Test func `From its flush to its end a batch claims what it put, new or not`() throws {
        try withStore { store, _ in
            let first = try store.beginBatch()
            let old = try first.put(bytes: [1]).oid
            try first.commit()
            first.end()
            let other = BlobStore(directory: store.directory)
            try #expect(other.journal.claimed().isEmpty)

            let batch = try store.beginBatch()
            try #expect(batch.put(bytes: [1]).wasHere)
            let new = try batch.put(bytes: [2]).oid
            try batch.flush()
            try #expect(other.journal.claimed() == [old, new])
            try batch.publish()
            try batch.syncDirectories()
            try #expect(other.journal.claimed() == [old, new])
            batch.end()
            batch.end()
            try #expect(other.journal.claimed().isEmpty)
        }
    }

    @Test func `What was here already is claimed also where nothing is new`() throws {
        try withStore { store, _ in
            do {
                let first = try store.beginBatch()
                _ = try first.put(bytes: [1])
                try first.commit()
            }
            do {
                let batch = try store.beginBatch()
                let put = try batch.put(bytes: [1])
                try batch.commit()
                try #expect(store.journal.claimed() == [put.oid])
                // More that is put afterwards is claimed with the next flush.
                let more = try batch.put(bytes: [2])
                try batch.commit()
                try #expect(store.journal.claimed() == [put.oid, more.oid])
            }
            try #expect(store.journal.claimed().isEmpty)
            try #expect(store.journal.totals().files == 2)
        }
    }

    @Test func `The dead claim nothing`() throws {
        try withStore { store, _ in
            do {
                let owner = try TemporaryDirectory(in: store.temporary)
                let file = Pointer(oid: ContentHash(of: [1]), size: 1)
                _ = try store.journal.note([file], owner: owner, durable: false)
                try #expect(store.journal.claimed() == [file.oid])
            }
            try #expect(store.journal.claimed().isEmpty)
        }
    }
}
