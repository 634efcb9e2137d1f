import Analysis
import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import Sync
import TestSupport
import Testing

/// What was promised to people who waited for the same analysis again and again, each promise by its name.
@Suite struct AnalysisPromiseTests {
    private func counts(_ library: Library) -> (hits: Int64, misses: Int64) {
        let report = library.cacheReport()
        let view = report.counts.views[.analysis]
        return (view?.hits ?? 0, view?.misses ?? 0)
    }

    private func origin(_ place: Place, _ name: String = "one", as handle: String? = nil) throws
        -> AnalysisReading.Origin
    {
        try place.library.session(as: handle).readAnalysis(of: name).origin
    }

    private func withSong(
        sharing: Sharing = .everyone, people: [String] = ["ana"], _ body: (Place) throws -> Void
    ) throws {
        try withPlace(sharing: sharing, people: people) { place in
            try place.add("one.wav")
            #expect(try origin(place) == .computed)
            try body(place)
        }
    }

    @Test func itPersists() throws {
        try withSong { (place) throws in
            let reopened = try Library(at: place.path, context: place.clock.context)
            #expect(try reopened.session().readAnalysis(of: "one", isCachedOnly: true).origin == .hit)
        }
    }

    @Test func nobodyReadsWhatAnotherPersonsTrackSoundsLike() throws {
        try withSong(sharing: .workspaces, people: ["ana", "ben"]) { (place) throws in
            let error = #expect(throws: Failure.self) { try place.session("ben").readAnalysis(of: "one") }
            #expect(error?.code == .notFound)
            // Also not from memory, nor as an entry.
            #expect(try origin(place, as: "ana") == .hit)
            #expect(throws: Failure.self) { try place.session("ben").readAnalysis(of: "one") }
            #expect(try place.session("ben").cached().allSatisfy { $0.id == nil })
        }
    }

