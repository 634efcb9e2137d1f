import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Lists show what an analysis says, where no person has decided.
@Suite struct AnalysisListTests {
    private static let names = ["one", "two", "three"]

    private func withTracks(_ body: (Place) throws -> Void) throws {
        try withPlace { place in
            for (number, name) in Self.names.enumerated() {
                try place.add("\(name).wav", frequency: Double(300 + 50 * number))
            }
            try body(place)
        }
    }

    private func keep(
        _ place: Place, _ name: String, bpm: Double? = nil, key: String? = nil, loudness: Double? = nil,
        by analyzer: Analyzer? = nil
    ) throws {
        var summary = AnalysisSummary()
        (summary.bpm, summary.key, summary.loudness) = (bpm, key, loudness)
        let session = try place.session
        try session.keep([
            AnalysisResult(
                session.analysisTarget(of: name), by: analyzer ?? place.library.ownAnalyzer,
                bytes: Array("\(name) \(String(describing: bpm))".utf8), summary: summary)
        ])
    }

    /// The titles in the order of the list, which is the same without the index.
    private func list(
        _ place: Place, _ query: String = "", by sort: SortKey = .title, location: SourceLocation = #_sourceLocation
    ) throws -> (titles: [String], freshness: Index.Freshness) {
        var request = ListRequest(query: query)
        request.sort = sort
        let found = try place.session.list(request)
        try place.library.settings.set(.cacheEnabled, to: "false")
        let plain = try place.session.list(request)
        try place.library.settings.set(.cacheEnabled, to: "true")
        #expect(found.tracks.map(\.json) == plain.tracks.map(\.json), sourceLocation: location)
        #expect(found.total == plain.total, sourceLocation: location)
        return (found.tracks.map { $0.track.title ?? "" }, found.freshness)
    }

    @Test func theySortAndSearchByIt() throws {
        try withTracks { place in
            #expect(try list(place).freshness == .built)
            try keep(place, "one", bpm: 140, key: "A minor", loudness: -14)
            try keep(place, "two", bpm: 90, key: "C major", loudness: -6)
            #expect(try list(place, by: .bpm).titles == ["two", "one", "three"])
            #expect(try list(place, by: .loudness).titles == ["one", "two", "three"])
            #expect(try list(place, "bpm:100..200").titles == ["one"])
            #expect(try list(place, "key:Am").titles == ["one"])
            #expect(try list(place, "-key:Am").titles == ["three", "two"])
            #expect(try place.session.show("one").json["bpm"] == 140)
            #expect(try place.session.show("one").track.bpm == nil, "the record says what people decided")
        }
    }

    @Test func onlyTheRowsOfItsAudioAreMadeAgain() throws {
        try withTracks { place in
            _ = try list(place)
            let before = place.library.cacheReport().counts[.picker].rows
            try keep(place, "one", bpm: 140)
            #expect(try place.session.explain("picker").condition.records?.count == 1)
            #expect(try list(place, by: .bpm).freshness == .refreshed)
            #expect(place.library.cacheReport().counts[.picker].rows == before + 1)
            #expect(try list(place, by: .bpm).freshness == .hit)
            // One page is asked for again and again, and is never of an earlier analysis.
            for bpm in [100.0, 101, 102] {
                try keep(place, "one", bpm: bpm)
                #expect(try list(place, "bpm:\(Int(bpm))").titles == ["one"])
                #expect(try place.session.list(ListRequest()).tracks.compactMap(\.bpm) == [bpm])
            }
            #expect(place.library.cacheReport().counts[.picker].rows == before + 4)
        }
    }

    @Test func aPersonsWordStandsAgainstIt() throws {
        try withTracks { place in
            try keep(place, "one", bpm: 140, key: "A minor")
            try place.edit("one", "bpm=70")
            #expect(try list(place, "bpm:70").titles == ["one"] && list(place, "bpm:140").titles.isEmpty)
            #expect(try list(place, "key:Am").titles == ["one"])
            try place.edit("one", "bpm=")
            #expect(try list(place, "bpm:140").titles == ["one"])
        }
    }

    @Test func itIsOurOwnAnalyzersInTheVersionThatIsUsed() throws {
        try withTracks { place in
            try keep(place, "one", bpm: 140)
            try keep(place, "two", bpm: 90, by: Place.other)
            #expect(try list(place, "bpm:1..999").titles == ["one"])
            try place.library.settings.set(.cacheVersion, to: "2")
            #expect(try place.session.explain("picker").condition.reason?.contains("another analyzer") == true)
            #expect(try list(place, "bpm:1..999").titles.isEmpty)
            try keep(place, "one", bpm: 60)
            #expect(try list(place, "bpm:60").titles == ["one"])
            try place.library.settings.set(.cacheVersion, to: "1")
            #expect(try list(place, "bpm:1..999").titles.isEmpty)
        }
    }

    @Test func whatIsTakenBackIsShownNoMore() throws {
        try withTracks { place in
            for name in Self.names { try keep(place, name, bpm: 120, loudness: -9) }
            #expect(try list(place, "bpm:120").titles.count == 3)
            _ = try place.session.invalidateAnalyses(of: "two")
            #expect(try list(place, "bpm:120").titles == ["one", "three"])
            // Cleaning leaves what lists show.
            try place.library.settings.set(.cacheTTL, to: "0")
            #expect(try place.library.cleanCache().files == 2)
            #expect(try list(place, "bpm:120").titles == ["one", "three"])
        }
    }

    @Test func whatASyncBringsIsShown() throws {
        try withTracks { one in
            try one.addRemote()
            _ = try one.library.sync()
            let other = try Meeting(one).other
            try other.library.settings.set(.content, to: "none")
            _ = try list(other)
            try keep(one, "one", bpm: 140)
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try list(other, "bpm:140").titles == ["one"])
        }
    }
}
