import Blobs
import Digest
import Files
import TestSupport
import Testing

/// Files that are brought from one place of stored files to another.
@Suite struct BlobDeliveryTests {
    private struct Places {
        let source: BlobStore
        let target: BlobStore

        init(_ source: FilePath, _ target: FilePath) throws {
            self.source = try BlobStore.create(at: source.appending("source/lfs"))
            try FileSystem.makeDirectory(target.appending("target"))
            self.target = BlobStore(directory: target.appending("target/lfs"))
        }

        func put(_ text: String) throws -> Pointer {
            let batch = try source.beginBatch(durable: false)
            let put = try batch.put(bytes: Array(text.utf8))
            try batch.commit()
            return put.pointer
        }
    }

    private func withPlaces(elsewhere: Bool = false, _ body: (Places) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            guard elsewhere else { return try body(try Places(folder, folder)) }
            // Another file system: there files have to be copied.
            let memory = try TemporaryDirectory(in: "/dev/shm")
            try body(try Places(folder, memory.path))
        }
    }

    private static var hasMemory: Bool { FileSystem.isWritable("/dev/shm") }

    @Test func aFileIsTheSameUnderASecondName() throws {
        try withPlaces { places in
            let file = try places.put("sound")
            let delivery = try BlobDelivery(to: places.target)
            let means = try delivery.deliver(file, from: places.source)
            #expect(!places.target.contains(file), "not before all are durable")
            try delivery.commit()
            #expect(try places.target.verify(file) == .sound)
            let statuses = try [places.source, places.target].map {
                try FileSystem.status(of: $0.path(of: file.oid))
            }
            #expect(statuses[1].mode == 0o444)
            #expect(statuses[0].isSameFile(as: statuses[1]) == (means == .secondName))
            #expect(means != .none && means != .copy)
        }
    }

    @Test(.enabled(if: hasMemory, "there is no disk in memory")) func anotherDiskGetsACopy() throws {
        try withPlaces(elsewhere: true) { places in
            let files = try ["one", "two", String(repeating: "long ", count: 200_000)].map { try places.put($0) }
            let delivery = try BlobDelivery(to: places.target)
            for file in files { #expect(try delivery.deliver(file, from: places.source) == .copy) }
            try delivery.commit()
            for file in files { #expect(try places.target.verify(file) == .sound) }
            #expect(try places.target.files() == files.sorted { $0.oid < $1.oid })
        }
    }

    @Test func whatIsThereIsLeftAsItIs() throws {
        try withPlaces { places in
            let file = try places.put("sound")
            for isFirst in [true, false] {
                let delivery = try BlobDelivery(to: places.target)
                #expect((try delivery.deliver(file, from: places.source) == .none) == !isFirst)
                try delivery.commit()
            }
        }
    }

    @Test func halfAFileInItsPlaceIsReplaced() throws {
        try withPlaces { places in
            let file = try places.put("sound")
            let path = places.target.path(of: file.oid)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.write("sou", to: path)
            let delivery = try BlobDelivery(to: places.target)
            _ = try delivery.deliver(file, from: places.source)
            try delivery.commit()
            #expect(try places.target.verify(file) == .sound)
        }
    }

    /// After the first one nobody opens them any more.
    @Test func manyFilesComeUnderSecondNames() throws {
        try withPlaces { places in
            let files = try (0..<5).map { try places.put("sound \($0)") }
            try FileSystem.makeDirectories(places.target.path(of: files[3].oid).parent)
            try FileSystem.write("sou", to: places.target.path(of: files[3].oid))
            // Others may write to it, so it is no second name that the target gets.
            try FileSystem.setMode(of: places.source.path(of: files[4].oid), to: 0o644)
            let delivery = try BlobDelivery(to: places.target)
            let means = try files.map { try delivery.deliver($0, from: places.source) }
            #expect(means[0] == means[1] && means[0] == means[3])
            try FileSystem.remove(places.source.path(of: files[2].oid))
            #expect(throws: BlobError.self) { _ = try delivery.deliver(files[2], from: places.source) }
            for file in files where file != files[2] { #expect(!places.target.contains(file)) }
            let again = try BlobDelivery(to: places.target)
            for file in files where file != files[2] { _ = try again.deliver(file, from: places.source) }
            try again.commit()
            for file in files where file != files[2] { #expect(try places.target.verify(file) == .sound) }
            let copy = try FileSystem.status(of: places.target.path(of: files[4].oid))
            #expect(try !copy.isSameFile(as: FileSystem.status(of: places.source.path(of: files[4].oid))))
            #expect(copy.mode == 0o444)
        }
    }

    @Test func whatIsNotHereIsNotBrought() throws {
        try withPlaces { places in
            let missing = Pointer(oid: ContentHash(of: [1]), size: 1)
            let delivery = try BlobDelivery(to: places.target)
            let error = #expect(throws: BlobError.self) { try delivery.deliver(missing, from: places.source) }
            #expect(error?.code == .missing)
            try delivery.commit()
            #expect(!places.target.contains(missing))
        }
    }

    @Test(.enabled(if: hasMemory, "there is no disk in memory")) func damagedBytesAreNotCopied() throws {
        try withPlaces(elsewhere: true) { places in
            let file = try places.put("sound")
            let path = places.source.path(of: file.oid)
            try FileSystem.remove(path)
            try FileSystem.write("sownd", to: path)
            let delivery = try BlobDelivery(to: places.target)
            let error = #expect(throws: BlobError.self) { try delivery.deliver(file, from: places.source) }
            #expect(error?.code == .damaged)
            try delivery.commit()
            #expect(!places.target.contains(file))
        }
    }

    @Test func theJournalOfAPlaceLearnsOfWhatComes() throws {
        try withPlaces { places in
            let files = try ["one", "two"].map { try places.put($0) }
            _ = try BlobStore.create(at: places.target.directory).journal.totals()
            let delivery = try BlobDelivery(to: places.target)
            for file in files { _ = try delivery.deliver(file, from: places.source) }
            #expect(try places.target.journal.totals().files == 0)
            try delivery.commit()
            #expect(try places.target.journal.totals().files == 2)
            #expect(try places.target.journal.differences().isEmpty)
            #expect(try places.target.journal.claimed().isEmpty, "the notes are settled")
        }
    }

    @Test func noJournalIsBegunWhereThereIsNone() throws {
        try withPlaces { places in
            let file = try places.put("sound")
            let delivery = try BlobDelivery(to: places.target)
            _ = try delivery.deliver(file, from: places.source)
            try delivery.commit()
            #expect(!FileSystem.exists(places.target.directory.appending("journal")))
        }
    }

    /// Two names of one file have the same permissions, so where they have to differ there are two files.
    @Test(.enabled(if: hasMemory, "there is no disk in memory")) func ourFileKeepsItsPermissions() throws {
        let memory = try TemporaryDirectory(in: "/dev/shm")
        let places = try Places(memory.path, memory.path)
        let file = try places.put("sound")
        for (value, means) in [("0640", BlobDelivery.Means.copy), ("group", .secondName)] {
            try FileSystem.removeTree(places.target.directory)
            let delivery = try BlobDelivery(to: places.target, modes: SharedModes(configValue: value))
            #expect(try delivery.deliver(file, from: places.source) == means)
            try delivery.commit()
            #expect(try FileSystem.status(of: places.source.path(of: file.oid)).mode == 0o444)
            let mode = try FileSystem.status(of: places.target.path(of: file.oid)).mode
            #expect(mode == (value == "group" ? 0o444 : 0o440))
        }
    }
}
