import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Audio that comes in is analysed without being asked for, and is in the library whatever becomes of that.
@Suite struct ArrivalTests {
    private func isCached(_ studio: Studio, _ id: String, stem: Word = "master") throws -> Bool {
        try studio.offbeat("analysis", "get", "\(id)", "--stem", stem, "--cached").status == 0
    }

    @Test func anUploadIsAnalysedOnceAndToldWithIt() throws {
        try Studio.withStore { studio in
            let sound = Word(try studio.sound("song.wav", seed: 1))
            let added = try studio.json("add", sound).done().json()
            #expect(added["unanalyzed"] == [])
            let track = try #require(added["added"]?.asArray?.first)
            let id = try #require(track["id"]?.asString)
            #expect(track["analyses"]?.asArray?.count == 1)
            #expect(try isCached(studio, id))
            #expect(try studio.json("analyze").done().json()["analyzed"] == [])
            // The same audio for another track is known.
            let again = try studio.json("add", sound).done().json()
            #expect(again["present"] == [.string(id)] && again["unanalyzed"] == [])
        }
    }

    @Test func whoWantsNoAnalysisGetsNone() throws {
        try Studio.withStore { studio in
            let one = try studio.addedTrack()
            #expect(try !isCached(studio, one))
            try studio.offbeat("config", "set", "cache.enabled", "false").done()
            let other = try studio.json("add", Word(studio.sound("two.wav", seed: 2))).done().json()
            #expect(other["unanalyzed"] == [] && other["added"]?.asArray?.first?["analyses"] == [])
        }
    }

    @Test func newAudioOfATrackAndItsStemsAreAnalysedToo() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let replaced = try studio.json("replace", "\(id)", Word(studio.sound("new.wav", seed: 2))).done().json()
            #expect(replaced["track"]?["analyses"]?.asArray?.count == 1 && replaced["unanalyzed"] == [])
            #expect(try isCached(studio, id))
            let stem = try studio.json(
                "stem", "add", "\(id)", "--type", "drums", Word(studio.sound("drums.wav", seed: 3))
            ).done().json()
            #expect(stem["unanalyzed"] == [])
            #expect(try isCached(studio, id, stem: "drums"))
            try studio.sound("parts/bass.wav", seed: 4)
            let separator = studio.work.appending("separator")
            try FileSystem.write("#!/bin/sh\ncp '\(studio.work)'/parts/*.wav \"$2/\"\n", to: separator)
            #expect(chmod(separator.string, 0o755) == 0)
            let made = try studio.json("stem", "separate", "\(id)", "--with", Word("\(separator) {in} {out}"))
            #expect(try made.done().json()["unanalyzed"] == [])
            #expect(try isCached(studio, id, stem: "bass"))
            #expect(try studio.cacheStats()["entries"] == 3)
        }
    }

    /// Whoever interrupts it has added everything, is told what is left, and a later command does that.
    @Test func interruptingLeavesTheRestToALaterCommand() throws {
        try Studio.withStore { studio in
            let count = 24
            for number in 0..<count {
                try studio.sound(FilePath("songs/\(number).wav"), seed: UInt64(number), frames: 400_000)
            }
            let adding = try studio.start([Word(Scenarios.program()), "--json", "add", "songs"])
            let deadline = ContinuousClock.now + .seconds(60)
            while try studio.tracks().count < count, ContinuousClock.now < deadline { usleep(2000) }
            adding.child.interrupt()
            let outcome = try adding.outcome()
            #expect(outcome.status == 130, "\(outcome)")
            let document = try outcome.json()
            #expect(document["added"]?.asArray?.count == count && document["failed"] == [])
            let left = try #require(document["unanalyzed"]?.asArray)
            #expect(!left.isEmpty && left.allSatisfy { $0["hint"]?.asString?.contains("offbeat analyze") == true })
            let rest = try studio.json("analyze").done().json()["analyzed"]?.asArray ?? []
            #expect(Set(rest.map { $0["id"] }) == Set(left.map { $0["id"] }))
            #expect(try studio.json("analyze").done().json()["analyzed"] == [])
            try studio.expectSound()
        }
    }
}
