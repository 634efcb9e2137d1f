import Catalog
import Files
import TestSupport
import Testing

extension Studio {
    /// What `cache stats` says.
    func cacheStats() throws -> JSON { try json("cache", "stats").done().json() }
}

/// `cache stats`, and that its counts add up.
@Suite struct CacheStatsTests {
    @Test func beforeAnybodyAskedThereIsNothing() throws {
        try Studio.withStore { studio in
            let stats = try studio.cacheStats()
            for key in ["entries", "bytes", "rawBytes", "hits", "misses"] { #expect(stats[key]?.asInteger == 0) }
            for key in ["ratio", "hitRate", "lastCleanup"] { #expect(stats[key] == .null) }
            #expect(stats["views"]?["picker"]?["built"]?.asInteger == 0)
            #expect(stats["evictions"] == ["expired": 0, "size": 0, "version": 0])
        }
    }

    @Test func eachReadIsCountedAndEachCauseTold() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("ls").done()
            try studio.offbeat("ls").done()
            try studio.offbeat("edit", "\(id)", "title=New").done()
            let told = try studio.offbeat("--verbose", "ls").done().complaint
            #expect(
                told.contains(
                    /^offbeat: picker made again \(person [0-9a-f]{8}\): change, [0-9a-f]{10} → [0-9a-f]{10}\n$/
                ))
            try studio.offbeat("undo").done()
            try studio.offbeat("ls").done()
            try FileSystem.remove(studio.store.appending("cache/index.db"))
            try studio.offbeat("ls").done()
            let stats = try studio.cacheStats()
            #expect(stats["hits"]?.asInteger == 1 && stats["misses"]?.asInteger == 4)
            #expect(stats["hitRate"] == JSON(0.2))
            #expect(
                stats["invalidations"] == ["change": 1, "sync": 0, "undo": 1, "rebuild": 1, "request": 0])
            #expect(stats["views"]?["picker"]?["built"]?.asInteger == 2)
            #expect(stats["views"]?["picker"]?["bytes"]?.asInteger ?? 0 > 0)
            #expect(try studio.offbeat("cache", "stats").done().text.contains("1 hit, 4 misses"))
        }
    }

    @Test func whatComesByASyncIsToldFromWhatIsDoneHere() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("remote", "add", "origin", Word(studio.root.appending("remote.git"))).done()
            try studio.offbeat("sync").done()
            let other = studio.root.appending("other")
            try studio.offbeat("clone", Word(studio.root.appending("remote.git")), Word(other), "--user", "ana")
                .done()
            try studio.offbeat("ls").done()
            try studio.offbeat("--store", Word(other), "edit", "\(id)", "title=Theirs").done()
            try studio.offbeat("--store", Word(other), "sync").done()
            try studio.offbeat("sync").done()
            try studio.offbeat("ls").done()
            let invalidations = try studio.cacheStats()["invalidations"]
            #expect(invalidations?["sync"]?.asInteger == 1 && invalidations?["change"]?.asInteger == 0)
        }
    }

    @Test func theCountsOfManyProcessesAddUp() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.offbeat("ls").done()
            let programs = try (0..<12).map { _ in try studio.start([Word(Scenarios.program()), "ls"]) }
            for program in programs { try program.outcome().done() }
            let stats = try studio.cacheStats()
            // One that waited too long for the others gave its count up.
            #expect((10...12).contains(stats["hits"]?.asInteger ?? 0), "\(stats)")
        }
    }

    @Test func aStoppedProcessHoldsNobodyUp() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.offbeat("ls").done()
            let script = """
                import sqlite3, sys, time
                held = sqlite3.connect(sys.argv[1], isolation_level=None)
                held.execute('BEGIN EXCLUSIVE')
                open(sys.argv[2], 'w')
                time.sleep(60)
                """
            let ready = studio.root.appending("ready")
            let holder = try studio.start(
                [
                    "python3", "-c", Word(script),
                    Word(studio.store.appending("cache/ledger.db")), Word(ready),
                ])
            while try FileSystem.statusIfExists(of: ready) == nil { SystemClock.sleep(seconds: 0.01) }
            let watch = Stopwatch()
            #expect(try studio.json("ls").done().json()["cache"]?.asString == "hit")
            #expect(watch.seconds < 5)
            holder.child.kill()
            _ = try? holder.outcome()
            try studio.offbeat("ls").done()
            #expect(try studio.cacheStats()["hits"]?.asInteger == 1)
        }
    }
}
