import Blobs
import Digest
import Files
import Git
import HTTP
import Network
import TestSupport
import TestTraits
import Testing

/// Servers that others have written.
@Suite(.waiting, .enabled(if: LFSServer.isInstalled)) struct LFSOthersTests {
    @Test(arguments: LFSServer.ofOthers) func filesGoAndCome(_ kind: LFSServer.Kind) throws {
        try withTemporaryDirectory { folder in
            let server = try LFSServer(kind, in: folder.appending("server"))
            defer { server.stop() }
            let endpoint = LFSEndpoint(url: try HTTPURL(server.url(kind, repository: "team/songs")))
            let client = LFSClient(
                download: endpoint, upload: endpoint, web: WebClient(settings: NetworkSettings([])))
            var random = SeededRandom()
            let store = try BlobStore.create(at: folder.appending("lfs"))
            var files = try (1...120).map { try store.add(random.bytes($0 * 100)) }
            files.append(try store.add(random.bytes(3 << 20)))
            let gone = Pointer(oid: ContentHash(of: [9]), size: 1)
            #expect(try client.lacking(files) == files, "\(random)")
            #expect(try client.upload(files, from: store, ref: "refs/heads/main").files == files.count)
            #expect(try client.upload(files, from: store).files == 0)
            #expect(try client.present(files + [gone]) == Set(files))
            let other = try BlobStore.create(at: folder.appending("other"))
            let result = try client.download([gone] + files, to: other)
            #expect(result.files == files.count && result.missing == [gone] && result.damaged.isEmpty)
            for file in files { #expect(try other.verify(file) == .sound) }
            #expect(try client.verify(files).files == files.count)
        }
    }
}
