import Files
import Synchronization
import TestSupport
import Testing

@testable import Git

extension Fixture {
    /// Adds so many packs of 60 objects each. Returns the ids and what they hold.
    fileprivate func addPacks(_ count: Int, from first: Int = 0) throws -> [ObjectID: [UInt8]] {
        var objects: [ObjectID: [UInt8]] = [:]
        for pack in first..<(first + count) {
            try write { writer in
                for number in 0..<60 {
                    let bytes = Array(
                        "pack \(pack) object \(number) \(String(repeating: "x", count: number * 5))".utf8)
                    objects[try writer.write(blob: bytes)] = bytes
                }
            }
        }
        return objects
    }

    /// Adds so many loose objects.
    fileprivate func addLoose(_ count: Int) throws -> [ObjectID: [UInt8]] {
        var objects: [ObjectID: [UInt8]] = [:]
        for start in stride(from: 0, to: count, by: 40) {
            try write { writer in
                for number in start..<min(start + 40, count) {
                    let bytes = Array("loose \(number)".utf8)
                    objects[try writer.write(blob: bytes)] = bytes
                }
            }
        }
        return objects
    }

    fileprivate func consolidate(packs: Int = 3, loose: Int = 100, younger: Int64 = 0) throws -> Consolidation? {
        try repository.consolidate(
            temporary: temporary, packLimit: packs, looseLimit: loose, keepPacksYoungerThan: younger)
    }

    /// Expects everything to be there for one who opens the repository now.
    fileprivate func expect(_ objects: [ObjectID: [UInt8]], location: SourceLocation = #_sourceLocation) throws {
        let repository = try Repository(at: path)
        for (id, bytes) in objects {
            #expect(try repository.readBlob(id) == bytes, sourceLocation: location)
        }
    }
}

@Test func fewPacksAndObjectsAreLeftAlone() throws {
    try withFixture { fixture throws in
        _ = try fixture.addPacks(3)
        _ = try fixture.addLoose(100)
        #expect(try fixture.consolidate() == nil)
        #expect(try fixture.repository.packCount() == 3)
        #expect(try fixture.repository.looseCount() == 100)
    }
}

@Test(.enabled(if: hasGit, needsGit)) func manyPacksBecomeOne() throws {
    try withFixture { fixture throws in
        let commit = try fixture.commit(["a": "b"])
        let packed = try fixture.addPacks(6)
        let loose = try fixture.addLoose(5)
        let done = try #require(try fixture.consolidate())
        #expect(done.packsReplaced == 6)
        #expect(done.looseReplaced == 5 + 3)
        #expect(done.objects == 6 * 60 + 5 + 3)
        #expect(done.damaged.isEmpty)
        #expect(try fixture.names(in: "objects/pack") == ["\(done.pack).idx", "\(done.pack).pack"])
        #expect(try fixture.repository.looseCount() == 0)
        try fixture.expect(packed.merging(loose) { $1 })
        #expect(try fixture.repository.readCommit(commit).summary == "Change")
        try fixture.expectSound()
        try fixture.git("verify-pack", "objects/pack/\(done.pack).idx")
        try fixture.git("gc", "--quiet", "--prune=now")
        try fixture.expectSound()
        #expect(try Repository(at: fixture.path).readCommit(commit).summary == "Change")
        #expect(try fixture.consolidate() == nil)
    }
}

@Test func manyLooseObjectsBecomeAPack() throws {
    try withFixture { fixture throws in
        let loose = try fixture.addLoose(120)
        let done = try #require(try fixture.consolidate())
        #expect(done.looseReplaced == 120)
        #expect(done.packsReplaced == 0)
        try fixture.expect(loose)
        #expect(try fixture.repository.packCount() == 1)
    }
}

