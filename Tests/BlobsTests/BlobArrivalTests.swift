@testable import Blobs
import Digest
import Files
import TestSupport
import Testing

@Suite struct BlobArrivalTests {
    private func pointer(to bytes: [UInt8]) -> Pointer {
        Pointer(oid: ContentHash(of: bytes), size: Int64(bytes.count))
    }

    private func part(of file: Pointer, in store: BlobStore) -> FilePath {
        store.directory.appending("incomplete/\(file.oid).part")
    }

    private func feed(_ arrival: BlobArrival, _ bytes: some Collection<UInt8>, by step: Int = 50_000) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(step))
            try piece.withUnsafeBytes { try arrival.append($0) }
            rest = rest.dropFirst(step)
        }
    }

    /// Takes up a file. Another test of this process may just be starting a program, which holds all descriptors and their
    /// locks for the moment until it begins.
    private func take(_ file: Pointer, in store: BlobStore) throws -> BlobArrival {
        let watch = Stopwatch()
        while watch.seconds < 5 {
            if let arrival = try store.arrival(of: file) { return arrival }
            SystemClock.sleep(seconds: 0.001)
        }
        return try #require(try store.arrival(of: file))
    }

    @Test(arguments: [1, 1000, 1 << 16, (1 << 16) + 1, 3_000_000])
    func `What has come whole is stored under its hash, read-only`(size: Int) throws {
        var random = SeededRandom()
        let bytes = random.bytes(size)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let arrival = try take(file, in: store)
            try feed(arrival, bytes)
            #expect(arrival.received == file.size)
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            #expect(!store.contains(file))
            try batch.commit()
            try #expect(store.read(file, limit: size) == bytes)
            try #expect(FileSystem.status(of: store.path(of: file.oid)).mode == 0o444)
            try #expect(store.journal.totals() == .init(files: 1, bytes: file.size))
            #expect(!FileSystem.exists(part(of: file, in: store)))
        }
    }

    @Test func `What was cut off goes on where it was left`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(1_000_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            do {
                let arrival = try take(file, in: store)
                try feed(arrival, bytes[..<600_000])
            }
            let arrival = try take(file, in: store)
            #expect(arrival.received == 600_000)
            try feed(arrival, bytes[600_000...])
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try #expect(store.verify(file) == .sound)
        }
    }

    @Test func `What has come whole is found whole by the next, if its batch was cut off`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(200_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            do {
                let arrival = try take(file, in: store)
                try feed(arrival, bytes)
                #expect(try arrival.finish(into: try store.beginBatch()))
            }
            let arrival = try take(file, in: store)
            #expect(arrival.received == file.size)
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try #expect(store.verify(file) == .sound)
        }
    }

    @Test func `Another process is at it`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(200_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let one = try take(file, in: store)
            // Neither has a place on the disk yet.
            let two = try take(file, in: store)
            try feed(one, bytes[..<100_000])
            #expect(try store.arrival(of: file) == nil)
            #expect(throws: BlobError.self) { try feed(two, bytes[..<100_000]) }
            try feed(one, bytes[100_000...])
            let batch = try store.beginBatch()
            #expect(try one.finish(into: batch))
            #expect(try store.arrival(of: file) == nil)
            try batch.commit()
            try #expect(store.verify(file) == .sound)
        }
    }

    @Test(arguments: [1000, 200_000])
    func `Other bytes than its name says are forgotten`(size: Int) throws {
        var random = SeededRandom()
        let bytes = random.bytes(size)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let arrival = try take(file, in: store)
            let batch = try store.beginBatch()
            try feed(arrival, random.bytes(size))
            #expect(try !arrival.finish(into: batch))
            #expect(arrival.received == 0)
            // Half of it is none either.
            try feed(arrival, bytes.prefix(size / 2))
            #expect(try !arrival.finish(into: batch))
            try feed(arrival, bytes)
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try #expect(store.read(file, limit: size) == bytes)
        }
    }

    @Test func `More than the file has is refused, and what had come stays`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(150_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let arrival = try take(file, in: store)
            try feed(arrival, bytes[..<100_000])
            #expect(throws: BlobError.self) { try feed(arrival, random.bytes(60_000), by: 60_000) }
            #expect(arrival.received == 100_000)
            try feed(arrival, bytes[100_000...])
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            try batch.commit()
        }
    }

    @Test func `A part that is longer than the file is begun anew`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(100_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            try FileSystem.makeDirectories(store.directory.appending("incomplete"))
            try FileSystem.write(random.bytes(100_001), to: part(of: file, in: store))
            let arrival = try take(file, in: store)
            #expect(arrival.received == 0)
            try feed(arrival, bytes)
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try #expect(store.verify(file) == .sound)
        }
    }

    @Test func `A link in its place is not followed`() throws {
        var random = SeededRandom()
        let file = pointer(to: random.bytes(100_000))
        try withStore { store, folder in
            try FileSystem.makeDirectories(store.directory.appending("incomplete"))
            try FileSystem.write([1, 2, 3], to: folder.appending("mine"))
            try FileSystem.symbolicLink(to: folder.appending("mine"), at: part(of: file, in: store))
            #expect(throws: BlobError.self) { _ = try store.arrival(of: file) }
            try #expect(FileSystem.read(folder.appending("mine")) == [1, 2, 3])
        }
    }

    @Test func `What somebody else has stored meanwhile is left as it is`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(100_000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let arrival = try take(file, in: store)
            try feed(arrival, bytes)
            let other = try store.beginBatch()
            _ = try other.put(bytes: bytes)
            try other.commit()
            let inode = try FileSystem.status(of: store.path(of: file.oid)).inode
            let batch = try store.beginBatch()
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try #expect(FileSystem.status(of: store.path(of: file.oid)).inode == inode)
            #expect(!FileSystem.exists(part(of: file, in: store)))
        }
    }

    @Test func `What nobody goes on with is swept, and what somebody is at is not`() throws {
        var random = SeededRandom()
        let pieces = (0..<4).map { _ in random.bytes(100_000) }
        let files = pieces.map(pointer(to:))
        try withStore { store, folder in
            let arrivals = try files.map { try take($0, in: store) }
            for (arrival, bytes) in zip(arrivals, pieces) { try feed(arrival, bytes[..<90_000]) }
            let parts = files.map { part(of: $0, in: store) }
            // One is here by another way, one was left alone for long, somebody is at one that was, and one is young.
            let batch = try store.beginBatch()
            _ = try batch.put(bytes: pieces[0])
            try batch.commit()
            for old in [parts[1], parts[2]] {
                let touched = try run(command: "touch", arguments: ["-d", "40 days ago", old.string])
                #expect(touched.status == 0)
            }
            let kept = arrivals[2]
            withExtendedLifetime(kept) {
                store.sweepArrivals()
                #expect(parts.map { FileSystem.exists($0) } == [true, true, true, true])
            }
        }
        try withStore { store, _ in
            for (file, bytes) in zip(files, pieces) { try feed(take(file, in: store), bytes[..<90_000]) }
            let parts = files.map { part(of: $0, in: store) }
            let batch = try store.beginBatch()
            _ = try batch.put(bytes: pieces[0])
            try batch.commit()
            let touched = try run(command: "touch", arguments: ["-d", "40 days ago", parts[1].string])
            #expect(touched.status == 0)
            store.sweepArrivals()
            #expect(parts.map { FileSystem.exists($0) } == [false, false, true, true])
        }
    }

    @Test func `What comes slowly is on the disk before a second is over`() throws {
        var random = SeededRandom()
        let bytes = random.bytes(1000)
        let file = pointer(to: bytes)
        try withStore { store, _ in
            let arrival = try take(file, in: store)
            try feed(arrival, bytes[..<10])
            #expect(!FileSystem.exists(part(of: file, in: store)))
            SystemClock.sleep(seconds: 0.6)
            try feed(arrival, bytes[10..<20])
            try #expect(FileSystem.status(of: part(of: file, in: store)).size == 20)
        }
    }
}
