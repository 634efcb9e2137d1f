import Catalog
import Files
import Git
import Store
import Sync
import TestSupport
import Testing

/// What lies in the folder of a remote, and how one is made.
@Suite struct FolderRemoteTests {
    private func remote(_ folder: FilePath) -> FolderRemote { FolderRemote(at: folder.appending("band.git")) }

    @Test func aRemoteIsMadeWhole() throws {
        try withTemporaryDirectory { folder in
            let remote = FolderRemote(at: folder.appending("new/band.git"))
            #expect(try remote.state() == .missing)
            try remote.make()
            #expect(try remote.state() == .fresh)
            let repository = try Repository(at: remote.path)
            #expect(try repository.headReference() == "refs/heads/main")
            #expect(FileSystem.exists(remote.path.appending("lfs/objects")))
            #expect(try FileSystem.list(folder.appending("new")).map(\.name.string) == ["band.git"])
        }
    }

    @Test func anEmptyFolderBecomesOne() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(remote(folder).path)
            #expect(try remote(folder).state() == .empty)
            try remote(folder).make()
            #expect(try remote(folder).state() == .fresh)
        }
    }

    @Test func whatIsThereIsNotMadeOver() throws {
        try withTemporaryDirectory { folder in
            try remote(folder).make()
            let error = #expect(throws: SyncError.self) { try remote(folder).make() }
            #expect(error?.description.contains("band.git") == true)
            #expect(try remote(folder).state() == .fresh)
            #expect(try FileSystem.list(folder).count == 1)
        }
    }

    @Test func otherThingsAreTold() throws {
        try withTemporaryDirectory { folder in
            let path = remote(folder).path
            try FileSystem.write("text", to: path)
            #expect(try remote(folder).state() == .somethingElse)
            try FileSystem.remove(path)
            try FileSystem.makeDirectory(path)
            try FileSystem.write("text", to: path.appending("notes.txt"))
            #expect(try remote(folder).state() == .somethingElse)
        }
    }

    @Test func aStoreIsKnownByItsId() throws {
        try withTemporaryDirectory { folder in
            let context = StoreContext(now: { 1_800_000_000_000 }, utcOffset: { _ in 0 }, machine: [1])
            let made = try Store.create(
                at: remote(folder).path, seed: StoreSeed(name: "Band"), context: context
            ).store
            #expect(try remote(folder).state() == .store(made.snapshot().info().id))
        }
    }
}
