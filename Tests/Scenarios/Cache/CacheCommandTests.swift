import Catalog
import Files
import TestSupport
import Testing

/// The commands by which a person looks at what is kept, and acts on it.
@Suite struct CacheCommandTests {
    private func explained(_ studio: Studio) throws -> JSON {
        try studio.json("cache", "explain", "picker").done().json()
    }

    private func freshness(_ studio: Studio) throws -> JSON? { try studio.json("ls").done().json()["cache"] }

    @Test func explainSaysWhatWouldBeMadeAgainAndMakesNothing() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let first = try explained(studio)
            #expect(first["valid"] == false && first["records"] == .null && first["stamp"] == .null)
            #expect(!FileSystem.exists(studio.store.appending("cache/index.db")), "looking makes nothing")
            try studio.offbeat("ls").done()
            let ready = try explained(studio)
            #expect(ready["valid"] == true && ready["records"] == [] && ready["tracks"] == 1)
            #expect(ready["stamp"] == ready["head"])
            try studio.offbeat("edit", "\(id)", "title=New").done()
            for _ in 0..<2 {
                let stale = try explained(studio)
                #expect(stale["valid"] == false && stale["stamp"] == ready["stamp"])
                #expect(stale["records"]?.asArray?.count == 1)
                #expect(stale["records"]?.asArray?.first?.asString?.contains(id) == true, "\(stale)")
            }
            #expect(try freshness(studio) == "refreshed")
            try studio.json("cache", "explain", "shelf").expectFailure(3, "not-found")
            try studio.json("cache", "explain", "history:band").expectFailure(3, "not-found")
        }
    }

    @Test func warmingMakesTheNextReadReady() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let first = try studio.json("cache", "warm").done().json()
            #expect(first["cache"] == "built" && first["tracks"] == 1)
            #expect(try freshness(studio) == "hit")
            try studio.offbeat("edit", "\(id)", "title=New").done()
            let second = try studio.json("cache", "warm", "new").done().json()
            #expect(second["cache"] == "refreshed" && second["rows"] == 1 && second["tracks"] == 1)
            #expect(try studio.json("cache", "warm", "-new").done().json()["tracks"] == 0)
            #expect(try freshness(studio) == "hit")
        }
    }

    @Test func invalidatingHasRowsMadeAgainOnce() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            _ = try studio.addedTrack("other.wav", seed: 2)
            try studio.offbeat("ls").done()
            let one = try studio.json("cache", "invalidate", "\(id)").done().json()
            #expect(one == ["invalidated": ["picker"], "rows": 1])
            #expect(try explained(studio)["reason"]?.asString?.contains("asked") == true)
            #expect(try freshness(studio) == "refreshed")
            #expect(try freshness(studio) == "hit")
            #expect(try studio.json("cache", "invalidate", "picker").done().json()["rows"] == 2)
            #expect(try freshness(studio) == "built")
            #expect(try freshness(studio) == "hit")
            let causes = try studio.cacheStats()["invalidations"]
            #expect(causes == ["change": 0, "sync": 0, "undo": 0, "rebuild": 0, "request": 2])
            for words in [[], ["picker", "--workspace", "band"]] as [[Word]] {
                try studio.offbeat(words: ["--json", "cache", "invalidate"] + words).expectFailure(2, "usage")
            }
            try studio.json("cache", "invalidate", "--workspace", "band").expectFailure(3, "not-found")
            try studio.json("cache", "invalidate", "nothing such").expectFailure(3, "not-found")
        }
    }

    @Test func aWorkspaceIsNamedByItsSlugOrAProfileKey() throws {
        try Studio.withStore { studio in
            let key = "0123456789abcdef0123456789abcdef"
            let id = try studio.addedTrack()
            _ = try studio.addedTrack("other.wav", seed: 2)
            try studio.offbeat("workspace", "add", "band", "--profile", Word(key)).done()
            try studio.offbeat("workspace", "share", "band", "\(id)").done()
            try studio.offbeat("ls").done()
            for words in [["--workspace", "band"], ["--profile", Word(key)]] as [[Word]] {
                let done = try studio.offbeat(words: ["--json", "--verbose", "cache", "invalidate"] + words).done()
                #expect(try done.json() == ["invalidated": ["picker", "history:band"], "rows": 2])
                #expect(done.complaint.contains(/request, by ana\n$/) && !done.complaint.contains(key))
                #expect(try freshness(studio) == "refreshed")
            }
        }
    }

    @Test func clearingForgetsOnePersonOrAll() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.offbeat("user", "add", "ben").done()
            for user in ["ana", "ben"] as [Word] { try studio.offbeat("--user", user, "ls").done() }
            func entries(_ user: Word) throws -> [JSON] {
                try studio.json("--user", user, "cache", "ls").done().json()["entries"]?.asArray ?? []
            }
            #expect(try entries("ana").map { $0["view"] } == ["picker"])
            #expect(try entries("ben").first?["valid"] == true)
            try studio.json("cache", "clear").expectFailure(2, "usage")
            #expect(try studio.json("cache", "clear", "--user", "ben").done().json()["entries"] == 1)
            #expect(try entries("ben").isEmpty && entries("ana").count == 1)
            #expect(try freshness(studio) == "hit", "the rows are everybody's")
            #expect(try studio.cacheStats()["hits"]?.asInteger ?? 0 > 0)
            let all = try studio.json("cache", "clear", "--all").done().json()
            #expect(all["bytes"]?.asInteger ?? 0 > 0)
            #expect(!FileSystem.exists(studio.store.appending("cache/index.db")))
            #expect(try studio.cacheStats()["hits"] == 0 && entries("ana").isEmpty)
            #expect(try freshness(studio) == "built")
            try studio.offbeat("fsck", "--deep").done()
        }
    }

    @Test func nobodySeesWhatIsKeptOfOthers() throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--user", "ana", "--sharing", "workspaces").done()
            try studio.offbeat("user", "add", "ben").done()
            let id = try studio.addedTrack()
            try studio.offbeat("ls").done()
            #expect(try studio.json("--user", "ben", "cache", "ls").done().json()["entries"] == [])
            #expect(
                try studio.json("cache", "ls", "\(id)").done().json()["entries"]?.asArray?.first?["valid"] == true)
            for words in [["ls", "\(id)"], ["invalidate", "\(id)"]] as [[Word]] {
                try studio.offbeat(words: ["--json", "--user", "ben", "cache"] + words).expectFailure(
                    3, "not-found")
            }
            try studio.offbeat("edit", "\(id)", "title=Mine").done()
            #expect(try studio.json("--user", "ben", "cache", "explain").done().json()["records"] == [])
            #expect(try studio.json("--user", "ben", "ls").done().json()["total"] == 0)
        }
    }

    @Test func cleaningRemovesWhatWasPutAside() throws {
        try Studio.withStore { studio in
            let aside = studio.store.appending("cache/ledger.damaged")
            try studio.offbeat("ls").done()
            try FileSystem.write(Array(repeating: 1, count: 3000), to: studio.store.appending("cache/ledger.db"))
            try studio.offbeat("ls").done()
            #expect(FileSystem.exists(aside))
            #expect(try studio.json("cache", "clean").done().json() == ["removed": 1, "bytes": 3000, "refused": 0])
            #expect(!FileSystem.exists(aside))
            #expect(try studio.cacheStats()["lastCleanup"] != .null)
        }
    }

    @Test func settingsAreRefusedWithWhatTheyMayBe() throws {
        try Studio.withStore { studio in
            for (key, value, hint) in [
                ("cache.enabled", "maybe", "true or false"), ("cache.memory", "much", "config set cache.memory 32"),
                ("cache.memory", "1e9", "0 to 65536"),
            ] {
                let outcome = try studio.json("config", "set", Word(key), Word(value))
                try outcome.expectFailure(2, "usage")
                #expect(outcome.text.contains(hint))
            }
            try studio.offbeat("config", "set", "cache.memory", "0").done()
            _ = try studio.addedTrack()
            try studio.offbeat("ls").done()
            #expect(try freshness(studio) == "hit")
        }
    }
}
