import Files
import TestSupport
import Testing

@testable import Git

/// What a walk from a commit meets: how many objects, and which cannot be read.
private func walk(_ repository: Repository, from id: ObjectID) throws -> (
    blobs: Int, unreadable: [ObjectID: String]
) {
    var walk = ReachableObjects(in: repository)
    var blobs = 0
    var unreadable: [ObjectID: String] = [:]
    try walk.walk(from: id, of: "refs/heads/main") { visit in
        switch visit {
        case .blob: blobs += 1
        case .unreadable(let id, _, let place, _): unreadable[id] = place.path?.description ?? "commit"
        case .commit: break
        }
    }
    return (blobs, unreadable)
}

@Test func aWalkMeetsEachObjectOnceAndNamesWhatIsGone() throws {
    try withFixture { fixture throws in
        let first = try fixture.commit(["a/b": "one", "c": "two"])
        let second = try fixture.commit(["a/b": "three", "a/d": "two"])
        #expect(try walk(fixture.repository, from: second).blobs == 3)
        let gone = try #require(
            try fixture.repository.resolve("refs/heads/main").map { _ in ObjectID(ofText: "one") })
        try FileSystem.remove(fixture.repository.looseFile(of: gone))
        try FileSystem.remove(fixture.repository.looseFile(of: try fixture.repository.readCommit(second).tree))
        let found = try walk(Repository(objectsOf: fixture.path), from: second)
        #expect(found.unreadable[gone] == "a/b")
        #expect(found.unreadable.count == 2 && found.blobs == 1, "\(found), \(first)")
    }
}

@Test func aWalkGoesThroughTagsOfTags() throws {
    try withFixture { fixture throws in
        let commit = try fixture.commit(["a": "one"])
        try fixture.git("tag", "-a", "-m", "x", "v1", commit.hex)
        try fixture.git("tag", "-a", "-m", "x", "v2", "v1")
        let tag = try #require(try fixture.repository.resolve("refs/tags/v2"))
        #expect(try walk(Repository(at: fixture.path), from: tag).blobs == 1)
        let blob = ObjectID(ofText: "one")
        #expect(try walk(fixture.repository, from: blob).blobs == 1)
        #expect(try walk(fixture.repository, from: fixture.repository.readCommit(commit).tree).blobs == 1)
    }
}

@Test func aFileWhereAFolderBelongsIsTold() throws {
    try withFixture { fixture throws in
        let commit = try fixture.write { writer throws in
            let blob = try writer.write(blob: [1])
            let tree = try writer.write(
                Tree([
                    TreeEntry(mode: .tree, name: entryName("folder"), id: blob),
                    TreeEntry(mode: .blob, name: entryName("file"), id: blob),
                ]))
            return try writer.write(
                Commit(tree: tree, parents: [], author: somebody, committer: somebody, message: "x"))
        }
        let found = try walk(fixture.repository, from: commit)
        #expect(found.unreadable.values.sorted() == ["folder"] && found.blobs == 1, "\(found)")
    }
}

@Test func referencesAreReadByTheirFiles() throws {
    try withFixture { fixture throws in
        let id = try fixture.commit(["a": "one"])
        try fixture.git("tag", "light")
        try fixture.git("pack-refs", "--all")
        try FileSystem.write("", to: fixture.path.appending("refs/heads/empty"))
        try FileSystem.write("ref: refs/heads/main\n", to: fixture.path.appending("refs/heads/link"))
        let packed = try FileSystem.read(fixture.path.appending("packed-refs"))
        try FileSystem.write(packed + Array("nonsense\n".utf8), to: fixture.path.appending("packed-refs"))
        let readings = try Repository.readReferences(at: fixture.path)
        let found = Dictionary(uniqueKeysWithValues: readings.map { ($0.name, $0.content) })
        #expect(found["HEAD"] == .symbolic("refs/heads/main"))
        #expect(found["refs/heads/main"] == .id(id) && found["refs/tags/light"] == .id(id))
        #expect(found["refs/heads/empty"] == .unreadable("it is empty"))
        #expect(found["refs/heads/link"] == .symbolic("refs/heads/main"))
        if case .unreadable? = found["packed-refs"] {} else { Issue.record("\(readings)") }
        #expect(try Repository.mendPackedReferences(at: fixture.path))
        #expect(try Repository.readReferences(at: fixture.path).allSatisfy { $0.name != "packed-refs" })
        #expect(try fixture.git("rev-parse", "light").hasPrefix(id.hex))
        try FileSystem.write("", to: fixture.path.appending("packed-refs.lock"))
        #expect(try !Repository.mendPackedReferences(at: fixture.path))
    }
}

