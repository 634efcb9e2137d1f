import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

// MARK: Unsuitable places

private func create(at path: FilePath, insisting: Bool = false) throws -> Library {
    try Library.create(
        at: path, seed: StoreSeed(name: "Band"), context: Place.Clock().context, insisting: insisting)
}

@Test(arguments: [
    (".stfolder", "Syncthing"), (".stignore", "Syncthing"), (".dropbox", "Dropbox"), (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"), (".owncloudsync.log", "ownCloud"), (".sync/ID", "Resilio Sync"),
    (".tmp.drivedownload", "Google Drive"),
])
func aFolderThatAnotherProgramSyncsIsRefused(_ trace: String, _ program: String) throws {
    try withTemporaryDirectory { folder in
        try FileSystem.makeDirectories(folder.appending(trace).parent)
        try FileSystem.makeDirectories(folder.appending("a/b"))
        try FileSystem.write("", to: folder.appending(trace))
        let place = folder.appending("a/b/store")
        let failure = try failure(.notAllowed) { try create(at: place) }
        #expect(failure.message.contains(program) && failure.message.contains(place.string))
        #expect(failure.hint?.contains("--force") == true)
        #expect(!FileSystem.exists(place))
        #expect(try create(at: place, insisting: true).info().name == "Band")
    }
}

@Test(arguments: ["Dropbox", "OneDrive", "Google Drive"])
func aFolderCalledLikeAProgramThatSyncsIsRefused(_ name: String) throws {
    try withTemporaryDirectory { folder in
        try FileSystem.makeDirectories(folder.appending(name).appending("music"))
        let failure = try failure(.notAllowed) { try create(at: folder.appending(name).appending("music/store")) }
        #expect(failure.message.contains(name))
    }
}

@Test func anOrdinaryFolderIsSuitable() throws {
    try withTemporaryDirectory { folder in
        let library = try create(at: folder.appending("new/store"))
        #expect(try library.info().name == "Band")
    }
}

@Test func aStoreInAStoreIsRefused() throws {
    try withTemporaryDirectory { folder in
        let outer = folder.appending("store")
        _ = try create(at: outer)
        for name in ["inner", "lfs/deep/inner"] {
            let failure = try failure(.notAllowed) { try create(at: outer.appending(name)) }
            #expect(failure.message.contains("is inside the store") && failure.hint == "make the store beside it")
            #expect(!FileSystem.exists(outer.appending(name)))
        }
    }
}

// MARK: Finding the store

@Test func aStoreThatIsNamedIsTaken() throws {
    let locator = StoreLocator(currentDirectory: "/", configurationHome: nil)
    #expect(try locator.locate(named: "/somewhere") == "/somewhere")
}

@Test func theNearestStoreAtOrAboveIsFound() throws {
    try withTemporaryDirectory { folder in
        _ = try create(at: folder.appending(".offbeat"))
        _ = try create(at: folder.appending("a/store"))
        try FileSystem.makeDirectories(folder.appending("a/b/c"))
        func found(_ path: String) throws -> FilePath {
            try StoreLocator(currentDirectory: folder.appending(path), configurationHome: nil).locate(named: nil)
        }
        #expect(try found("a/b/c") == folder.appending(".offbeat"))
        #expect(try found("a/store") == folder.appending("a/store"))
        #expect(try found("a/store/lfs") == folder.appending("a/store"))
    }
}

@Test func whereThereIsNoStoreAPersonsOwnIsTaken() throws {
    try withTemporaryDirectory { folder in
        let (store, home) = (folder.appending("mine"), folder.appending("config"))
        _ = try create(at: store)
        let locator = StoreLocator(currentDirectory: folder, configurationHome: home)
        let none = try failure(.notAStore) { try locator.locate(named: nil) }
        #expect(none.message.contains(folder.string) && none.hint?.contains("offbeat init") == true)
        try locator.rememberIfFirst(store)
        try locator.rememberIfFirst(folder.appending("other"))
        #expect(try locator.locate(named: nil) == store)
        try FileSystem.removeTree(store)
        let gone = try failure(.notAStore) { try locator.locate(named: nil) }
        #expect(gone.message.contains(store.string))
    }
}

@Test func withoutAConfigurationNothingIsRemembered() throws {
    try withTemporaryDirectory { folder in
        let locator = StoreLocator(currentDirectory: folder, configurationHome: nil)
        try locator.rememberIfFirst(folder)
        #expect(try FileSystem.list(folder).isEmpty)
        try failure(.notAStore) { try locator.locate(named: nil) }
    }
}

@Test func aConfigurationThatCannotBeWrittenIsAFailure() throws {
    try withTemporaryDirectory { folder in
        try FileSystem.write("", to: folder.appending("config"))
        let locator = StoreLocator(currentDirectory: folder, configurationHome: folder.appending("config"))
        #expect(throws: Failure.self) { try locator.rememberIfFirst(folder) }
    }
}
