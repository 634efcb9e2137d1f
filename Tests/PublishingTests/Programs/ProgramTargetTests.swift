import Catalog
import Digest
import Files
import Publishing
import TestSupport
import Testing

/// What comes of handing posts to a program.
@Suite struct ProgramTargetTests {
    private let hour = Deadline(in: .seconds(3_600))

    private func handOff(
        _ script: String, _ publication: Publication? = nil, until deadline: Deadline? = nil,
        isStopped: () -> Bool = { false }
    ) throws -> HandOff {
        let target = ProgramTarget(words: ["sh", "-c", script].map { Array($0.utf8) })
        let publication = try publication ?? FeedSamples.post(1, text: "Out now")
        #expect(target.obstacle(to: publication) == nil)
        return target.handOff(publication, until: deadline ?? hour, isStopped: isStopped)
    }

    // MARK: How it ends

    @Test func eachEndingHasAMeaning() throws {
        try #expect(handOff("exit 0") == .sent(links: [:]))
        try #expect(handOff("echo full >&2; exit 1") == .refused("sh ended with status 1: full"))
        try #expect(handOff("exit 64") == .refused("sh ended with status 64"))
        try #expect(handOff("echo later >&2; exit 75") == .unreached("sh ended with status 75: later"))
    }

    @Test func whoIsKilledMayHaveSentIt() throws {
        guard case .unknown(let why) = try handOff("kill -9 $$") else {
            Issue.record("it may be out")
            return
        }
        #expect(why.hasPrefix("sh ") && why.contains("9"))
    }

    @Test func aProgramThatIsNotThereHasSentNothing() throws {
        try withTemporaryDirectory { folder in
            let file = folder.appending("program")
            try FileSystem.write(Array("no program".utf8), to: file, mode: 0o644)
            for name in ["/nowhere/program", "no-such-program-anywhere", file.string] {
                let target = ProgramTarget(words: [Array(name.utf8)])
                let result = target.handOff(try FeedSamples.post(1), until: hour) { false }
                guard case .unreached(let why) = result else {
                    Issue.record("\(name): \(result)")
                    continue
                }
                #expect(why.contains(name))
            }
            #expect(ProgramTarget(words: []).handOff(try FeedSamples.post(1), until: hour) { false }.isUnreached)
        }
    }

    @Test func nothingIsWaitedForBeyondTheDeadline() throws {
        let watch = Stopwatch()
        let result = try handOff("sleep 60", until: Deadline(in: .milliseconds(300)))
        guard case .unknown = result else {
            Issue.record("\(result)")
            return
        }
        #expect(watch.seconds < 30)
    }

    @Test func whoeverStopsItDoesNotKnow() throws {
        let watch = Stopwatch()
        guard case .unknown = try handOff("sleep 60", isStopped: { watch.seconds > 0.2 }) else {
            Issue.record("it may be out")
            return
        }
        #expect(watch.seconds < 30)
    }

    // MARK: What it gets

    @Test func itGetsThePostAsJSON() throws {
        try withTemporaryDirectory { folder in
            let input = folder.appending("input")
            var post = try FeedSamples.track(2, in: folder)
            post.platforms = ["bluesky", "web"]
            post.image = try FeedSamples.audio(7)
            try #expect(handOff("cat > \(input)", post) == .sent(links: [:]))
            let document = try JSON.parse(FileSystem.read(input))
            let (track, image) = (try #require(post.track), try #require(post.image))
            let expected: JSON = [
                "author": "Ada", "key": .string(post.key.description), "post": .string(post.post.hex),
                "platforms": ["bluesky", "web"], "text": "Number 2", "time": "2026-11-20T11:00:00.000Z",
                "title": "Track of the week",
                "image": [
                    "name": .string(image.name), "oid": .string(image.oid.hex), "size": .integer(image.size),
                ],
                "track": [
                    "artist": "Nought", "durationMs": 183_250, "title": "Lines & Dots",
                    "audio": [
                        "file": .string(try #require(track.audio.file).string), "name": .string(track.audio.name),
                        "oid": .string(track.audio.oid.hex), "size": .integer(track.audio.size),
                    ],
                ],
            ]
            #expect(document == expected)
        }
    }

    @Test func whatAPostLacksIsLeftOut() throws {
        try withTemporaryDirectory { folder in
            let input = folder.appending("input")
            try #expect(handOff("cat > \(input)", FeedSamples.post(1)) == .sent(links: [:]))
            let document = try JSON.parse(FileSystem.read(input))
            #expect(
                document.asObject?.keys.sorted() == ["key", "platforms", "post", "text", "time"])
        }
    }

    // MARK: What it says

    private func links(_ output: [UInt8]) throws -> [String: String]? {
        try withTemporaryDirectory { folder in
            let file = folder.appending("output")
            try FileSystem.write(output, to: file)
            if case .sent(let links, _) = try handOff("cat > /dev/null; cat \(file)") { return links }
            return nil
        }
    }

    private func links(_ output: String) throws -> [String: String]? { try links(Array(output.utf8)) }

    @Test func linksAreNamedInADocumentOrStandOnLines() throws {
        try #expect(
            links("{\"links\": {\"a\": \"https://a.example/1\", \"b\": \"http://b.example\"}}")
                == ["a": "https://a.example/1", "b": "http://b.example"])
        try #expect(
            links("posted\nhttps://a.example/1\r\n\nhttp://b.example\n")
                == ["command": "https://a.example/1", "command-2": "http://b.example"])
        try #expect(links("https://a.example/1") == ["command": "https://a.example/1"])
    }

    @Test func whatIsNoAddressIsLeftOut() throws {
        for text in [
            "", "{}", "[]", "{\"links\": []}", "{\"links\": \"https://a.example\"}", "{\"links\": {\"a\": 1}}",
            "javascript:alert(1)", "https://a.example/with blank", "https://a.example/\u{1B}[31m",
            "https://a.example/\u{7F}", "ftp://a.example", "https:/a.example",
            "{\"links\": {\"a\": \"https://a.example\\n\"}}",
            "https://a.example/" + String(repeating: "x", count: 5_000),
        ] {
            try #expect(links(text) == [:], "\(text.prefix(60))")
        }
        try #expect(links([0xFF, 0x0A, 0x80]) == [:])
        try #expect(links([0xFF, 0x0A] + Array("https://a.example".utf8)) == ["command": "https://a.example"])
    }

    @Test func noMoreAreKeptThanAnybodyReads() throws {
        let lines = (1...500).map { "https://a.example/\($0)" }.joined(separator: "\n")
        let found = try #require(try links(lines))
        #expect(found.count == 100 && found["command-100"] == "https://a.example/100")
        let named = (1...500).map { "\"n\($0)\": \"https://a.example/\($0)\"" }.joined(separator: ", ")
        try #expect(links("{\"links\": {\(named)}}")?.count == 100)
    }

    @Test func whoeverNeverStopsTalkingMayHaveSentIt() throws {
        let result = try handOff("cat > /dev/null; yes https://a.example")
        guard case .unknown = result else {
            Issue.record("\(result)")
            return
        }
    }
}
