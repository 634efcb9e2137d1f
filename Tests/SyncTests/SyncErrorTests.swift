import Files
import Store
import TestSupport
import Testing

@testable import Git
@testable import Sync

/// What goes wrong at a remote, in words that say what to do.
@Suite struct SyncErrorTests {
    @Test(arguments: [
        (FileError.Code.noSpace, SyncError.Code.noSpace), (.quota, .noSpace), (.permission, .readOnly),
        (.readOnly, .readOnly), (.io, .io), (.notFound, .io),
    ]) func troubleWithFiles(cause: FileError.Code, code: SyncError.Code) {
        let error = SyncError(FileError(cause, "write", "/mnt/nas/band.git"))
        #expect(error.code == code && error.message.contains("/mnt/nas/band.git"))
        #expect((error.hint != nil) == (code != .io))
        #expect(error.description.hasPrefix(error.message))
    }

    @Test(arguments: [
        (GitError.Code.corrupt, SyncError.Code.damaged), (.notFound, .damaged), (.locked, .locked),
        (.moved, .raceLost),
        (.noSpace, .noSpace), (.invalid, .refused),
    ]) func troubleWithGit(cause: GitError.Code, code: SyncError.Code) {
        let error = SyncError(GitError(cause, "something", call: "test"), at: "/mnt/nas/band.git")
        #expect(error.code == code)
        #expect((error.hint != nil) == (code != .io))
    }

    @Test func aRemoteThatLacksObjectsIsDamaged() throws {
        try withTemporaryDirectory { folder in
            let context = StoreContext(now: { 1_800_000_000_000 }, utcOffset: { _ in 0 }, machine: [1])
            let place = folder.appending("band.git")
            _ = try Store.create(at: place, seed: StoreSeed(name: "Band"), context: context)
            for entry in try FileSystem.list(place.appending("objects")) where entry.name.bytes.count == 2 {
                try FileSystem.removeTree(place.appending("objects").appending(entry.name))
            }
            let error = #expect(throws: SyncError.self) { try FolderRemote(at: place).state() }
            #expect(error?.code == .damaged && error?.message.contains(place.string) == true)
        }
    }

    @Test func whereNothingCanBeMadeItSaysSo() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("text", to: folder.appending("file"))
            let error = #expect(throws: SyncError.self) {
                try FolderRemote(at: folder.appending("file/band.git")).make()
            }
            #expect(error?.code == .io && error?.message.contains("file") == true)
        }
    }
}
