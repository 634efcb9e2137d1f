import Blobs
import Cache
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// What was computed of audio is computed once.
@Suite struct AnalysisCacheTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func whatWasKeptIsReady() throws {
        try withPlace { place in
            let track = try place.add("one.wav")
            guard case .missing(let reason) = try place.ask("one") else {
                Issue.record("nothing was kept yet")
                return
            }
            #expect(reason.contains("offbeat-1"), "\(reason)")
            #expect(try !place.isCached("one"))
            let head = try place.library.version()
            try place.keep(bytes("found out"), of: "one")
            #expect(try place.isCached("one") && place.words("one") == "found out hit")
            #expect(try place.library.version() == head)
            try place.keep(bytes("other words"), of: "one")
            #expect(try place.words("one") == "other words hit")
            #expect(try place.words("one", by: Place.other) == nil)
            #expect(try place.session.show(track.id.hex).track.bpm == nil, "records say what people decided")
            try place.expectSound()
        }
    }

    @Test func askingIsCounted() throws {
        try withPlace { place in
            try place.add("one.wav")
            _ = try place.ask("one")
            try place.keep(Array(repeating: 1, count: 300), of: "one", rawSize: 900)
            for _ in 0..<3 { _ = try place.ask("one") }
            let report = place.library.cacheReport()
            #expect(report.counts[.analysis].hits == 3 && report.counts[.analysis].misses == 1)
            #expect(report.analyses.entries == 1 && report.analyses.bytes == 300 && report.analyses.rawBytes == 900)
        }
    }

    @Test func itIsTheAudioThatIsKeptUnder() throws {
        try withPlace { place in
            let session = try place.session
            try place.add("one.wav")
            let target = try session.analysisTarget(of: "one")
            // Meanwhile the track gets other audio.
            let other = try place.sound("other.wav", frequency: 880)
            _ = try session.replace("one", with: other)
            try session.keep([
                AnalysisResult(target, by: place.library.ownAnalyzer, bytes: bytes("of one"), summary: .init())
            ])
            #expect(try place.words("one") == nil)
            let found = try session.analysis(of: target).found
            #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == "of one")
        }
    }

    @Test func anotherVersionOfTheAnalyzerIsAMiss() throws {
        try withPlace { place in
            try place.add("one.wav")
            try place.keep(bytes("first"), of: "one")
            try place.library.settings.set(.cacheVersion, to: "7")
            #expect(place.library.ownAnalyzer.description == "offbeat-1.7")
            #expect(try place.words("one") == nil)
            try place.keep(bytes("second"), of: "one")
            #expect(try place.words("one") == "second hit")
            let cleaned = try place.library.cleanCache()
            #expect(cleaned.files == 1 && cleaned.bytes == 5)
            #expect(place.library.cacheReport().counts.evictions == [.version: 1])
            try place.library.settings.set(.cacheVersion, to: "8")
            try failure(.usage) { try place.library.settings.set(.cacheVersion, to: "a/b") }
            #expect(try place.words("one") == nil)
            try place.expectSound()
        }
    }

    @Test func aPersonMayTakeItBack() throws {
        try withPlace { place in
            try place.add("one.wav")
            try place.add("two.wav", frequency: 880)
            for name in ["one", "two"] {
                try place.keep(bytes("of \(name)"), of: name)
                try place.keep(bytes("theirs of \(name)"), of: name, by: Place.other)
            }
            #expect(try place.session.invalidateAnalyses(of: "one") == 1)
            #expect(try place.words("one") == nil && place.words("two") == "of two hit")
            #expect(try place.words("one", by: Place.other) == "theirs of one hit", "nobody could compute it again")
            #expect(try place.session.invalidateAnalyses(of: "one") == 0)
            #expect(try place.session.invalidate(.named("analysis")).rows == 1)
            #expect(try place.words("two") == nil)
            #expect(place.library.cacheReport().counts.invalidations[.request] == 2)
        }
    }

    @Test func itIsTheirsWhoMaySeeTheTrack() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
            try place.add("one.wav", as: "ana")
            try place.keep(bytes("of one"), of: "one", as: "ana")
            #expect(try place.ask("one", as: "ana").found != nil)
            let theirs = try failure(.notFound) { try place.ask("one", as: "ben") }
            let none = try failure(.notFound) { try place.ask("none", as: "ben") }
            #expect(theirs.message.replacing("one", with: "none") == none.message)
            try failure(.notFound) { try place.library.session(as: "ben").invalidateAnalyses(of: "one") }
            #expect(try place.library.session(as: "ben").invalidateAllAnalyses() == 0)
            #expect(try place.library.session(as: "ben").cached("analysis").isEmpty)
            #expect(try place.library.session(as: "ana").cached("analysis").count == 1)
        }
    }

    @Test func entriesAreListed() throws {
        try withPlace { place in
            let id = try place.add("one.wav").id
            try place.keep(bytes("of one"), of: "one")
            try place.keep(bytes("theirs"), of: "one", by: Place.other)
            _ = try place.ask("one")
            let entries = try place.session.cached(id.hex).filter { $0.stem != nil }
            #expect(entries.map(\.stem) == ["master", "master"] && entries.allSatisfy { $0.id == id })
            #expect(entries.map { $0.analyzer?.description } == ["essentia-2", "offbeat-1"])
            #expect(entries.allSatisfy { $0.reason == nil && $0.size == 6 })
            #expect(entries[1].use?.hits == 1)
            try place.library.settings.set(.cacheVersion, to: "2")
            let outdated = try place.session.cached("analysis")
            #expect(outdated.map(\.reason) == [nil, "offbeat-1.2 is used now"])
        }
    }

    @Test func damagedBytesAreNoAnswer() throws {
        try withPlace { place in
            try place.add("one.wav")
            try place.keep(bytes("found out"), of: "one")
            let blob = try #require(try place.entry("one")?.pointer)
            let file = try place.store.blobs.path(of: blob.oid)
            for damage in ["found 0ut", "found", ""] {
                try FileSystem.remove(file)
                try FileSystem.write(bytes(damage), to: file)
                #expect(try place.words("one") == nil, "\(damage)")
                try place.keep(bytes("found out"), of: "one")
                #expect(try place.words("one") == "found out hit", "\(damage)")
            }
        }
    }

    @Test func aLedgerThatIsLostChangesNoAnswer() throws {
        try withPlace { place in
            try place.add("one.wav")
            try place.keep(bytes("found out"), of: "one")
            let cache = place.path.appending("cache")
            for damage in 0..<3 {
                try FileSystem.removeTree(cache)
                switch damage {
                case 0: break
                case 1: try FileSystem.write([], to: cache)
                default:
                    try FileSystem.makeDirectory(cache)
                    try FileSystem.write(Array(repeating: 9, count: 4000), to: cache.appending("ledger.db"))
                }
                let library = try Library(at: place.path, context: place.clock.context)
                let session = try library.session()
                let target = try session.analysisTarget(of: "one")
                #expect(try session.analysis(of: target).found?.origin == .hit)
                _ = try? library.cleanCache()
                #expect(try session.isAnalysisCached(target))
                if damage == 1 { try FileSystem.remove(cache) }
            }
        }
    }

    @Test func turnedOffOursIsComputedEachTimeAndOthersStay() throws {
        try withPlace { place in
            try place.add("one.wav")
            try place.keep(bytes("ours"), of: "one")
            try place.keep(bytes("theirs"), of: "one", by: Place.other)
            try place.library.settings.set(.cacheEnabled, to: "false")
            #expect(try place.words("one") == nil && place.words("one", by: Place.other) == "theirs hit")
        }
    }
}
