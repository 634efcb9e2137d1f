import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// What is removed from this computer, and what never is.
@Suite struct AnalysisCleaningTests {
    /// Half a megabyte that is all one number.
    private func half(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 1 << 19) }

    /// A library with tracks of these names.
    private func withTracks(_ names: String..., body: (Place) throws -> Void) throws {
        try withPlace { place in
            for (number, name) in names.enumerated() {
                try place.add("\(name).wav", frequency: Double(300 + 50 * number))
            }
            try body(place)
        }
    }

    private func evictions(_ place: Place) -> [EvictionCause: Int64] {
        place.library.cacheReport().counts.evictions
    }

    @Test func whatNobodyAskedForInLongGoes() throws {
        try withTracks("one", "two") { place in
            try place.library.settings.set(.cacheTTL, to: "100")
            for (number, name) in ["one", "two"].enumerated() { try place.keep(half(UInt8(number)), of: name) }
            place.clock.pass(seconds: 60)
            _ = try place.ask("two")
            place.clock.pass(seconds: 60)
            #expect(try place.library.cleanCache().files == 1)
            #expect(try !place.isCached("one") && place.isCached("two"))
            #expect(evictions(place) == [.expired: 1])
            #expect(place.library.cacheReport().counts.lastCleanup != nil)
            #expect(try place.ask("one").found == nil)
            // What lists show stays, and no version names bytes that nobody has.
            let entry = try place.entry("one")
            #expect(entry?.pointer == nil && entry?.summary.rawSize == 1000)
            try place.expectSound()
            #expect(try place.library.cleanCache().files == 0)
        }
    }

    @Test func theLeastRecentlyUsedGoesByItselfWhereThereIsTooMuch() throws {
        try withTracks("one", "two", "three") { place in
            try place.limit(to: 1)
            try place.keep(half(1), of: "one")
            place.clock.pass(seconds: 5)
            try place.keep(half(2), of: "two")
            place.clock.pass(seconds: 5)
            #expect(try place.ask("one").found != nil && place.isCached("two"))
            try place.keep(half(3), of: "three")
            #expect(try place.isCached("three") && !place.isCached("two"))
            #expect(place.library.cacheReport().analyses.bytes <= 1 << 20)
            #expect(evictions(place)[.size] ?? 0 > 0)
            try place.expectSound()
        }
    }

    @Test func theOnlyCopyOfAnotherProgramsResultStays() throws {
        try withTracks("one") { place in
            try place.library.settings.set(.cacheTTL, to: "0")
            try place.limit(to: 0)
            try place.keep(half(1), of: "one", by: Place.other)
            let cleaned = try place.library.cleanCache()
            #expect(cleaned.files == 0 && cleaned.refused == 1)
            #expect(try place.isCached("one", by: Place.other))
            #expect(place.library.cacheReport().analyses.entries == 1)
        }
    }

    /// Ours can be computed again; but the same bytes may be what another program said.
    @Test func bytesThatAnotherProgramSaidTooStay() throws {
        try withTracks("one", "two") { place in
            try place.library.settings.set(.cacheTTL, to: "0")
            try place.keep(half(1), of: "one", by: Place.other)
            try place.keep(half(1), of: "two")
            // Also when nobody remembers.
            try FileSystem.removeTree(place.path.appending("cache"))
            #expect(try place.library.cleanCache().files == 0)
            #expect(try place.isCached("one", by: Place.other) && place.isCached("two"))
        }
    }

    /// Two tracks may sound the same; what was removed for the one would be named for the other, by versions that nobody
    /// could send any more.
    @Test func whatHoldsTheAnalysesOfTwoTracksIsRemovedForBoth() throws {
        try withTracks("one", "two") { place in
            try place.addRemote()
            try place.library.settings.set(.cacheTTL, to: "100")
            try place.keep(half(1), of: "one")
            place.clock.pass(seconds: 60)
            try place.keep(half(1), of: "two")
            place.clock.pass(seconds: 60)
            #expect(try place.library.cleanCache().files == 0)
            #expect(try place.isCached("one") && place.isCached("two"))
            place.clock.pass(seconds: 60)
            #expect(try place.library.cleanCache().files == 2)
            #expect(evictions(place) == [.expired: 2])
            #expect(try place.entry("one")?.pointer == nil && place.entry("two")?.pointer == nil)
            _ = try place.library.sync()
            try place.expectSound()
        }
    }

    @Test func oursStaysWhereTheAudioIsNotHere() throws {
        try withTracks("one") { place in
            try place.library.settings.set(.cacheTTL, to: "0")
            try place.keep(half(1), of: "one")
            try place.lose(pointer(to: place.sounds.appending("one.wav")))
            #expect(try place.library.cleanCache().files == 0 && place.isCached("one"))
        }
    }

    @Test func whatIsPinnedStays() throws {
        try withTracks("one", "two") { place in
            try place.library.settings.set(.cacheTTL, to: "0")
            for (number, name) in ["one", "two"].enumerated() { try place.keep(half(UInt8(number)), of: name) }
            _ = try place.session.pin(["title:one"])
            let cleaned = try place.library.cleanCache()
            #expect(cleaned.files == 1 && cleaned.refused == 1)
            #expect(try place.isCached("one") && !place.isCached("two"))
            _ = try place.session.unpin(["title:one"])
            #expect(try place.library.cleanCache().files == 1)
        }
    }

    @Test func bytesThatATrackNamesStay() throws {
        try withTracks("one") { place in
            try place.library.settings.set(.cacheTTL, to: "0")
            let sound = try FileSystem.read(place.sound("same.wav", frequency: 700))
            try place.keep(sound, of: "one")
            try place.add("same.wav", frequency: 700)
            #expect(try place.library.cleanCache().files == 0 && place.isCached("one"))
        }
    }

    @Test func aClockMayJumpBothWays() throws {
        try withTracks("one", "two") { place in
            try place.limit(to: 100)
            try place.keep(half(1), of: "one")
            let now = place.clock.now.withLock { $0 }
            // Far ahead, something is written: nothing goes by itself because of the time alone.
            place.clock.now.withLock { $0 = now + 400 * 86_400_000 }
            try place.keep(half(2), of: "two")
            #expect(try place.isCached("one"))
            // Back again: what was used in the future counts as used now, and gets old from here.
            place.clock.now.withLock { $0 = now }
            #expect(try place.library.cleanCache().files == 0)
            place.clock.pass(seconds: 31 * 86_400)
            #expect(try place.library.cleanCache().files == 2)
        }
    }

    @Test func cleaningInVainIsNotTriedAtEachWrite() throws {
        try withTracks("one", "two") { place in
            try place.limit(to: 0)
            try place.keep(half(1), of: "one", by: Place.other)
            let first = place.library.cacheReport().counts.lastCleanup
            place.clock.pass(seconds: 5)
            try place.keep(half(2), of: "two", by: Place.other)
            #expect(first != nil && place.library.cacheReport().counts.lastCleanup == first)
            place.clock.pass(seconds: 700)
            try place.keep(half(3), of: "two", by: Place.other)
            #expect(place.library.cacheReport().counts.lastCleanup != first)
        }
    }

    @Test func settingsSayWhatTheyMayBe() throws {
        try withPlace { place in
            for (key, value) in [
                (StoreSettings.Key.cacheTTL, "30d"), (.cacheTTL, "-1"), (.cacheMaxSize, "much"),
                (.cacheMaxSize, "1e9"),
                (.cacheVersion, ""), (.cacheVersion, "a-b"),
            ] {
                try failure(.usage) { try place.library.settings.set(key, to: value) }
            }
        }
    }
}
