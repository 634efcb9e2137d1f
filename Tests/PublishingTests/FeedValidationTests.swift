import Files
import Glibc
import Publishing
import TestSupport
import Testing

/// What others' validators and parsers say of feeds, where `OFFBEAT_PYTHON` names a Python that has them.
@Suite struct FeedValidationTests {
    private static let python = getenv("OFFBEAT_PYTHON").map { String(cString: $0) }
    private static let script = FilePath(#filePath).parent.parent.appending("Feeds/validate.py")

    private static let hasValidators: Bool = {
        guard let python else { return false }
        let imports = "import feedparser, podcastparser, jsonfeedvalidator"
        return (try? run(command: python, arguments: ["-c", imports]).status) == 0
    }()

    @Test(.enabled(if: hasValidators, "OFFBEAT_PYTHON names no Python with the packages that validate.py names"))
    func `Others can read feeds of every kind`() throws {
        try withTemporaryDirectory { place in
            let track = try FeedSamples.track(1, in: place)
            var bare = try FeedSamples.track(2, in: place)
            (bare.title, bare.text, bare.author) = (nil, "", nil)
            bare.track = try PublishedTrack(audio: #require(bare.track).audio)
            var picture = try FeedSamples.post(3, text: "Two\nlines & <b> 🎵")
            let file = try FeedSamples.audio(3, in: place)
            picture.image = Medium(oid: file.oid, size: file.size, fileExtension: "png", file: file.file)
            let text = try FeedSamples.post(4, text: "Only text")
            let feeds: [(FeedSettings, [Publication])] = [
                (FeedSamples.settings, [track, bare, picture, text]), (FeedSamples.settings, [text]),
                (FeedSamples.settings, []), (FeedSettings(title: "Ours"), [track, text]),
            ]
            let folders = try feeds.enumerated().map { number, feed in
                let folder = place.appending("radio \(number)")
                try FeedTarget(feed.0, in: folder) { [] }.rewrite(feed.1)
                return folder.string
            }
            let result = try run(command: #require(Self.python), arguments: [Self.script.string] + folders)
            #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
        }
    }
}
