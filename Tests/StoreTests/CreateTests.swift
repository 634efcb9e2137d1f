import Catalog
import Files
import Git
import Store
import TestSupport
import Testing

private func create(
    at path: FilePath, _ seed: StoreSeed = StoreSeed(name: "Band"), _ surroundings: Surroundings = Surroundings()
) throws -> Store {
    try Store.create(at: path, seed: seed, context: surroundings.context()).store
}

private func names(in path: FilePath) throws -> [String] { try FileSystem.list(path).map(\.name.string) }

@Test func aStoreIsMadeAtAPlaceThatDoesNotExist() throws {
    try withTemporaryDirectory { folder in
        let path = folder.appending("a/b/store")
        let store = try create(at: path, StoreSeed(name: "Band", sharing: .workspaces, handle: Handle("ana")))
        let info = try store.snapshot().info()
        #expect(info.name == "Band")
        #expect(info.sharing == .workspaces)
        #expect(try store.snapshot().people().map(\.handle) == [Handle("ana")])
        #expect(try names(in: path.parent) == ["store"])
        #expect(FileSystem.exists(path.appending("lfs/objects")))
    }
}

@Test func theFirstVersionHasNoParentAndSaysWhoMadeIt() throws {
    try withWorld { world in
        let commit = try Repository(at: world.path).readCommit(world.store.version().id)
        #expect(commit.parents.isEmpty)
        #expect(commit.summary == "Create the library Band")
        #expect(commit.author.name == "ana")
        #expect(commit.author.email == "ana@invalid")
        #expect(commit.author.offsetMinutes == 90)
        #expect(commit.author.seconds == 1_800_000_000)
        #expect(commit.trailers.map(\.key) == ["Offbeat-Operation", "Offbeat-Person"])
        #expect(commit.trailers.last?.value == world.ana.id.hex)
    }
}

@Test func aNewStoreTellsGitLFSWhichFilesAreIts() throws {
    try withWorld { world in
        let repository = try Repository(at: world.path)
        let tree = try repository.readTree(repository.readCommit(world.store.version().id).tree)
        let entry = try #require(EntryName(".gitattributes").flatMap { tree[$0] })
        #expect(try repository.readBlob(entry.id) == Array(Catalog.gitAttributes.utf8))
    }
}

@Test func aStoreMadeWithoutAPersonIsNobodys() throws {
    try withTemporaryDirectory { folder in
        let store = try create(at: folder.appending("store"))
        #expect(try store.snapshot().people().isEmpty)
        let commit = try Repository(at: store.path).readCommit(store.version().id)
        #expect(commit.author.name == "Offbeat")
        #expect(commit.trailers.map(\.key) == ["Offbeat-Operation"])
    }
}

@Test func theTemplateIsLaidDown() throws {
    try withTemporaryDirectory { folder in
        let template = folder.appending("template")
        try FileSystem.makeDirectories(template.appending("info"))
        try FileSystem.write("what it is\n", to: template.appending("description"))
        try FileSystem.write("[core]\n\tlogAllRefUpdates = always\n", to: template.appending("config"))
        let store = try create(at: folder.appending("store"), StoreSeed(name: "Band", template: template))
        #expect(try FileSystem.read(store.path.appending("description")) == Array("what it is\n".utf8))
        try store.write(by: nil) { try "Add \($0.add("one"))" }
        #expect(FileSystem.exists(store.path.appending("logs/refs/heads/main")))
    }
}

@Test func aStoreIsMadeInAnEmptyDirectoryThatAShellMayStandIn() throws {
    try withTemporaryDirectory { folder in
        let inode = try FileSystem.status(of: folder).inode
        let store = try create(at: folder)
        #expect(try store.snapshot().info().name == "Band")
        #expect(try FileSystem.status(of: folder).inode == inode)
        let expected: Set = ["HEAD", "config", "lfs", "objects", "offbeat.lock", "refs", "replica"]
        #expect(try expected.isSubset(of: names(in: folder)))
        #expect(try names(in: folder).filter { $0.hasPrefix("offbeat-") || $0.hasSuffix("unfinished") }.isEmpty)
    }
}

@Test func aStoreMadeInAnEmptyDirectoryKeepsItsReplica() throws {
    try withTemporaryDirectory { folder in
        let store = try create(at: folder)
        let first = try store.snapshot().info().created.replica
        var second: ReplicaID?
        try store.write(by: nil) { draft in
            second = draft.stamp().replica
            return "Nothing"
        }
        #expect(second == first)
    }
}