@Test func packsFormAGeometricProgression() {
    #expect(Repository.mergeCount(of: [], with: 10) == 0)
    #expect(Repository.mergeCount(of: [10, 20, 60, 180], with: 0) == 0)
    #expect(Repository.mergeCount(of: [10, 10, 60, 180], with: 0) == 2)
    #expect(Repository.mergeCount(of: [10, 20, 100, 400], with: 6) == 2)
    #expect(Repository.mergeCount(of: [1, 2, 7, 19], with: 0) == 4)
    var random = SeededRandom()
    for _ in 0..<200 {
        let loose = Int64.random(in: 0..<100, using: &random)
        let sizes = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
            Int64(1) << Int64.random(in: 0..<12, using: &random)
        }.sorted()
        let count = Repository.mergeCount(of: sizes, with: loose)
        var smaller = loose + sizes.prefix(count).reduce(0, +)
        for size in sizes.dropFirst(count) {
            #expect(size >= 2 * smaller, "\(random)")
            smaller += size
        }
    }
}

@Test func aLargePackIsNotRewritten() throws {
    try withFixture { fixture throws in
        let big = try fixture.write { writer -> ObjectID in
            var random = SeededRandom(seed: 3)
            for _ in 0..<60 { try writer.write(blob: random.bytes(2000)) }
            return try writer.write(blob: random.bytes(300_000))
        }
        let before = try fixture.names(in: "objects/pack")
        let objects = try fixture.addPacks(6)
        let done = try #require(try fixture.consolidate())
        #expect(done.packsReplaced == 6)
        let after = try fixture.names(in: "objects/pack")
        #expect(after.count == 4)
        #expect(Set(before).isSubset(of: after))
        #expect(try fixture.repository.readBlob(big).count == 300_000)
        try fixture.expect(objects)
    }
}

