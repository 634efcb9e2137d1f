import Catalog
import Files
import TestSupport
import Testing

@testable import Analysis

/// What goes into a blob comes out again, and the bytes are always the same.
struct BlobTests {
    @Test func whatIsReadIsWhatWasWritten() throws {
        var chance = SeededRandom()
        for _ in 0..<150 {
            let analysis = AnalysisChance.analysis(using: &chance)
            for compressed in [true, false] {
                let blob = AnalysisBlob.encode(analysis, compressed: compressed)
                #expect(try AnalysisBlob.decode(blob) == analysis, "\(chance)")
                #expect(AnalysisBlob.encode(analysis, compressed: compressed) == blob, "\(chance)")
            }
        }
    }

    /// Whoever changes these bytes changes the format: blobs that others have are named by their bytes.
    @Test func theBytesAreThoseOfTheFirstDay() throws {
        let golden = try FileSystem.read(FilePath(#filePath).parent.appending("Golden/song.oba"))
        let blob = AnalysisBlob.encode(AnalysisChance.song(), compressed: false)
        // Compared as a whole: thousands of numbers in a message help nobody.
        let isSame = golden == blob
        if !isSame { try FileSystem.write(blob, to: "/tmp/oba-song.oba") }
        #expect(isSame, "what would be written now is in /tmp/oba-song.oba")
        #expect(try AnalysisBlob.decode(golden) == AnalysisChance.song())
    }

    @Test func whatFollowsFromNearerDistancesCostsNothing() throws {
        let facts = try AnalysisBlob.inspect(AnalysisBlob.encode(AnalysisChance.song()))
        #expect(
            facts.arrays.map(\.name).filter { $0.hasPrefix("waveform/") }.allSatisfy { $0.hasPrefix("waveform/0/") }
        )
        #expect(AnalysisChance.song().waveform.levels.count == 4)
    }

    @Test func inspectingTellsWhatThereIs() throws {
        for compressed in [true, false] {
            let blob = AnalysisBlob.encode(AnalysisChance.song(), compressed: compressed)
            let facts = try AnalysisBlob.inspect(blob)
            #expect(facts.codec == (compressed ? .zlib : .raw))
            #expect(facts.size == blob.count)
            #expect(facts.json["features"]?["sampleRate"] == .integer(44100))
            #expect(4 + facts.jsonSize + facts.arrays.reduce(0) { $0 + $1.size } == facts.rawSize)
            let onsets = try #require(facts.arrays.first { $0.name == "markers/onsets" })
            #expect(onsets.kind == .u32 && onsets.count == 3 && onsets.isDelta && onsets.scale == 1)
        }
    }

    @Test func whatIsTooLargeLosesItsFinestDistances() throws {
        let song = AnalysisChance.song()
        let whole = AnalysisBlob.encode(song, compressed: false)
        let blob = AnalysisBlob.encode(song, compressed: false, ceiling: whole.count - 1000)
        let read = try AnalysisBlob.decode(blob)
        #expect(read.waveform.levels == Array(song.waveform.levels.dropFirst()))
        #expect(read.origin.settings["leftOut"] == .numbers([256]))
        let least = try AnalysisBlob.decode(AnalysisBlob.encode(song, compressed: false, ceiling: 0))
        #expect(least.waveform.levels.isEmpty)
        #expect(least.origin.settings["leftOut"] == .numbers([256, 1024, 4096, 16384]))
    }

    @Test func whatIsNoNumberCountsAsNothing() throws {
        var song = AnalysisChance.song()
        song.features.peak = .nan
        song.features.loudness.integrated = -.infinity
        let read = try AnalysisBlob.decode(AnalysisBlob.encode(song))
        #expect(read.features.peak == 0 && read.features.loudness.integrated == 0)
    }

    @Test func coarserDistancesAreOfAllThatTheyCover() throws {
        let level = Waveform.Level(
            samplesPerPixel: 256, mono: [-1, 1, -5, 0, 3, 4], channels: [], rms: [3, 4, 255])
        let coarser = try #require(level.derived(samplesPerPixel: 512))
        #expect(coarser == .init(samplesPerPixel: 512, mono: [-5, 1, 3, 4], channels: [], rms: [4, 255]))
        #expect(level.derived(samplesPerPixel: 256) == nil)
        #expect(level.derived(samplesPerPixel: 300) == nil)
    }
}
