import Blobs
import Digest
import Files
import TestSupport
import Testing

/// A cache in a folder of its own, beside a folder of files that it may know.
private struct Desk {
    let cache: FilePath
    let folder: FilePath

    func known(limit: Int64 = 1 << 30, settledAfter: Double = 0) -> KnownFiles {
        KnownFiles(at: cache, sizeLimit: limit, settledAfter: settledAfter)
    }

    /// Writes a file and describes it as read.
    func sighting(_ name: String, _ text: String = "x", use: [UInt8]? = nil, in folder: FilePath? = nil) throws
        -> KnownFiles.Sighting
    {
        let folder = folder ?? self.folder
        let path = folder.appending(name)
        try FileSystem.write(text, to: path)
        return try KnownFiles.Sighting(
            folder: FileSystem.status(of: folder), name: FilePath(name), status: FileSystem.status(of: path),
            pointer: pointer(text), use: use)
    }

    func pointer(_ text: String) -> Pointer {
        Pointer(oid: ContentHash(of: Array(text.utf8)), size: Int64(text.utf8.count))
    }

    func status(_ name: String = "") throws -> FileStatus {
        try FileSystem.status(of: name.isEmpty ? folder : folder.appending(name))
    }
}

private func withDesk<R>(_ body: (Desk) throws -> R) throws -> R {
    try withTemporaryDirectory { place in
        let desk = Desk(cache: place.appending("cache/known"), folder: place.appending("sounds"))
        try FileSystem.makeDirectory(desk.folder)
        return try body(desk)
    }
}

@Suite struct KnownFilesTests {
    @Test func `A file is known by another program run`() throws {
        try withDesk { desk in
            desk.known().remember([try desk.sighting("a.wav", "abc")], readAfter: .distantFuture)
            let known = try desk.known().file(named: "a.wav", in: desk.status(), asOf: nil)
            #expect(known?.pointer == desk.pointer("abc"))
            #expect(try known?.isStill(desk.status("a.wav")) == true)
            #expect(try desk.known().file(named: "b.wav", in: desk.status(), asOf: nil) == nil)
            #expect(try Array(desk.known().files(in: desk.status(), asOf: nil).keys) == ["a.wav"])
        }
    }

