import Files
import Git
import TestSupport
import Testing

@Test func aNewRepositoryIsBareAndOnItsFirstBranch() throws {
    try withFixture { fixture throws in
        #expect(try fixture.repository.headReference() == "refs/heads/main")
        #expect(try fixture.repository.setting("core.bare") == "true")
        #expect(try fixture.repository.resolve("refs/heads/main") == nil)
        #expect(try fixture.repository.references().isEmpty)
        #expect(try fixture.repository.packCount() == 0)
        #expect(try fixture.repository.looseCount() == 0)
    }
}

@Test func theTemplateIsLaidDown() throws {
    try withTemporaryDirectory { folder in
        let template = folder.appending("template")
        try FileSystem.makeDirectory(template)
        try FileSystem.makeDirectory(template.appending("cache"))
        try FileSystem.write("[core]\n\tlogAllRefUpdates = always\n", to: template.appending("config"))
        try FileSystem.write("note", to: template.appending("cache/NOTE"))
        let path = folder.appending("deep/er/store")
        try Repository.create(at: path, template: template, initialHead: "trunk")
        let repository = try Repository(at: path)
        #expect(try repository.setting("core.logallrefupdates") == "always")
        #expect(try repository.setting("core.bare") == "true")
        #expect(try repository.headReference() == "refs/heads/trunk")
        #expect(try FileSystem.read(path.appending("cache/NOTE")) == Array("note".utf8))
    }
}

@Test func aRepositoryIsNotMadeTwice() throws {
    try withFixture { fixture throws in
        #expect(try gitError { try Repository.create(at: fixture.path) }.code == .exists)
    }
}

@Test func whatWasTakenAwayHasNoObjects() throws {
    try withTemporaryDirectory { folder in
        let id = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        #expect(try !Repository(objectsOf: folder.appending("gone")).contains(id))
    }
}

@Test func aFolderThatIsNoRepositoryIsNotOpened() throws {
    try withTemporaryDirectory { folder in
        for path in [folder, folder.appending("missing")] {
            let error = try gitError { try Repository(at: path) }
            #expect(error.code == .notARepository)
            #expect(error.subject == path.string)
            #expect(error.description.contains(path.string))
        }
    }
}

@Test func objectsAreReadBackAndTold() throws {
    try withFixture { fixture throws in
        let repository = fixture.repository
        let text = Array("text".utf8)
        let (blob, tree) = try fixture.write { writer in
            let blob = try writer.write(blob: text)
            let entry = TreeEntry(mode: .blob, name: try entryName("a"), id: blob)
            return (blob, try writer.write(Tree([entry])))
        }
        #expect(try repository.readObject(blob) == (.blob, text))
        #expect(try repository.readBlob(blob) == text)
        #expect(try repository.readTree(tree).entries.map(\.id) == [blob])
        #expect(try repository.header(blob) == (.blob, 4))
        #expect(try repository.header(tree).kind == .tree)
        #expect(repository.contains(blob))
        #expect(!repository.contains(.zero))
    }
}

@Test func readingTheWrongKindSaysSo() throws {
    try withFixture { fixture throws in
        let (blob, tree) = try fixture.write { (try $0.write(blob: [1]), try $0.write(Tree())) }
        #expect(try gitError { try fixture.repository.readTree(blob) }.code == .wrongKind)
        #expect(try gitError { try fixture.repository.readCommit(tree) }.code == .wrongKind)
        let error = try gitError { try fixture.repository.readBlob(tree) }
        #expect(error.code == .wrongKind)
        #expect(error.subject == tree.hex)
    }
}

@Test func aBlobLargerThanTheLimitIsNotRead() throws {
    try withFixture { fixture throws in
        let blob = try fixture.write { try $0.write(blob: [UInt8](repeating: 0, count: 1000)) }
        #expect(try fixture.repository.readBlob(blob, limit: 1000).count == 1000)
        let error = try gitError { try fixture.repository.readBlob(blob, limit: 999) }
        #expect(error.code == .tooLarge)
        #expect(error.subject == blob.hex)
        #expect(try gitError { try fixture.repository.readObject(blob, limit: 10) }.code == .tooLarge)
    }
}

@Test func whatIsMissingIsNotFound() throws {
    try withFixture { fixture throws in
        let missing = try id(of: "7")
        for error in [
            try gitError { try fixture.repository.readObject(missing) },
            try gitError { try fixture.repository.readTree(missing) },
            try gitError { try fixture.repository.header(missing) },
        ] {
            #expect(error.code == .notFound)
            #expect(error.subject == missing.hex)
        }
    }
}

@Test func othersObjectsAreReadAtOnceButContainedOnlyAfterRefresh() throws {
    try withFixture { fixture throws in
        let reader = try Repository(at: fixture.path)
        // The first question has the database looked at; no question is asked of it for the zero id.
        let nowhere = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        #expect(!reader.contains(nowhere))
        let ids = try fixture.write { writer in try (0..<300).map { try writer.write(blob: Array("\($0)".utf8)) } }
        #expect(!reader.contains(ids[0]))
        try reader.refresh()
        #expect(reader.contains(ids[0]))
        let more = try fixture.write { writer in try (300..<600).map { try writer.write(blob: Array("\($0)".utf8)) }
        }
        #expect(!reader.contains(more[0]))
        #expect(try reader.readBlob(more[0]) == Array("300".utf8))
    }
}

