import Files
import TestSupport
import Testing

@testable import Analysis

/// What the fuzzer begins with and what it found, once more: blobs, and what could be in a blob.
struct BlobCorpusTests {
    @Test func whatWasFoundOnceDoesNoHarm() throws {
        let folder = FilePath(#filePath).parent.appending("Corpus")
        var count = 0
        var read = 0
        for item in DirectoryWalk(folder) {
            guard case .file(let path) = item else { continue }
            count += 1
            let bytes = try FileSystem.read(path)
            for blob in [bytes, AnalysisBlob.contained(bytes)] {
                _ = try? AnalysisBlob.inspect(blob)
                guard let analysis = try? AnalysisBlob.decode(blob) else { continue }
                read += 1
                AnalysisUses.all(of: analysis)
            }
        }
        #expect(count >= 6 && read >= 6)
    }
}