    @Test func afterAReloadItIsThereAtOnceAndNothingIsComputed() throws {
        try withSong { (place) throws in
            let before = counts(place.library)
            for _ in 0..<3 { #expect(try origin(place) == .hit) }
            let after = counts(place.library)
            #expect(after.hits == before.hits + 3 && after.misses == before.misses)
        }
    }

    @Test func onlyOtherAudioMakesItInvalid() throws {
        try withSong { (place) throws in
            try place.edit("one", "artist=The Sleepers", "bpm=120", "+live")
            #expect(try origin(place) == .hit)
            try place.edit("one", "title=renamed")
            #expect(try origin(place, "renamed") == .hit)
            // One byte is other audio.
            let sound = place.sounds.appending("one.wav")
            var bytes = try FileSystem.read(sound)
            bytes[bytes.count - 1] ^= 1
            try FileSystem.write(bytes, to: sound)
            _ = try place.session.replace("renamed", with: sound)
            #expect(throws: Failure.self) { try place.session.readAnalysis(of: "renamed", isCachedOnly: true) }
            #expect(try origin(place, "renamed") == .computed)
        }
    }

    @Test func theSameAudioInAnotherTrackIsAHit() throws {
        try withSong(sharing: .workspaces, people: ["ana", "ben"]) { (place) throws in
            try place.add("one.wav", as: "ben")
            #expect(try origin(place, as: "ben") == .hit)
        }
    }

    @Test func itTakesFarLessThanPlainJSON() throws {
        try withPlace { place in
            _ = try place.session.add(AddRequest(paths: [place.sound("long.wav", seconds: 20)]))
            let json = try place.session.readAnalysis(of: "long").json
            let (size, raw) = try (#require(json["size"]?.asInteger), #require(json["rawSize"]?.asInteger))
            #expect(Double(size) < 0.12 * Double(raw) && json["compressed"] == true)
        }
    }

    /// Of five, for this runs beside other tests.
    @Test func itIsReadInLessThanFiftyMilliseconds() throws {
        try withSong { (place) throws in
            let times = try (0..<5).map { _ in
                let library = try Library(at: place.path, context: place.clock.context)
                let watch = Stopwatch()
                _ = try library.session().readAnalysis(of: "one", isCachedOnly: true)
                return watch.seconds
            }
            #expect((times.min() ?? 1) < 0.05, "\(times)")
        }
    }

    @Test func statisticsTellHitsMissesAndSizes() throws {
        try withSong { (place) throws in
            _ = try origin(place)
            let report = place.library.cacheReport()
            #expect(report.analyses.entries == 1 && report.analyses.rawBytes > report.analyses.bytes)
            #expect(counts(place.library).hits == 1 && counts(place.library).misses == 1)
            let reopened = try Library(at: place.path, context: place.clock.context)
            #expect(counts(reopened).hits == 1, "they survive a restart")
        }
    }

    @Test func anotherVersionOfTheAnalyzerComputesAgain() throws {
        try withSong { (place) throws in
            try place.add("two.wav", frequency: 700)
            try place.keep(Array("of no use".utf8), of: "two")
            try place.library.settings.set(.cacheVersion, to: "2")
            #expect(try origin(place) == .computed)
            #expect(try place.session.readAnalysis(of: "one").analyzer != Analyzer("offbeat-1"))
            // What was made under the other mark is of no use, and cleaning removes it, but not what says the same.
            #expect(try place.library.cleanCache().files == 1)
            #expect(try origin(place) == .hit)
        }
    }

    @Test func aPersonMayHaveItComputedAgain() throws {
        try withSong { (place) throws in
            #expect(try place.session.invalidateAnalyses(of: "one") == 1)
            #expect(throws: Failure.self) { try place.session.readAnalysis(of: "one", isCachedOnly: true) }
            #expect(try origin(place) == .computed)
        }
    }

    /// Tempo, key, beats and marks: whoever decided which, and however often it is computed again.
    @Test func whatPeopleCorrectedSurvivesMergesVersionsAndAnalyses() throws {
        try withSong { (place) throws in
            try place.addRemote()
            _ = try place.library.sync()
            let other = try Meeting(place).other
            _ = try other.library.sync()
            try place.edit("one", "key=G minor")
            _ = try place.session.addMarker(to: "one", at: .seconds(0.02), text: "drop")
            try other.edit("one", "grid=600@0.01")
            for library in [place.library, other.library, place.library] { _ = try library.sync() }
            for (number, version) in ["", "2", "3"].enumerated() {
                for laptop in [place, other] {
                    if number > 0 { try laptop.library.settings.set(.cacheVersion, to: version) }
                    let json = try laptop.session.readAnalysis(of: "one").json
                    #expect(json["features"]?["key"]?["name"] == "G minor")
                    #expect(json["features"]?["tempo"]?["bpm"] == 600)
                    #expect(try laptop.session.show("one").bpm == 600)
                    #expect(json["markers"]?["beats"] == [10])
                    #expect(json["markers"]?["set"]?.asArray?.first?["text"] == "drop")
                }
            }
        }
    }

    @Test func noMoreIsKeptThanIsAllowed() throws {
        try withSong { (place) throws in
            try place.library.settings.set(.cacheMaxSize, to: "0")
            #expect(try place.library.cleanCache().files == 1)
            #expect(place.library.cacheReport().analyses.entries == 0)
            #expect(try origin(place) == .computed)
        }
    }

    /// Two computers may come to other numbers for the same audio: both end with the same ones, and neither is blocked.
    @Test func twoThatDifferSettleOnOne() throws {
        try withLaptops { one, other in
            func words(_ place: Place) throws -> String? {
                try place.ask("one").found.map { String(decoding: $0.bytes, as: UTF8.self) }
            }
            try one.keep(Array("as here".utf8), of: "one")
            try other.keep(Array("as there".utf8), of: "one")
            for place in [one, other, one] { _ = try place.library.sync() }
            #expect(try words(one) == words(other))
            for place in [one, other] { #expect(try place.library.sync().round.pushed == 0) }
            try one.expectSound()
        }
    }
}
