import Analysis
import Catalog
import Deflate
import TestSupport
import Testing

/// What goes out in the forms of others.
struct ExportTests {
    private let song = AnalysisChance.song()

    @Test func theDocumentHasTheShapeThatIsPromised() throws {
        let document = song.document
        #expect(document.keys == ["features", "markers", "metadata", "waveform"])
        let features = try #require(document["features"]?.asObject)
        #expect(
            features.keys == [
                "channels", "curves", "durationMs", "key", "loudness", "peak", "rms", "sampleRate", "tempo",
            ])
        #expect(
            features["tempo"]
                == .object(["bpm": JSON(120.5), "confidence": JSON(0.9), "source": .string("analysis")]))
        #expect(features["curves"]?["hop"] == .integer(2048))
        #expect(features["curves"]?["centroid"] == .array([2000, 2050, 2150, 2000, 1950].map { .integer($0) }))
        let chroma = try #require(features["curves"]?["chroma"]?.asArray)
        #expect(chroma.map { $0.asArray?.count } == [3, 3])
        #expect(chroma[0] == .array([JSON(1), JSON(0), JSON(0.035)]))
        #expect(
            document["markers"]?["silences"] == .array([.object(["start": .integer(1900), "end": .integer(2000)])]))
        let level = try #require(document["waveform"]?["levels"]?.asArray?.first?.asObject)
        #expect(level.keys == ["bits", "channels", "mono", "rms", "samplesPerPixel"])
        #expect(document["metadata"]?.asObject?.keys == ["settings", "source"])
    }

    @Test func whatIsNotKnownIsAbsent() {
        let silence = Features(frames: 9, sampleRate: 44100, channels: 1, peak: 0, rms: 0, hop: 2048)
        let analysis = SoundAnalysis(
            features: silence, waveform: Waveform(levels: []), markers: Markers(), origin: song.origin)
        let features = analysis.document["features"]?.asObject
        #expect(features?["tempo"] == nil && features?["key"] == nil && features?["loudness"] == .object([:]))
    }

    /// Digits are few, and enough to find the raw value again.
    @Test func roundingKeepsTheStepsApart() throws {
        var chance = SeededRandom()
        for _ in 0..<300 {
            let scale =
                Double.random(in: 0.1...1, using: &chance)
                / ([1, 10, 255, 10_000].randomElement(using: &chance) ?? 1)
            let offset = Double.random(in: -1...1, using: &chance)
            var analysis = song
            analysis.features.curves = [
                .init(name: "c", width: 1, scale: scale, offset: offset, raw: Array(0...255))
            ]
            let values = try #require(analysis.document["features"]?["curves"]?["c"]?.asArray)
            for (raw, value) in values.enumerated() {
                let number = try #require(value.asDouble)
                #expect(Int(((number - offset) / scale).rounded()) == raw, "\(chance)")
                #expect(value.compact().count <= 9, "\(number) \(chance)")
            }
        }
    }

    @Test func theSizeAsPlainJSONIsCountedRight() {
        var chance = SeededRandom()
        for _ in 0..<60 {
            let analysis = AnalysisChance.analysis(using: &chance)
            #expect(JSON.object(analysis.document).canonical().count == analysis.rawSize, "\(chance)")
            AnalysisUses.all(of: analysis)
        }
    }

    @Test func audiowaveformBeginsAsItsFormatSays() throws {
        let mono = song.audiowaveform(samplesPerPixel: 1000)
        // Version, eight bits, rate, samples a pixel, length; then the pairs.
        let short: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0, 0x44, 0xAC, 0, 0, 0, 4, 0, 0, 87, 0, 0, 0]
        #expect(Array(mono[..<20]) == short)
        #expect(mono[20...].map { Int8(bitPattern: $0) } == song.waveform.levels[1].mono)
        let stereo = song.audiowaveform(perChannel: true)
        #expect(
            Array(stereo[..<24]) == [2, 0, 0, 0, 1, 0, 0, 0, 0x44, 0xAC, 0, 0, 0, 1, 0, 0, 89, 1, 0, 0, 2, 0, 0, 0])
        #expect(stereo.count == 24 + 345 * 4)
        let channels = song.waveform.levels[0].channels
        let begin: [Int8] = Array(channels[0][..<2] + channels[1][..<2] + channels[0][2..<4] + channels[1][2..<4])
        #expect(stereo[24..<32].map { Int8(bitPattern: $0) } == begin)
        let json = try JSON.parse(song.audiowaveformJSON(perChannel: true))
        #expect(json["data"]?.asArray?.count == 345 * 4 && json["bits"] == .integer(8))
        #expect(json["length"] == .integer(345) && json["channels"] == .integer(2))
        // Further away than there is: the furthest.
        #expect(song.audiowaveform(samplesPerPixel: 1 << 20)[13] == 64)
    }

    @Test func jamsHasWhatIsKnown() throws {
        let jams = try JSON.parse(song.jams(title: "Ü", artist: "Band", version: "1"))
        let annotations = try #require(jams["annotations"]?.asArray)
        #expect(
            annotations.map { $0["namespace"]?.asString } == ["beat", "onset", "tempo", "key_mode", "segment_open"])
        #expect(annotations[3]["data"]?.asArray?[0]["value"] == .string("A:minor"))
        #expect(annotations[0]["data"]?.asArray?[1]["time"] == JSON(0.508))
        #expect(jams["file_metadata"]?["duration"] == .integer(2))
        #expect(jams["file_metadata"]?["title"] == .string("Ü"))
    }

    @Test func aPictureIsWhole() throws {
        for (width, height) in [(1, 1), (2, 3), (300, 80), (0, -5)] {
            let png = song.png(width: width, height: height)
            let points = try Picture.points(of: png)
            #expect(points.count == max(1, height) && points.allSatisfy { $0.count == max(1, width) })
            #expect(song.png(width: width, height: height) == png)
        }
        let points = try Picture.points(of: song.png(width: 300, height: 80))
        // Beats are ticks at both edges; the silence at the end is a shade.
        #expect(points[0].filter { $0 == 5 }.count == 4 && points[79].filter { $0 == 5 }.count == 4)
        #expect(points[20][295] == 1 && points[20][200] != 1)
        #expect(points[40].contains(3))
    }
}

/// Reads the pictures that are written here: one byte a point, no filter.
private enum Picture {
    static func points(of png: [UInt8]) throws -> [[UInt8]] {
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        var place = 8
        var chunks: [String: [UInt8]] = [:]
        func number(_ at: Int) -> Int { png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        while place < png.count {
            let size = number(place)
            let named = Array(png[place + 4..<place + 8 + size])
            #expect(Int(Checksum.crc32(named)) == number(place + 8 + size))
            chunks[String(decoding: named[..<4], as: UTF8.self)] = Array(named[4...])
            place += 12 + size
        }
        #expect(chunks.keys.sorted() == ["IDAT", "IEND", "IHDR", "PLTE"])
        let width = number(16)
        let lines = try Inflater().decompress(chunks["IDAT"] ?? [], limit: 1 << 20)
        return stride(from: 0, to: lines.count, by: width + 1).map { Array(lines[$0 + 1...$0 + width]) }
    }
}
