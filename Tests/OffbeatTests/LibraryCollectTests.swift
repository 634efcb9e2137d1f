import Blobs
import Catalog
import Digest
import Files
import Glibc
@testable import Offbeat
import Store
import TestSupport
import Testing

@Test func aRemotesFolderIsFoundByItsAddress() {
    let base: FilePath = "/base"
    for (address, place) in [
        ("/plain", "/plain"), ("file:///plain", "/plain"), ("file:///with%20space", "/with space"),
        ("./relative", "/base/./relative"), ("relative", "/base/relative"), ("../plain", "/base/../plain"),
    ] {
        let places = RemoteFolders([address], from: base).places
        #expect(places.map(\.string) == [place, "\(place)/.git"], "\(address)")
    }
    for address in ["https://example.org/plain", "file://host/plain", "git@host:/plain", ""] {
        #expect(RemoteFolders([address], from: base).places.isEmpty, "\(address)")
    }
}

/// A library whose one file is the past, which `origin` has confirmed.
private func withPast(_ body: (Place, Pointer, _ remote: FilePath) throws -> Void) throws {
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
        try body(place, file, remote)
    }
}

/// Gives a remote in a folder the file as git-lfs does.
private func give(_ file: Pointer, of place: Place, to remote: FilePath) throws {
    let copy = BlobStore(directory: remote.appending("lfs")).path(of: file.oid)
    try FileSystem.makeDirectories(copy.parent)
    try FileSystem.write(FileSystem.read(place.sounds.appending("one.wav")), to: copy)
}

@Test func whatIsOldAndElsewhereGoesByTheSettings() throws {
    try withPast { place, file, remote in
        #expect(try place.library.collect().onlyHere == [file.oid])
        try give(file, of: place, to: remote)
        #expect(try place.library.collect(isDryRun: true).quarantined == 1)
        #expect(try place.library.collect().quarantined == 1)
        let outcome = try place.library.collect()
        #expect(outcome.deleted == 1 && outcome.bytes == file.size)
        #expect(
            try !FileSystem.exists(remote.appending("lfs/leases"))
                || FileSystem.list(remote.appending("lfs/leases")).isEmpty)
    }
}

@Test func aRemoteThatIsAwayKeepsFilesAndEndsNothing() throws {
    try withPast { place, file, remote in
        let (socket, port) = try LoopbackPort.refuse()
        defer { close(socket) }
        try place.git("remote", "add", "far", "http://127.0.0.1:\(port)/band.git")
        try give(file, of: place, to: remote)
        // The folder holds it: nobody else is asked.
        let near = try place.library.collect(isDryRun: true)
        #expect(near.quarantined == 1 && near.silent.isEmpty)
        try FileSystem.rename(remote, to: place.folder.appending("elsewhere"))
        let outcome = try place.library.collect()
        #expect(outcome.quarantined == 0 && outcome.undecided == 1 && outcome.onlyHere.isEmpty)
        #expect(outcome.silent.map(\.place) == ["origin", "far"])
        #expect(outcome.silent.first?.reason.contains("is not there") == true)
        #expect(FileSystem.exists(place.library.store.blobs.path(of: file.oid)))
    }
}

@Test func whoWantsAnEndWhileRemotesAreAskedGetsIt() throws {
    try withPast { place, file, remote in
        let (socket, port) = try LoopbackPort.refuse()
        defer { close(socket) }
        try place.git("remote", "set-url", "origin", "http://127.0.0.1:\(port)/band.git")
        let error = try failure(.interrupted) { try place.library.collect(progress: Progress(stop: { true })) }
        #expect(!error.message.isEmpty)
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
