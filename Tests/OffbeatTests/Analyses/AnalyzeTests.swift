import Analysis
import Blobs
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// What is computed of audio, once, and how it is read.
struct AnalyzeTests {
    private static func with(_ body: (Place) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let place = try Place(in: folder)
            for (name, frequency) in [("one", 440.0), ("two", 660)] {
                _ = try place.session.add(
                    AddRequest(paths: [place.sound("\(name).wav", frequency: frequency, seconds: 0.5)]))
            }
            try body(place)
        }
    }

    private static func origin(_ place: Place, _ name: String) throws -> AnalysisReading.Origin {
        try place.session.readAnalysis(of: name).origin
    }

    @Test func itIsComputedOnceAndKept() throws {
        try Self.with { place in
            #expect(try Self.origin(place, "one") == .computed)
            #expect(try Self.origin(place, "one") == .hit)
            let again = try Library(at: place.path, context: place.clock.context)
            #expect(
                try again.session().readAnalysis(of: "one", isCachedOnly: true).origin == .hit, "after a restart")
            #expect(throws: Failure.self) { try place.session.readAnalysis(of: "two", isCachedOnly: true) }
        }
    }

    @Test func whatIsMissingIsDoneAndNoMore() throws {
        try Self.with { place in
            _ = try Self.origin(place, "one")
            let outcome = try place.session.analyze()
            #expect(outcome.analyzed.count == 1 && outcome.analyzed[0].isComputed && outcome.failed.isEmpty)
            #expect(try place.session.analyze().analyzed.isEmpty)
            let named = try place.session.analyze(AnalyzeRequest(["one", "two"]))
            #expect(named.analyzed.map(\.isComputed) == [false, false])
            var forced = AnalyzeRequest(["one"])
            forced.isForced = true
            forced.jobs = 1
            #expect(try place.session.analyze(forced).analyzed.map(\.isComputed) == [true])
            try place.expectSound()
        }
    }

    @Test func otherAudioIsAMiss() throws {
        try Self.with { place in
            _ = try Self.origin(place, "one")
            _ = try place.session.replace("one", with: place.sound("other.wav", frequency: 441, seconds: 0.5))
            #expect(try Self.origin(place, "one") == .computed)
        }
    }

    @Test func whatAPersonDecidedStandsInEveryOutput() throws {
        try Self.with { place in
            _ = try place.session.edit(
                EditRequest(.one("one"), changes: [.field("bpm=99"), .field("key=G minor")]))
            _ = try place.session.addMarker(to: "one", at: .seconds(0.1), text: "here")
            for _ in 0..<2 {
                let json = try place.session.readAnalysis(of: "one").json
                #expect(json["features"]?["tempo"] == ["bpm": 99, "confidence": 1, "source": "person"])
                #expect(
                    json["features"]?["key"]?["name"] == "G minor"
                        && json["features"]?["key"]?["source"] == "person")
                #expect(json["markers"]?["set"]?.asArray?.first?["ms"] == 100)
                var forced = AnalyzeRequest(["one"])
                forced.isForced = true
                _ = try place.session.analyze(forced)
            }
            let jams = try JSON.parse(place.session.readAnalysis(of: "one").bytes(as: .jams))
            let tempo = jams["annotations"]?.asArray?.first { $0["namespace"] == "tempo" }
            #expect(tempo?["data"]?.asArray?.first?["value"] == 99)
        }
    }

    @Test func theDocumentSaysHowItCame() throws {
        try Self.with { place in
            let reading = try place.session.readAnalysis(of: "two")
            let json = reading.json
            #expect(json["cache"] == "computed" && json["stem"] == "master" && json["analyzer"] == "offbeat")
            #expect(json["metadata"]?["tookMs"]?.asInteger != nil && json["compressed"] == true)
            #expect(try json["rawSize"]?.asInteger == Int64(reading.bytes(as: .json).count))
            #expect(json["features"]?["durationMs"] == 500 && json["waveform"]?["levels"]?.asArray?.count == 4)
            for format in AnalysisFormat.allCases { #expect(try !reading.bytes(as: format).isEmpty, "\(format)") }
            var shape = AnalysisReading.Shape()
            shape.samplesPerPixel = 1024
            #expect(try reading.bytes(as: .audiowaveform, shape).count < reading.bytes(as: .audiowaveform).count)
            shape.samplesPerPixel = 7
            #expect(throws: Failure.self) { try reading.bytes(as: .audiowaveformJSON, shape) }
        }
    }

    @Test func anotherProgramsWordsAreKeptAndRead() throws {
        try Self.with { place in
            let file = place.folder.appending("found.json")
            try FileSystem.write(#"{"bpm": 121.5, "key": "D major", "mood": "calm"}"#, to: file)
            let target = try place.session.analysisTarget(of: "one")
            let kept = try place.session.setAnalysis(of: target, from: file, by: "essentia", version: "2.1")
            #expect(kept.entry.summary.bpm == 121.5 && kept.json["analyzer"] == "essentia")
            let reading = try place.session.readAnalysis(of: "one", by: "essentia")
            #expect(
                reading.json["mood"] == "calm" && reading.json["version"] == "2.1" && reading.json["arrays"] == nil)
            #expect(throws: Failure.self) { try reading.bytes(as: .png) }
            #expect(throws: Failure.self) { try place.session.readAnalysis(of: "one", by: "aubio") }
            // A blob as this project writes them is read as one.
            let blob = place.folder.appending("found.oba")
            try FileSystem.write(place.session.readAnalysis(of: "two").bytes(as: .oba), to: blob)
            _ = try place.session.setAnalysis(of: target, from: blob, by: "colleague", version: "1")
            guard case .sound = try place.session.readAnalysis(of: "one", by: "colleague").content else {
                Issue.record("it is no sound")
                return
            }
            try place.expectSound()
        }
    }

    @Test func whatCannotBeKeptIsToldSo() throws {
        try Self.with { place in
            let target = try place.session.analysisTarget(of: "one")
            let file = place.folder.appending("found")
            func failure(_ text: String, by name: String = "essentia") -> Failure.Code? {
                do {
                    try FileSystem.write(text, to: file)
                    _ = try place.session.setAnalysis(of: target, from: file, by: name, version: "1")
                    return nil
                } catch { return (error as? Failure)?.code }
            }
            #expect(
                failure("[1]") == .usage && failure("no JSON") == .usage && failure("OBA1 and no more") == .usage)
            #expect(failure(#"{"arrays": [1]}"#) == .usage)
            #expect(failure("{}", by: "offbeat") == .notAllowed && failure("{}", by: "No Name") == .usage)
        }
    }

    @Test func whoseAudioIsGoneIsToldSo() throws {
        try Self.with { place in
            let audio = try place.session.analysisTarget(of: "one").audio
            try FileSystem.remove(place.store.blobs.path(of: audio.oid))
            #expect(throws: Failure.self) { try place.session.readAnalysis(of: "one") }
            let outcome = try place.session.analyze(AnalyzeRequest(["one"]))
            #expect(outcome.failed.count == 1 && outcome.failed[0].failure.code == .notFound)
            #expect(try place.session.analyze().analyzed.count == 1, "the other one")
            #expect(throws: Failure.self) { try place.session.analyze(AnalyzeRequest(["nobody"])) }
        }
    }

    @Test func turnedOffItIsComputedEachTime() throws {
        try Self.with { place in
            try place.library.settings.set(.cacheEnabled, to: "false")
            #expect(try Self.origin(place, "one") == .computed)
            #expect(try Self.origin(place, "one") == .computed)
            #expect(throws: Failure.self) { try place.session.analyze() }
        }
    }

    @Test func uncompressedIfSomebodyWantsIt() throws {
        try Self.with { place in
            try place.library.settings.set(.cacheCompression, to: "false")
            #expect(try place.session.readAnalysis(of: "one").json["compressed"] == false)
            #expect(throws: Failure.self) { try place.library.settings.set(.cacheCompression, to: "a little") }
        }
    }
}
