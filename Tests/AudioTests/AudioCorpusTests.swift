import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

/// What the fuzzer begins with and what it found, once more: a short sound in each format, and files that broke something.
struct AudioCorpusTests {
    @Test func whatWasFoundOnceDoesNoHarm() throws {
        var (count, heard) = (0, 0)
        for item in DirectoryWalk(FilePath(#filePath).parent.appending("Corpus")) {
            guard case .file(let path) = item else { continue }
            count += 1
            let facts = try? inspect(path).facts
            let sound = try decoded(path)
            #expect(sound.samples.allSatisfy { $0.magnitude <= 1e6 }, "\(path)")
            guard sound.error == nil, let facts else { continue }
            heard += 1
            #expect(sound.samples.count == sound.frames * facts.channels, "\(path)")
        }
        #expect(count >= 33 && heard >= 28)
    }
}
