import Catalog
import Files
import TestSupport
import Testing

/// The stories that a workspace's history is kept for: whatever is done, the next list in another process shows it.
@Suite struct HistoryScenes {
    /// Ana owns the workspace, Ben approves, Cara writes, Zoe is a stranger.
    private static func withBand(_ body: (Studio) throws -> Void) throws {
        try Studio.withStore { studio in
            for name: Word in ["ben", "cara", "zoe"] { try studio.offbeat("user", "add", name).done() }
            try studio.offbeat("workspace", "add", "band", "--zone", "UTC", "--profile", "0123456789abcdef").done()
            try studio.offbeat("workspace", "member", "add", "band", "ben", "--role", "approver").done()
            try studio.offbeat("workspace", "member", "add", "band", "cara", "--role", "editor").done()
            try body(studio)
        }
    }

    private static func write(_ studio: Studio, _ words: Word...) throws -> Word {
        let call: [Word] = ["--json", "--user", "cara", "post", "new", "-w", "band"] + words
        return Word(try #require(try studio.offbeat(words: call).done().json()["id"]?.asString))
    }

    private static func list(_ studio: Studio, as user: Word = "ana") throws -> JSON {
        try studio.json("--user", user, "post", "ls", "-w", "band").done().json()
    }

    @Test(arguments: [true, false]) func theHistoryShowsWhatWasDecided(isEnabled: Bool) throws {
        try Self.withBand { studio in
            if !isEnabled { try studio.offbeat("config", "set", "cache.enabled", "false").done() }
            func expect(_ states: [String: String], _ what: Comment) throws {
                let list = try Self.list(studio)
                let found = (list["posts"]?.asArray ?? []).map { ($0["text"]?.asString, $0["state"]?.asString) }
                #expect(Dictionary(found, uniquingKeysWith: { $1 }) == states, what)
                if !isEnabled { #expect(list["cache"] == "built") }
            }
            func step(_ words: Word..., as user: Word) throws {
                try studio.offbeat(words: ["--user", user, "post"] + words).done()
            }
            try expect([:], "nothing is there yet")
            let first = try Self.write(studio, "--title", "News", "one")
            try expect(["one": "draft"], "a post appears at once")
            try step("edit", first, "text=uno", as: "cara")
            try expect(["uno": "draft"], "and what is changed of it")
            try step("submit", first, as: "cara")
            try step("approve", first, as: "ben")
            try expect(["uno": "approved"], "and an approval")
            let second = try Self.write(studio, "--submit", "two")
            try step("reject", second, as: "ben")
            try expect(["uno": "approved", "two": "rejected"], "and a rejection")
            let third = try Self.write(studio, "--submit", "three")
            try step("request-changes", third, as: "ben")
            try expect(
                ["uno": "approved", "two": "rejected", "three": "changes-requested"], "and what is sent back")
            #expect(
                try studio.json("--user", "cara", "post", "ls", "--waiting").done().json()["posts"]?.asArray?.count
                    == 2)
            #expect(try studio.json("post", "show", "news").done().json()["id"]?.asString == first.description)
            try step("rm", second, as: "cara")
            try expect(["uno": "approved", "three": "changes-requested"], "and what is removed")
            try studio.offbeat("--user", "cara", "undo").done()
            try expect(
                ["uno": "approved", "two": "draft", "three": "changes-requested"],
                "and what is taken back; it is not what was rejected")
            #expect(FileSystem.exists(studio.store.appending("cache/index.db")) == isEnabled)
        }
    }

    @Test func eachReadIsCountedAndEachCauseTold() throws {
        try Self.withBand { studio in
            let id = try Self.write(studio, "one")
            #expect(try Self.list(studio)["cache"] == "built")
            #expect(try Self.list(studio, as: "ben")["cache"] == "hit")
            try studio.offbeat("--user", "cara", "post", "submit", id).done()
            let explained = try studio.json("cache", "explain", "history:band").done().json()
            #expect(explained["valid"] == false && explained["posts"] == 1)
            #expect(explained["records"]?.asArray?.count == 1, "\(explained)")
            let told = try studio.offbeat("--verbose", "post", "ls").done().complaint
            let line =
                /^offbeat: history:band made again \(profile 01234567\): change, [0-9a-f]{10} → [0-9a-f]{10}\n$/
            #expect(told.contains(line), "\(told)")
            let counts = try studio.cacheStats()["views"]?["history:band"]
            #expect(counts?["hits"] == 1 && counts?["misses"] == 2 && counts?["rows"] == 2 && counts?["built"] == 1)
            #expect(
                try studio.json("--user", "zoe", "cache", "stats").done().json()["views"]?["history:band"] == nil)
        }
    }

