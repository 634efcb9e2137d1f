import Blobs
import Digest
import Files
import Store
import Sync
import TestSupport
import Testing

/// A remote that is a store and collects while somebody pushes to it.
@Suite struct UploadBesideCollectionTests {
    /// Whether the file is found there by who pushes, or brought: once the upload has ended the collection leaves it alone.
    @Test func whatIsPushedIsThereAfterwards() throws {
        try withSides { sides in
            try FileSystem.removeTree(sides.remote)
            let context = StoreContext(now: { 1_800_000_000_000 }, utcOffset: { _ in 0 }, machine: [1])
            let store = try Store.create(at: sides.remote, seed: StoreSeed(name: "Band"), context: context).store
            for round in 0..<40 {
                let texts = (0..<8).map { "file \($0) of \(round)" }
                let files = try texts.map { try sides.put($0)[0] }
                // Half of them lie there already, and nobody needs them.
                for text in texts.prefix(4) { try sides.put(text, in: store.blobs) }
                let transport = sides.transport()
                try Parallel.forEach(count: 2, workers: 2) { number in
                    if number == 0 {
                        var request = CollectionRequest()
                        request.keepQuarantine = .milliseconds(0)
                        _ = try store.collect(request)
                    } else {
                        let upload = try transport.upload(files, from: sides.ours, report: .none)
                        #expect(upload.missing.isEmpty)
                    }
                }
                for file in files { #expect(try store.blobs.verify(file) == .sound, "round \(round)") }
                transport.release()
            }
            #expect(try store.blobs.journal.differences().isEmpty)
        }
    }
}
