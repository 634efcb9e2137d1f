import Blobs
import Catalog
import Digest
import Files
@testable import Offbeat
import Store
import TestSupport
import Testing

@Suite struct RemoteFolderTests {
    private func withFile(_ body: (Pointer, FilePath, FilePath) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let own = folder.appending("own")
            try FileSystem.write("abc", to: own)
            try body(Pointer(oid: ContentHash(of: Array("abc".utf8)), size: 3), own, folder)
        }
    }

    /// Where a remote in a folder keeps a file.
    private func place(_ file: Pointer, in remote: FilePath) throws -> FilePath {
        let path = BlobStore(directory: remote.appending("lfs")).path(of: file.oid)
        try FileSystem.makeDirectories(path.parent)
        return path
    }

    @Test func aSecondCopyInARemotesFolderCounts() throws {
        try withFile { file, own, folder in
            let remotes = ["plain", "with space", "worked/.git", "relative"].map { folder.appending($0) }
            for remote in remotes { try FileSystem.write("abc", to: try place(file, in: remote)) }
            for address in [
                folder.appending("plain").string, "file://\(folder)/plain", "file://\(folder)/with%20space",
                "\(folder)/worked", "./relative", "relative", "../\(folder.lastComponent ?? "")/plain",
            ] {
                #expect(try RemoteFolders([address], from: folder).hold(file, beside: own), "\(address)")
            }
            for address in [
                "https://example.org\(folder)/plain", "file://host/plain", "git@host:\(folder)/plain", "",
                "file://\(folder)/with%2space", "\(folder)/none",
            ] {
                #expect(try !RemoteFolders([address], from: folder).hold(file, beside: own), "\(address)")
            }
        }
    }

    @Test func theSameFileUnderAnotherNameIsNoCopyAndNorIsAnotherSize() throws {
        try withFile { file, own, folder in
            let remotes = RemoteFolders([folder.string], from: folder)
            let copy = try place(file, in: folder)
            try FileSystem.link(own, to: copy)
            #expect(try !remotes.hold(file, beside: own))
            try FileSystem.remove(copy)
            try FileSystem.write("ab", to: copy)
            #expect(try !remotes.hold(file, beside: own))
        }
    }
}

@Test func whatIsOldAndElsewhereGoesByTheSettings() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let file = try pointer(to: place.sounds.appending("one.wav"))
        _ = try place.session.remove([track.id.hex])
        let remote = place.folder.appending("remote")
        try place.git("init", "-q", "--bare", remote.string)
        try place.git("remote", "add", "origin", remote.string)
        try place.git("push", "-q", "origin", "main")
        try place.git("fetch", "-q", "origin")
        place.clock.pass(seconds: 60)
        try place.library.settings.set(.keepHistory, to: "0")
        try place.library.settings.set(.keepQuarantine, to: "0")
        #expect(try place.library.collect().onlyHere == [file.oid])
        let copy = BlobStore(directory: remote.appending("lfs")).path(of: file.oid)
        try FileSystem.makeDirectories(copy.parent)
        try FileSystem.write(FileSystem.read(place.sounds.appending("one.wav")), to: copy)
        #expect(try place.library.collect(isDryRun: true).quarantined == 1)
        #expect(try place.library.collect().quarantined == 1)
        let outcome = try place.library.collect()
        #expect(outcome.deleted == 1 && outcome.bytes == file.size)
    }
}

@Test func aLengthOfTimeThatIsNoneIsRefused() throws {
    try withPlace { place in
        try failure(.usage) { try place.library.settings.set(.keepHistory, to: "soon") }
        try place.git("config", "offbeat.keepQuarantine", "soon")
        let error = try failure(.usage) { try place.library.collect() }
        #expect(error.message.contains("keepQuarantine"))
        try place.library.settings.set(.keepQuarantine, to: "12h")
        #expect(try place.library.collect().quarantined == 0)
    }
}