@Test func aDirectoryWithSomethingInItIsRefused() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.write("mine", to: folder.appending("song.wav"))
        let error = try storeError(.exists) { try create(at: folder) }
        #expect(error.description.contains("is not empty"))
        #expect(try names(in: folder) == ["song.wav"])
    }
}

@Test func aStoreIsNotMadeOverAStore() throws {
    try withWorld { world in
        let before = try world.store.version()
        let error = try storeError(.exists) { try create(at: world.path) }
        #expect(error.description.contains("is a store or a git repository already"))
        #expect(try world.store.version() == before)
    }
}

@Test func aStoreIsNotMadeInPlaceOfAFile() throws {
    try withTemporaryDirectory { folder in
        let path = folder.appending("file")
        try FileSystem.write("mine", to: path)
        let error = try storeError(.io) { try create(at: path) }
        #expect(error.message.contains("file"))
        #expect(try FileSystem.read(path) == Array("mine".utf8))
    }
}

@Test func aPlaceBelowAFileIsRefused() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.write("mine", to: folder.appending("file"))
        try storeError(.io) { try create(at: folder.appending("file/store")) }
    }
}

@Test func aTemplateThatIsNotThereIsAnError() throws {
    try withTemporaryDirectory { folder in
        let path = folder.appending("store")
        #expect(throws: StoreError.self) {
            _ = try create(at: path, StoreSeed(name: "Band", template: folder.appending("none")))
        }
        let left = try names(in: folder)
        #expect(left.isEmpty)
    }
}

// MARK: Creations that were cut off

@Test func aCreationThatWasCutOffWhileMovingInIsDoneAnew() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.write("objects\nrefs\n", to: folder.appending("offbeat.unfinished"))
        try FileSystem.makeDirectories(folder.appending("objects/ab"))
        try FileSystem.write("half", to: folder.appending("objects/ab/cd"))
        let store = try create(at: folder)
        #expect(try store.snapshot().info().name == "Band")
        #expect(!FileSystem.exists(folder.appending("objects/ab/cd")))
        #expect(!FileSystem.exists(folder.appending("offbeat.unfinished")))
    }
}

@Test func aCreationThatWasCutOffAtItsVeryEndIsAStore() throws {
    try withWorld { world in
        try FileSystem.write("objects\n", to: world.path.appending("offbeat.unfinished"))
        try storeError(.exists) { try create(at: world.path) }
        #expect(!FileSystem.exists(world.path.appending("offbeat.unfinished")))
        #expect(try world.reopen().snapshot().info().name == "Band")
    }
}

@Test func theNextWriterSweepsWhatACreationLeftAtItsVeryEnd() throws {
    try withWorld { world in
        let scaffold = world.path.appending("offbeat-0123456789abcdef")
        try FileSystem.makeDirectories(scaffold.appending("store"))
        try FileSystem.write("objects\n", to: world.path.appending("offbeat.unfinished"))
        try world.add("one")
        #expect(!FileSystem.exists(scaffold))
        #expect(!FileSystem.exists(world.path.appending("offbeat.unfinished")))
        #expect(try world.store.snapshot().trackCount() == 1)
    }
}

@Test func whatADeadCreationBuiltInsideIsSwept() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.makeDirectories(folder.appending("offbeat-0123456789abcdef/store"))
        _ = try create(at: folder)
        #expect(!FileSystem.exists(folder.appending("offbeat-0123456789abcdef")))
    }
}

@Test func whatADeadCreationBuiltBesideIsSwept() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.makeDirectories(folder.appending("offbeat-0123456789abcdef/store"))
        _ = try create(at: folder.appending("store"))
        #expect(try names(in: folder) == ["store"])
    }
}

@Test func aListOfUnfinishedPartsReachesNothingOutside() throws {
    try withTemporaryDirectory { folder in
        let path = folder.appending("place")
        try FileSystem.makeDirectories(path)
        try FileSystem.makeDirectories(folder.appending("mine"))
        try FileSystem.write("../mine\n..\n.\n/\n", to: path.appending("offbeat.unfinished"))
        _ = try? create(at: path)
        #expect(FileSystem.exists(folder.appending("mine")))
    }
}