    @Test func `A file that was written to is not what it was`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.remember([try desk.sighting("a.wav", "abc")], readAfter: .distantFuture)
            try FileSystem.write("abd", to: desk.folder.appending("a.wav"))
            let found = try #require(try known.file(named: "a.wav", in: desk.status(), asOf: nil))
            #expect(try !found.isStill(desk.status("a.wav")))
        }
    }

    @Test func `Another file of the same name is not what it was`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.remember([try desk.sighting("a.wav", "abc")], readAfter: .distantFuture)
            _ = try desk.sighting("b.wav", "abd")
            try FileSystem.rename(desk.folder.appending("b.wav"), to: desk.folder.appending("a.wav"))
            let found = try #require(try known.file(named: "a.wav", in: desk.status(), asOf: nil))
            #expect(try !found.isStill(desk.status("a.wav")))
        }
    }

    @Test func `A folder that was moved is still known`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.remember([try desk.sighting("a.wav", "abc")], readAfter: .distantFuture)
            let moved = desk.folder.parent.appending("moved")
            try FileSystem.rename(desk.folder, to: moved)
            let found = try known.file(named: "a.wav", in: FileSystem.status(of: moved), asOf: nil)
            #expect(try found?.isStill(FileSystem.status(of: moved.appending("a.wav"))) == true)
        }
    }

    @Test func `A file whose times are young is not remembered`() throws {
        try withDesk { desk in
            let sighting = try desk.sighting("a.wav")
            let changed = sighting.status.changed
            func isRemembered(after seconds: Double, _ nanoseconds: Int64) throws -> Bool {
                let moment = FileTime(seconds: changed.seconds, nanoseconds: changed.nanoseconds + nanoseconds)
                desk.known(settledAfter: seconds).remember([sighting], readAfter: moment)
                return try desk.known().file(named: "a.wav", in: desk.status(), asOf: nil) != nil
            }
            // In the future, at the same moment, within the time to settle, and just beyond.
            #expect(try !isRemembered(after: 0, -1))
            #expect(try !isRemembered(after: 0, 0))
            #expect(try !isRemembered(after: 2, 2_000_000_000))
            #expect(try isRemembered(after: 2, 2_000_000_001))
        }
    }

    // MARK: Uses

    @Test func `Uses are told at their stamp alone`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.agree(from: nil, to: "one", without: [])
            known.remember([try desk.sighting("a.wav", use: [1])], readAfter: .distantFuture, asOf: "one")
            func use(_ stamp: String?) throws -> [UInt8]? {
                try desk.known().file(named: "a.wav", in: desk.status(), asOf: stamp)?.use
            }
            #expect(known.stamp() == "one")
            #expect(try use("one") == [1])
            #expect(try use("two") == nil && use(nil) == nil)
        }
    }

    @Test func `Uses are withdrawn one by one, and all together`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.agree(from: nil, to: "one", without: nil)
            let sightings = try (1...3).map { try desk.sighting("\($0)", use: [UInt8($0)]) }
            known.remember(sightings, readAfter: .distantFuture, asOf: "one")
            func uses(_ stamp: String) throws -> [UInt8] {
                try known.files(in: desk.status(), asOf: stamp).values.compactMap { $0.use?.first }.sorted()
            }
            known.agree(from: "one", to: "two", without: [[2], [9]])
            #expect(try uses("two") == [1, 3])
            known.agree(from: "two", to: "three", without: nil)
            #expect(try uses("three") == [])
            #expect(try known.files(in: desk.status(), asOf: nil).count == 3)
        }
    }

    @Test func `Nobody speaks for a stamp that somebody else has left`() throws {
        try withDesk { desk in
            let known = desk.known()
            known.agree(from: nil, to: "one", without: [])
            known.agree(from: nil, to: "two", without: [])
            #expect(known.stamp() == "one")
            known.remember([try desk.sighting("a.wav", use: [1])], readAfter: .distantFuture, asOf: "two")
            #expect(try known.file(named: "a.wav", in: desk.status(), asOf: "one")?.use == nil)
        }
    }

    // MARK: What may befall it

    @Test(arguments: ["no database at all, but long enough to be taken for one", ""])
    func `A damaged one is thrown away`(_ text: String) throws {
        try withDesk { desk in
            desk.known().remember([try desk.sighting("a.wav")], readAfter: .distantFuture)
            try FileSystem.write(text, to: desk.cache)
            let known = desk.known()
            #expect(try known.file(named: "a.wav", in: desk.status(), asOf: nil) == nil)
            known.remember([try desk.sighting("a.wav")], readAfter: .distantFuture)
            #expect(try known.file(named: "a.wav", in: desk.status(), asOf: nil) != nil)
        }
    }

    @Test func `Noise in it never makes a wrong answer`() throws {
        var random = SeededRandom()
        try withDesk { desk in
            let sightings = try (0..<60).map { try desk.sighting("\($0).wav", "\($0)", use: [UInt8($0)]) }
            let known = Dictionary(uniqueKeysWithValues: sightings.map { ($0.name, $0) })
            var first: KnownFiles? = desk.known()
            first?.agree(from: nil, to: "one", without: [])
            first?.remember(sightings, readAfter: .distantFuture, asOf: "one")
            first = nil
            let sound = try FileSystem.read(desk.cache)
            for _ in 0..<100 {
                var bytes = sound
                let place = Int.random(in: 0..<bytes.count, using: &random)
                for index in place..<min(place + Int.random(in: 1...60, using: &random), bytes.count) {
                    bytes[index] = Bool.random(using: &random) ? 0 : UInt8.random(in: 0...255, using: &random)
                }
                for suffix in ["-wal", "-shm"] { try FileSystem.remove(FilePath(desk.cache.string + suffix)) }
                try FileSystem.write(bytes, to: desk.cache)
                for (name, found) in try desk.known().files(in: desk.status(), asOf: "one") {
                    guard let sighting = known[name], found.isStill(sighting.status) else { continue }
                    // To know of no use is no wrong answer: then its record is read.
                    #expect(found.pointer == sighting.pointer, "\(random)")
                    #expect(found.use == nil || found.use == sighting.use, "\(random)")
                }
            }
        }
    }

    @Test func `Where nothing can be kept nothing is known`() throws {
        try withDesk { desk in
            let known = KnownFiles(at: "/proc/nowhere/known")
            known.remember([try desk.sighting("a.wav")], readAfter: .distantFuture)
            #expect(try known.file(named: "a.wav", in: desk.status(), asOf: nil) == nil)
            #expect(known.stamp() == nil)
        }
    }

    @Test func `It stays within its size, and the oldest folders go`() throws {
        try withDesk { desk in
            let known = desk.known(limit: 300_000)
            var folders: [FilePath] = []
            for number in 0..<12 {
                let folder = desk.folder.appending("\(number)")
                try FileSystem.makeDirectory(folder)
                folders.append(folder)
                let sighting = try desk.sighting("a", in: folder)
                let many = (0..<500).map { name in
                    KnownFiles.Sighting(
                        folder: sighting.folder, name: FilePath("file \(name)"), status: sighting.status,
                        pointer: sighting.pointer)
                }
                known.remember(many, readAfter: .distantFuture)
            }
            let isKnown = try folders.map { try !known.files(in: FileSystem.status(of: $0), asOf: nil).isEmpty }
            #expect(isKnown.first == false && isKnown.last == true)
            #expect(isKnown == isKnown.sorted { !$0 && $1 }, "the oldest go first")
            #expect(isKnown.count { $0 } > 2)
        }
    }
}
