import Catalog
import Digest
import Testing

/// The paths of the tree, both ways.
struct RecordPathTests {
    private static let track = "abc3456789abcdef0123456789abcdef"
    private static let other = "0123456789abcdef0123456789abcdef"
    private static let hash = String(repeating: "5e", count: 32)
    private static let trackFolder = "tracks/a/b/c/\(track)"
    private static let postFolder = "workspaces/\(other)/posts/ab/\(track)"

    @Test(arguments: [
        "offbeat.json", ".gitattributes", ".lfsconfig", "people/\(other).json",
        "workspaces/\(other)/workspace.json",
        "\(postFolder)/post.json", "\(postFolder)/image.png", "\(postFolder)/long/\(hash).txt",
        "\(trackFolder)/track.json", "\(trackFolder)/audio.flac", "\(trackFolder)/stems/drums.json",
        "\(trackFolder)/stems/drums.wav", "\(trackFolder)/conflicts/\(hash).flac",
        "\(trackFolder)/long/\(hash).txt",
    ])
    func everyPathOfTheGrammarRoundTrips(_ text: String) {
        let path = RecordPath(text)
        if case .opaque = path { Issue.record("\(text) is opaque") }
        #expect(path.text == text)
        #expect("\(path)" == text)
        #expect(RecordPath(components: path.components) == path)
        if let folder = path.folder {
            #expect(text.hasPrefix(folder.path))
            #expect(RecordFolder(path: folder.path) == folder)
            #expect(RecordPath(folder.record.text) == folder.record)
            #expect(folder.components.joined(separator: "/") == folder.path)
            #expect(folder.isDirectory == (folder.path != folder.record.text))
        }
    }

    @Test(arguments: [
        "", "/", "x", "offbeat.json/", "Offbeat.json", "people", "people/\(other)", "people/\(other).txt",
        "people/ana.json", "people/x/\(other).json", "workspaces/\(other)", "workspaces/band/workspace.json",
        "workspaces/\(other)/Workspace.json", "workspaces/\(other)/posts/ac/\(track)/post.json",
        "workspaces/\(other)/post/ab/\(track)/post.json", "\(postFolder)/image.json", "\(postFolder)/picture.png",
        "\(postFolder)/long/x.txt", "\(postFolder)/short/\(hash).txt", "tracks/a/b/d/\(track)/track.json",
        "tracks/A/b/c/\(track)/track.json", "tracks/ab/c/3/\(track)/track.json", "track/a/b/c/\(track)/track.json",
        "\(trackFolder)/audio", "\(trackFolder)/audio.", "\(trackFolder)/audio.FLAC", "\(trackFolder)/audio.json",
        "\(trackFolder)/stems/Drums.json", "\(trackFolder)/stems/drums", "\(trackFolder)/stems/drums.tar.gz",
        "\(trackFolder)/conflicts/\(other).flac", "\(trackFolder)/conflicts/\(hash).json",
        "\(trackFolder)/long/\(hash).md", "\(trackFolder)/stems/a/b.json", "\(trackFolder)//track.json",
    ])
    func everythingElseIsOpaqueAndKept(_ text: String) {
        let path = RecordPath(text)
        #expect(path == .opaque(Array(text.utf8)))
        #expect(path.text == text)
        #expect(path.folder == nil)
    }

    @Test func namesThatAreNoUTF8AreKept() {
        let bytes: [UInt8] = Array("tracks/".utf8) + [0xFF, 0xFE]
        #expect(RecordPath(bytes: bytes).bytes == bytes)
        #expect(RecordPath(components: [[0xFF], [0x61]]) == .opaque([0xFF, 0x2F, 0x61]))
    }

    @Test func knowsPointersAndRecords() {
        #expect(RecordPath("\(Self.trackFolder)/audio.flac").isPointer)
        #expect(RecordPath("\(Self.trackFolder)/stems/drums.wav").isPointer)
        #expect(!RecordPath("\(Self.trackFolder)/stems/drums.json").isPointer)
        #expect(RecordPath("\(Self.trackFolder)/stems/drums.json").isRecord)
        #expect(!RecordPath("\(Self.trackFolder)/long/\(Self.hash).txt").isRecord)
        #expect(!RecordPath(".gitattributes").isRecord)
        #expect(RecordPath(".gitattributes").folder == nil)
    }

    @Test func foldersOfOtherPathsAreNone() {
        for path in [
            "", "tracks", "tracks/a/b/c", "\(Self.trackFolder)/track.json", "people", ".gitattributes",
            "tracks/a/b/d/\(Self.track)",
        ] {
            #expect(RecordFolder(path: path) == nil, "\(path)")
        }
    }

    @Test func attributesNameEveryPointer() {
        #expect(Catalog.gitAttributes.hasSuffix(" -text\n"))
        #expect(Catalog.gitAttributes.split(separator: "\n").count == 5)
    }
}