// MARK: Packs

/// A repository whose objects lie in one pack that git made, differences and all.
private func withGitsPack(_ body: (Fixture, ObjectID, PackFiles) throws -> Void) throws {
    try withFixture { fixture throws in
        var text = (0..<400).map { "line \($0) of a text that changes little" }
        var head: ObjectID?
        for number in 0..<12 {
            text[number * 7] = "changed in version \(number)"
            head = try fixture.commit(["text": text.joined(separator: "\n"), "n/\(number)": "\(number)"])
        }
        try fixture.git("repack", "-adfq", "--depth=20", "--window=20")
        let name = try #require(try fixture.names(in: "objects/pack").first { $0.hasSuffix(".pack") })
        let files = PackFiles(folder: fixture.repository.packsPath, name: String(name.dropLast(5)))
        try body(fixture, try #require(head), files)
    }
}

private func mend(_ fixture: Fixture, _ files: PackFiles) throws -> PackMending? {
    try Repository(objectsOf: fixture.path).mendPack(
        files.name, temporary: fixture.temporary, movingTo: fixture.path.appending("bad"))
}

@Test(.enabled(if: hasGit, needsGit), arguments: ["gone", "cut off", "flipped"])
func anIndexIsMadeAnewFromItsPack(deed: String) throws {
    try withGitsPack { fixture, head, files throws in
        let index = try FileSystem.read(files.index)
        try FileSystem.remove(files.index)
        if deed == "cut off" { try FileSystem.write(Array(index.prefix(index.count / 2)), to: files.index) }
        if deed == "flipped" {
            var flipped = index
            flipped[1100] ^= 1
            try FileSystem.write(flipped, to: files.index)
        }
        #expect(try files.check()?.fault != nil)
        let count = try mend(fixture, files)
        if case .indexed? = count {} else { Issue.record("\(String(describing: count))") }
        // To the last byte what git itself has made of this pack, differences to other objects included.
        #expect(try FileSystem.read(files.index) == index)
        #expect(try mend(fixture, files) == nil)
        try fixture.expectSound()
        #expect(try walk(Repository(at: fixture.path), from: head).unreadable.isEmpty)
    }
}

@Test(.enabled(if: hasGit, needsGit)) func whatIsSoundInAPackIsKept() throws {
    var random = SeededRandom()
    for _ in 0..<12 {
        try withGitsPack { fixture, _, files throws in
            let whole = try FileSystem.read(files.pack)
            let count = try #require(try files.check()).objects
            try FileSystem.remove(files.pack)
            var bytes = whole
            let place = Int.random(in: 12..<(whole.count - 20), using: &random)
            let isCut = Bool.random(using: &random)
            if isCut { bytes.removeLast(bytes.count - place) } else { bytes[place] ^= 0x40 }
            try FileSystem.write(bytes, to: files.pack)
            guard case .salvaged(let kept, let all)? = try mend(fixture, files) else {
                Issue.record("\(random): the pack was not salvaged")
                return
            }
            // A bit that fills up the last byte of what is compressed means nothing: then all is sound but the pack's end.
            #expect(kept <= count && (kept < count || !isCut), "\(random): \(kept) of \(count)")
            #expect(all == count)
            let others = try fixture.names(in: "objects/pack").filter { $0.hasSuffix(".pack") }
            #expect(others.count == (kept > 0 ? 1 : 0) && !others.contains("\(files.name).pack"), "\(random)")
            #expect(FileSystem.exists(fixture.path.appending("bad/\(files.name).pack")))
            try Repository.checkPacks(at: fixture.path) { reading, _ in
                #expect(reading.fault == nil && reading.objects == kept, "\(random)")
            }
        }
    }
}

@Test func aPackThatIsGoneLeavesItsIndexToNobody() throws {
    try withGitsPack { fixture, _, files throws in
        try FileSystem.remove(files.pack)
        #expect(try mend(fixture, files) == .gone)
        #expect(try fixture.names(in: "objects/pack").filter { $0.hasSuffix(".idx") }.isEmpty)
    }
}

@Test func adversarialDifferencesAreRefused() throws {
    var random = SeededRandom()
    let base = random.bytes(300)
    for _ in 0..<3000 {
        var delta: [UInt8] = [0xAC, 0x02] + random.bytes(Int.random(in: 0..<20, using: &random))
        if delta.isEmpty { delta = [0] }
        if let result = try? Delta.apply(delta, to: base) { #expect(result.count < 1 << 20, "\(random)") }
    }
    // Copy 5 bytes from 2, insert two.
    #expect(try Delta.apply([0xAC, 0x02, 7, 0x91, 2, 5, 2, 9, 8], to: base) == Array(base[2..<7]) + [9, 8])
}

// MARK: Files

@Test func theSettingsThatCanBeReadAreKept() throws {
    try withFixture { fixture throws in
        let config = fixture.path.appending("config")
        try fixture.repository.set("remote.origin.url", to: "somewhere")
        let bytes = try FileSystem.read(config)
        try FileSystem.write(Array("[bro\"ken\n".utf8) + bytes + Array("= nothing\n".utf8), to: config)
        #expect(try Repository.faultInConfiguration(at: fixture.path) != nil)
        let lost = try Repository.mendConfiguration(
            at: fixture.path, adding: [Setting(name: "gc.auto", value: "0")], temporary: fixture.temporary,
            movingTo: fixture.path.appending("bad"))
        #expect(lost == 2)
        #expect(try Repository.faultInConfiguration(at: fixture.path) == nil)
        let repository = try Repository(at: fixture.path)
        #expect(try repository.setting("remote.origin.url") == "somewhere")
        #expect(try repository.setting("gc.auto") == "0")
    }
}

@Test func aSoundObjectUnderAnothersNameGetsItsOwn() throws {
    try withFixture { fixture throws in
        let (one, two) = try fixture.write { (try $0.write(blob: [1]), try $0.write(blob: [2])) }
        let (first, second) = (fixture.repository.looseFile(of: one), fixture.repository.looseFile(of: two))
        let bytes = try FileSystem.read(first)
        try FileSystem.remove(second)
        try FileSystem.rename(first, to: second)
        var found: [ObjectID] = []
        try fixture.repository.checkLooseObjects { id, error in if error != nil { found.append(id) } }
        #expect(found == [two])
        try fixture.write(checksExisting: false) { writer throws in
            #expect(
                try fixture.repository.moveDamagedFile(of: two, to: fixture.path.appending("bad"), writing: writer))
            #expect(
                try !fixture.repository.moveDamagedFile(of: one, to: fixture.path.appending("bad"), writing: writer)
            )
        }
        #expect(try fixture.repository.readBlob(one) == [1])
        #expect(try FileSystem.read(fixture.path.appending("bad/\(two)")) == bytes)
    }
}

extension ObjectID {
    fileprivate init(ofText text: String) { self = ObjectNaming().id(of: .blob, Array(text.utf8)) }
}