@Test func shortenedIDsFindCommits() throws {
    try withFixture { fixture throws in
        let repository = fixture.repository
        let commit = try fixture.commit(["a": "b"])
        let tree = try repository.readCommit(commit).tree
        #expect(try repository.find(prefix: String(commit.hex.prefix(6)), kind: .commit) == [commit])
        #expect(try repository.find(prefix: commit.hex, kind: .commit) == [commit])
        #expect(try repository.find(prefix: String(tree.hex.prefix(8)), kind: .commit).isEmpty)
        #expect(try repository.find(prefix: String(tree.hex.prefix(8)), kind: .tree) == [tree])
        #expect(try repository.find(prefix: "0000000", kind: .commit).isEmpty)
        for bad in ["", "abc", "xyzw", "ABCD", commit.hex + "0"] {
            #expect(try gitError { try repository.find(prefix: bad, kind: .commit) }.code == .invalid, "\(bad)")
        }
    }
}

@Test func anAmbiguousIDGivesTheCandidates() throws {
    try withFixture { fixture throws in
        // With 2,000 objects two of them share their first four digits for certain, nearly: there are 65,536.
        let ids = try fixture.write { writer in try (0..<2000).map { try writer.write(blob: Array("\($0)".utf8)) } }
        let groups = Dictionary(grouping: ids) { String($0.hex.prefix(4)) }.filter { $0.value.count > 1 }
        let (prefix, members) = try #require(groups.first)
        #expect(try fixture.repository.find(prefix: prefix, kind: .blob) == members.sorted())
        #expect(try fixture.repository.find(prefix: prefix, kind: .commit).isEmpty)
    }
}

@Test func oneRepositoryServesManyThreads() throws {
    try withFixture { fixture throws in
        let repository = fixture.repository
        let ids = try fixture.write { writer in try (0..<400).map { try writer.write(blob: Array("\($0)".utf8)) } }
        try Parallel.forEach(count: 2000, workers: 4) { number throws in
            let index = number % ids.count
            #expect(try repository.readBlob(ids[index]) == Array("\(index)".utf8))
            #expect(throws: GitError.self) { try repository.readTree(ids[index]) }
        }
    }
}

@Test func objectsAreBorrowedFromOtherRepositories() throws {
    try withFixture { fixture throws in
        let (loose, packed) = try (
            fixture.write { try $0.write(blob: [1]) },
            fixture.write { writer in try (0..<60).map { try writer.write(blob: Array("\($0)".utf8)) } }
        )
        // A third borrows from a second, by a relative path, and that from the first; and the first from the third.
        var previous = fixture.path
        for name in ["second", "third"] {
            let path = fixture.folder.appending(name)
            try Repository.create(at: path)
            let line = name == "third" ? "../../second/objects" : "\(previous)/objects"
            try FileSystem.write("# borrowed\n\(line)\n/nowhere\n", to: path.appending("objects/info/alternates"))
            previous = path
        }
        try FileSystem.write("\(previous)/objects\n", to: fixture.path.appending("objects/info/alternates"))
        let third = try Repository(at: previous)
        #expect(try third.readBlob(loose) == [1])
        #expect(try third.readBlob(packed[7]) == Array("7".utf8))
        #expect(third.contains(loose))
        #expect(try third.find(prefix: loose.hex, kind: .blob) == [loose])
        #expect(try third.looseCount() == 0)
    }
}

/// Which folders of loose objects there are is remembered: another program may make one at any time.
@Test func anObjectInAFolderThatCameLaterIsFound() throws {
    try withFixture { fixture throws in
        let lender = fixture.folder.appending("lender")
        try Repository.create(at: lender)
        try FileSystem.write("\(lender)/objects\n", to: fixture.path.appending("objects/info/alternates"))
        // Each of these is looked for as a file in vain, so that it pays to list the folders.
        let packed = try fixture.write { writer in try (0..<60).map { try writer.write(blob: Array("\($0)".utf8)) }
        }
        let repository = try Repository(at: fixture.path)
        for (place, text) in [(fixture.path, "here"), (lender, "lent")] {
            for number in 0..<8 {
                let bytes = Array("\(text) \(number)".utf8)
                for id in packed { _ = try repository.readBlob(id) }
                let other = try Repository(at: place)
                let temporary = try TemporaryDirectory(in: fixture.folder)
                let writer = ObjectWriter(repository: other, temporary: temporary)
                let id = try writer.write(blob: bytes)
                let batch = WriteBatch(temporary: temporary, durable: false)
                try writer.finish(into: batch)
                try batch.commit()
                #expect(
                    try number % 2 == 0
                        ? repository.readBlob(id) == bytes : repository.header(id).size == bytes.count)
            }
        }
    }
}
