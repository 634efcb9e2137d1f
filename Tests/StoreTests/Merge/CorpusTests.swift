import Files
import Glibc
import TestSupport
import Testing

@testable import Store

/// Merges of these versions make these commits, on every laptop and for ever: `Corpus/README.md`.
@Suite struct CorpusTests {
    private static let folder = FilePath(#filePath).parent.appending("Corpus")

    private static let names: [String] = DirectoryWalk(folder).compactMap { item in
        guard case .file(let path) = item, path.fileExtension == "case" else { return nil }
        return path.stem
    }.sorted()

    @Test func thereAreCases() { #expect(Self.names.count >= 25) }

    /// `OFFBEAT_RECORD=1` writes what is missing, and then the test fails so that somebody looks at it; it never changes
    /// what is there.
    @Test(arguments: names) func aMergeMakesExactlyThis(_ name: String) throws {
        let text = String(decoding: try FileSystem.read(Self.folder.appending("\(name).case")), as: UTF8.self)
        let outcome = try withVersions { try CorpusCase(text).outcome(in: $0) }
        let file = Self.folder.appending("\(name).expected")
        if !FileSystem.exists(file) {
            if getenv("OFFBEAT_RECORD") != nil { try FileSystem.write(Array(outcome.utf8), to: file) }
            Issue.record("nothing was expected of \(name)")
            return
        }
        let expected = String(decoding: try FileSystem.read(file), as: UTF8.self)
        #expect(outcome == expected, "\(name)")
    }
}
