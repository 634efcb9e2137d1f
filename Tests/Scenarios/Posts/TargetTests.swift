import Catalog
import Files
import TestSupport
import Testing

/// Where posts are brought out, said with the built command.
@Suite struct TargetTests {
    private static let token = "tok-5ecret-aaaaaaaaaaaaaaaa"

    @Test func targetsAreSaidShownAndTakenAway() throws {
        try Studio.withBand { studio in
            let made = try studio.json(
                "workspace", "target", "band", "feed", "--dir", "www", "--base-url", "https://example.org/band/",
                "--title", "News", "--image", "https://example.org/c.jpg", "--language", "en", "--category",
                "Music",
                "--explicit"
            ).done().json()
            #expect(made["targets"] == ["feed"])
            #expect(
                made["targetSettings"]?["feed"] == [
                    "title": "News", "baseUrl": "https://example.org/band", "image": "https://example.org/c.jpg",
                    "language": "en", "category": "Music", "explicit": true,
                    "dir": .string(studio.work.appending("www").string),
                ])
            try studio.offbeat(
                "workspace", "target", "band", "http", "--url", "https://api.example.org", "--profile", "k",
                "--media-url-base", "https://example.org/m", "--token-env", "TOKEN"
            ).done()
            let program = try studio.offbeat("workspace", "target", "band", "command", "--", "post-it", "--loud")
                .done()
            #expect(program.text == "Posts of band go to: command, feed, http\n")
            let shown = try studio.json("workspace", "show", "band").done().json()["targetSettings"]
            #expect(
                shown?["http"] == [
                    "url": "https://api.example.org", "profile": "k", "mediaUrlBase": "https://example.org/m",
                    "token": "environment", "tokenHost": "api.example.org",
                ])
            #expect(shown?["command"] == ["program": "post-it"])
            let page = try studio.offbeat("workspace", "show", "band").done().text
            for part in ["runs post-it", "into \(studio.work)/www", "token here", "title News"] {
                #expect(page.contains(part), "\(page)")
            }
            let moved = try studio.offbeat("workspace", "target", "band", "http", "--url", "https://other.org")
                .done()
            #expect(moved.text.contains("Note: the token that is kept here is for api.example.org"), "\(moved)")
            #expect(try studio.offbeat("workspace", "show", "band").done().text.contains("a token only for api.ex"))
            try studio.offbeat("workspace", "target", "band", "feed", "--no-explicit", "--title=").done()
            let feed = try studio.json("workspace", "show", "band").done().json()["targetSettings"]?["feed"]
            #expect(feed?["explicit"] == false && feed?["title"] == .null)
            for kind: Word in ["feed", "command", "http"] {
                try studio.offbeat("workspace", "target", "band", kind, "--off").done()
            }
            #expect(try studio.json("workspace", "show", "band").done().json()["targets"] == ["feed"])
            try studio.offbeat("fsck", "--deep").done()
            try studio.expectSound()
        }
    }

    @Test func whatIsOffIsRefused() throws {
        try Studio.withBand { studio in
            try studio.offbeat("workspace", "target", "band", "http", "--url", "https://api.example.org").done()
            let calls: [[Word]] = [
                ["ftp"], ["feed", "--url", "https://example.org"], ["http", "--dir", "x"], ["http", "word"],
                ["feed", "--explicit", "--no-explicit"], ["http", "--token", "a", "--token-env", "B"],
                ["http", "--off", "--token", "a"], ["command", "--title", "x"], ["command", "a 'b"],
                ["feed", "--dir="],
                ["http", "--url", "http://example.org"], ["http", "--token", "two words"], ["command", "--loud"],
                ["command", "--", Word(FilePath(bytes: [0xFF]))],
                ["feed", "--dir", Word(FilePath(bytes: [0x61, 0xFF]))],
                ["feed", "--dir", ".offbeat/feed"],
            ]
            try studio.expectUnchanged {
                for call in calls {
                    try studio.offbeat(words: ["--json", "workspace", "target", "band"] + call)
                        .expectFailure(2, "usage")
                }
                try studio.json("--user", "ben", "workspace", "target", "band", "feed").expectFailure(
                    4, "not-allowed")
                try studio.json("workspace", "target", "band", "command", "--off").expectFailure(3, "not-found")
            }
        }
    }

    @Test func aTokenIsNeverShownNorSynced() throws {
        try Studio.withBand { studio in
            let shared = studio.work.appending("shared.git")
            try studio.offbeat("remote", "add", "origin", Word(shared)).done()
            let file = studio.work.appending("token")
            try FileSystem.write("\(Self.token)\n", to: file, mode: 0o600)
            let program = Word(try Scenarios.program())
            let traced = ["OFFBEAT_TRACE": "all"]
            var told: [Outcome] = []
            func run(_ words: Word..., stdin: Child.Source = .nothing) throws {
                for form: [Word] in [["--json"], ["--verbose"]] {
                    let outcome = try studio.run([program] + form + words, adding: traced, stdin: stdin)
                    told.append(outcome)
                }
            }
            try run(
                "workspace", "target", "band", "http", "--url", "https://api.example.org", "--token",
                Word(Self.token))
            try run("workspace", "target", "band", "http", "--token", "-", stdin: .file(file))
            try run("--user", "ben", "workspace", "target", "band", "http", "--token", Word(Self.token))
            for call in told { _ = try call.done() }
            try run("workspace", "target", "band", "http", "--token", Word("\(Self.token) \(Self.token)"))
            try run("workspace", "target", "band", "feed", "--token", Word(Self.token))
            try run("workspace", "target", "band", "http", "--off", "--token", Word(Self.token))
            for words: [Word] in [
                ["workspace", "show", "band"], ["workspace", "ls"], ["log"], ["fsck", "--deep"], ["sync"],
            ] {
                for form: [Word] in [["--json"], ["--verbose"]] {
                    told.append(try studio.run([program] + form + words, adding: traced).done())
                }
            }
            let shown = try studio.json("workspace", "show", "band").done().json()
            #expect(shown["targetSettings"]?["http"]?["token"] == "here")
            for store in [studio.store, shared] {
                told.append(
                    try studio.git("cat-file", "--batch-all-objects", "--batch", "--unordered", in: store).done())
            }
            for outcome in told {
                #expect(!outcome.text.contains(Self.token) && !outcome.complaint.contains(Self.token), "\(outcome)")
            }
            // One file holds it, which nobody else reads.
            let place = studio.store.appending("publishing/targets.json")
            let found = try studio.run(["grep", "-rl", Word(Self.token), Word(studio.store), Word(shared)]).line
            #expect(found == place.string)
            #expect(try FileSystem.status(of: place).mode == 0o600)
            #expect(try FileSystem.status(of: place.parent).mode == 0o700)
            // A copy by way of the shared repository knows the target and not the token.
            let copy = Word(studio.work.appending("copy"))
            try studio.offbeat("clone", Word(shared), copy, "--user", "ana").done()
            let there = try studio.json("--store", copy, "workspace", "show", "band").done().json()
            #expect(there["targetSettings"]?["http"]?["url"] == "https://api.example.org")
            #expect(there["targetSettings"]?["http"]?["token"] == .null)
            // What is derived goes, and this stays.
            try studio.offbeat("cache", "clear", "--all").done()
            try studio.offbeat("gc").done()
            #expect(FileSystem.exists(place))
            try studio.expectSound()
        }
    }

    @Test func aPostWithATrackWaitsForAnAddressOfFiles() throws {
        try Studio.withBand { studio in
            let song = Word(try studio.addedTrack())
            let made = try studio.json("post", "new", "-w", "band", "--track", song, "--submit", "Out").done()
                .json()
            let id = Word(try #require(made["id"]?.asString))
            try studio.offbeat("workspace", "target", "band", "http", "--url", "https://api.example.org").done()
            try studio.expectUnchanged {
                let refusal = try studio.json("--user", "ben", "post", "approve", id)
                try refusal.expectFailure(4, "wrong-state")
                #expect(refusal.text.contains("--media-url-base"))
            }
            try studio.offbeat("workspace", "target", "band", "http", "--media-url-base", "https://example.org/m")
                .done()
            try studio.offbeat("--user", "ben", "post", "approve", id).done()
        }
    }

    @Test func helpSaysWhoSeesAToken() throws {
        try Studio.with { studio in
            let help = try studio.offbeat("workspace", "target", "--help").done().text
            for part in ["--token-env NAME", "seen by others", "never synced", "--media-url-base URL", "--off"] {
                #expect(help.contains(part), "\(help)")
            }
        }
    }
}