@Test func keptAndSpecialPacksAreLeftAlone() throws {
    try withFixture { fixture throws in
        let objects = try fixture.addPacks(6)
        let names = try fixture.names(in: "objects/pack").filter { $0.hasSuffix(".pack") }.map { $0.dropLast(5) }
        let folder = fixture.path.appending("objects/pack")
        for (name, suffix) in zip(names, ["keep", "promisor", "bitmap", "mtimes"]) {
            try FileSystem.write("", to: folder.appending("\(name).\(suffix)"))
        }
        let done = try #require(try fixture.consolidate())
        #expect(done.packsReplaced == 2)
        for name in names.prefix(4) { #expect(FileSystem.exists(folder.appending("\(name).pack"))) }
        for name in names.suffix(2) { #expect(!FileSystem.exists(folder.appending("\(name).pack"))) }
        try fixture.expect(objects)
        // Those four are still more than three, but none of them may be touched.
        #expect(try fixture.consolidate() == nil)
        try FileSystem.write("", to: folder.appending("multi-pack-index"))
        _ = try fixture.addPacks(4, from: 10)
        #expect(try fixture.consolidate() == nil)
    }
}

@Test func youngPacksAreLeftAloneWhenAsked() throws {
    try withFixture { fixture throws in
        _ = try fixture.addPacks(6)
        _ = try fixture.addLoose(10)
        // Else each that comes would find many packs, and make one more of the little that is loose.
        #expect(try fixture.consolidate(younger: 86_400) == nil)
        #expect(try fixture.repository.packCount() == 6)
        #expect(try fixture.repository.looseCount() == 10)
        #expect(try fixture.consolidate(younger: -60)?.packsReplaced == 6)
    }
}

@Test func aPackThatComesOutAsOneOfTheOldStays() throws {
    try withFixture { fixture throws in
        // Two packs that become one; then the same two again beside it: all three hold nothing but what that one does.
        let objects = try fixture.addPacks(2)
        let name = try #require(try fixture.consolidate(packs: 1)).pack
        try fixture.write(checksExisting: false) { writer in
            for bytes in objects.values { try writer.write(blob: bytes) }
        }
        for _ in 0..<3 {
            try fixture.consolidate(packs: 1).map { #expect($0.objects == objects.count) }
            try fixture.expect(objects)
        }
        #expect(try fixture.repository.packCount() == 1)
        // A lone pack copied in its own order is itself.
        let pack = try #require(try StoredPack.replaceable(in: fixture.repository.packsPath).first)
        let writer = try PackWriter(temporary: fixture.temporary)
        var reader = try PackReader(pack)
        while try reader.withNext({ (stored, bytes) throws(GitError) in
            try writer.add(stored.id, packed: bytes, checksum: stored.checksum)
        }) {}
        let batch = WriteBatch(temporary: fixture.temporary)
        #expect(try writer.finish(into: batch, in: fixture.repository.packsPath).name == pack.name)
        _ = name
    }
}

@Test(.enabled(if: hasGit, needsGit)) func deltasOfForeignPacksAreResolved() throws {
    try withFixture { fixture throws in
        let text = (0..<400).map { "line \($0)\n" }.joined()
        let old = try fixture.commit(["big.txt": text])
        let new = try fixture.commit(["big.txt": text + "one more\n"])
        // A bitmap, which git writes for a bare repository, would keep the pack out of it.
        try fixture.git("repack", "-a", "-d", "-f", "--quiet", "--no-write-bitmap-index")
        let objects = try fixture.addPacks(2)
        let deltas = try fixture.git(
            ["verify-pack", "-v"]
                + fixture.names(in: "objects/pack").filter { $0.hasSuffix(".idx") }.map { "objects/pack/\($0)" })
        #expect(deltas.contains("chain length = 1"))
        let done = try #require(try fixture.consolidate(packs: 2))
        #expect(done.packsReplaced == 3)
        try fixture.expectSound()
        try fixture.expect(objects)
        #expect(try fixture.git("show", "\(old):big.txt") == text)
        #expect(try fixture.git("show", "\(new):big.txt") == text + "one more\n")
    }
}

@Test func aDamagedPackIsNamedAndStays() throws {
    try withFixture { fixture throws in
        let objects = try fixture.addPacks(6)
        let folder = fixture.path.appending("objects/pack")
        let name = try #require(try fixture.names(in: "objects/pack").first { $0.hasSuffix(".pack") })
        let path = folder.appending(name)
        var bytes = try FileSystem.read(path)
        bytes[bytes.count / 2] ^= 0xFF
        try FileSystem.remove(path)
        try FileSystem.write(bytes, to: path)
        let done = try #require(try fixture.consolidate())
        #expect(done.damaged == [String(name.dropLast(5))])
        #expect(done.packsReplaced == 5)
        #expect(FileSystem.exists(path))
        let repository = try Repository(at: fixture.path)
        let lost = objects.filter { (try? repository.readBlob($0.key)) != $0.value }
        #expect(lost.count <= 1)
    }
}

@Test func aDamagedLooseObjectIsNamedAndStays() throws {
    try withFixture { fixture throws in
        let objects = try fixture.addLoose(120)
        let id = try #require(objects.keys.min())
        let path = LooseWriter.path(of: id, in: fixture.repository.objectsPath)
        try FileSystem.remove(path)
        try FileSystem.write("garbage", to: path)
        let done = try #require(try fixture.consolidate())
        #expect(done.damaged == [id.hex])
        #expect(done.looseReplaced == 119)
        #expect(FileSystem.exists(path))
        try fixture.expect(objects.filter { $0.key != id })
    }
}

@Test func readersGoOnWhileOthersConsolidate() throws {
    try withFixture { fixture throws in
        let objects = try fixture.addPacks(4).merging(try fixture.addLoose(50)) { $1 }
        let ids = objects.keys.sorted()
        let (path, temporary) = (fixture.path, fixture.temporary)
        let done = Atomic(false)
        try Parallel.forEach(count: 3, workers: 3) { number throws in
            let repository = try Repository(at: path)
            if number == 0 {
                defer { done.store(true, ordering: .releasing) }
                for round in 0..<6 {
                    let writer = ObjectWriter(repository: repository, temporary: temporary)
                    for object in 0..<60 { try writer.write(blob: Array("round \(round) \(object)".utf8)) }
                    let batch = WriteBatch(temporary: temporary, durable: false)
                    try writer.finish(into: batch)
                    try batch.commit()
                    _ = try repository.consolidate(temporary: temporary, packLimit: 1, looseLimit: 1)
                }
            } else {
                var round = 0
                while !done.load(ordering: .acquiring) || round == 0 {
                    // One that has the packs open already, and one that has not.
                    let fresh = try Repository(at: path)
                    for id in ids.dropFirst(round % 7).lazy.striding(by: 7) {
                        #expect(try repository.readBlob(id) == objects[id])
                        #expect(try fresh.readBlob(id) == objects[id])
                    }
                    round += 1
                }
            }
        }
        try fixture.expect(objects)
    }
}

extension Sequence {
    fileprivate func striding(by step: Int) -> [Element] {
        enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }
}