    @Test func invalidatingHasAHistoryMadeAgainOnce() throws {
        try Self.withBand { studio in
            _ = try Self.write(studio, "one")
            _ = try Self.write(studio, "two")
            _ = try Self.list(studio)
            let calls: [([Word], rows: JSON)] = [
                (["history:band"], 2), (["--workspace", "band"], 3), (["--profile", "0123456789abcdef"], 3),
            ]
            for (words, rows) in calls {
                let done = try studio.offbeat(words: ["--json", "--verbose", "cache", "invalidate"] + words).done()
                #expect(try done.json()["rows"] == rows)
                #expect(
                    done.complaint.contains("history:band (profile 01234567) to be made again: request, by ana"))
                #expect(!done.complaint.contains("0123456789"))
                #expect(try studio.json("cache", "explain", "history:band").done().json()["valid"] == false)
                #expect(try Self.list(studio)["cache"] == "refreshed")
                #expect(try Self.list(studio)["cache"] == "hit")
            }
        }
    }

    @Test func aTrackMakesTheHistoriesOfItsPostsAgain() throws {
        try Self.withBand { studio in
            let song = Word(try studio.addedTrack())
            let id = try Self.write(studio, "--track", song, "--submit", "one")
            try studio.offbeat("--user", "ben", "post", "approve", id).done()
            #expect(try Self.list(studio)["posts"]?.asArray?.first?["state"] == "approved")
            try studio.offbeat("edit", song, "title=Other").done()
            let list = try Self.list(studio)
            #expect(list["cache"] == "refreshed" && list["posts"]?.asArray?.first?["state"] == "pending")
            #expect(try studio.cacheStats()["invalidations"]?["change"] == 2, "the approval, and the title")
        }
    }

    @Test func aHistoryHasASizeThatGrowsWithItsPosts() throws {
        try Self.withBand { studio in
            func size() throws -> Int64 {
                _ = try Self.list(studio)
                let entries = try studio.json("cache", "ls", "history:band").done().json()["entries"]?.asArray
                return try #require(entries?.first?["size"]?.asInteger)
            }
            _ = try Self.write(studio, "one")
            let one = try size()
            _ = try Self.write(studio, "two")
            let both = try size()
            #expect(one > 0 && both == 2 * one)
        }
    }

    @Test func loggingOutForgetsOnePerson() throws {
        try Self.withBand { studio in
            _ = try Self.write(studio, "one")
            for user: Word in ["ana", "ben"] { _ = try Self.list(studio, as: user) }
            func kept(_ user: Word) throws -> [JSON?] {
                (try studio.json("--user", user, "cache", "ls").done().json()["entries"]?.asArray ?? []).map {
                    $0["view"]
                }
            }
            #expect(try kept("ana") == ["history:band"] && kept("ben") == ["history:band"] && kept("zoe") == [])
            #expect(try studio.json("--user", "ben", "cache", "clear").done().json()["entries"] == 1)
            #expect(try kept("ana") == ["history:band"] && kept("ben") == [])
            #expect(try Self.list(studio, as: "ben")["cache"] == "hit", "the rows are everybody's")
        }
    }

    @Test func twoUsersNeverSeeEachOthersEntries() throws {
        try Self.withBand { studio in
            _ = try Self.write(studio, "of the band")
            try studio.offbeat("--user", "zoe", "workspace", "add", "solo").done()
            try studio.offbeat("--user", "zoe", "post", "new", "-w", "solo", "of Zoe").done()
            for _ in 0..<2 {
                for (user, own, other) in [("ana", "of the band", "of Zoe"), ("zoe", "of Zoe", "of the band")] {
                    let told = try studio.json("--user", Word(user), "post", "ls").done().text
                    #expect(told.contains(own) && !told.contains(other))
                }
            }
            for (user, view) in [("ana", "history:solo"), ("zoe", "history:band")] as [(Word, Word)] {
                for call: Word in ["explain", "ls", "invalidate"] {
                    try studio.json("--user", user, "cache", call, view).expectFailure(3, "not-found")
                }
            }
        }
    }
}
