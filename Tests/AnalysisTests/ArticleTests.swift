import Catalog
import Digest
import Files
import TestSupport
import Testing

@testable import Analysis

/// Whether the article about blobs says what is written.
struct ArticleTests {
    private static let file = FilePath(#filePath).parent.parent.parent.appending(
        "Sources/Analysis/Analysis.docc/AnalysisBlob.md")

    private func article() throws -> String { String(decoding: try FileSystem.read(Self.file), as: UTF8.self) }

    /// The analysis that the article shows as its example.
    private var example: SoundAnalysis {
        var features = Features(frames: 600, sampleRate: 44100, channels: 1, peak: 0.5, rms: 0.25, hop: 2048)
        features.loudness.truePeak = -6
        let level = Waveform.Level(
            samplesPerPixel: 256, mono: [-64, 64, -32, 40, -1, 3], channels: [], rms: [64, 60, 2])
        var markers = Markers()
        markers.beats = [3, 9]
        return SoundAnalysis(
            features: features, waveform: Waveform(levels: [level]), markers: markers,
            origin: .init(source: ContentHash.ofNothing))
    }

    private func block(_ language: String) throws -> String {
        let rest = try #require(try article().split(separator: "```\(language)\n", maxSplits: 1).last)
        return String(try #require(rest.split(separator: "```", maxSplits: 1).first))
    }

    @Test func theExampleIsWhatIsWritten() throws {
        let blob = AnalysisBlob.encode(example, compressed: false)
        let facts = try AnalysisBlob.inspect(blob)
        #expect(try article().contains("of \(facts.jsonSize) bytes"), "\(facts.jsonSize)")
        #expect(try block("json") == String(decoding: JSON.object(facts.json).canonical(), as: UTF8.self))
        let parts = [blob[..<16], blob[16..<20], blob[(20 + facts.jsonSize)...]].map { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
        }
        #expect(try block("hex") == "\(parts[0])\n\(parts[1])\n..\n\(parts[2])\n")
    }

    @Test func theLimitsAreThoseThatHold() throws {
        let text = try article()
        #expect(text.contains("67,108,864") && AnalysisBlob.ceiling == 67_108_864)
        #expect(text.contains("1,048,576") && AnalysisBlob.jsonLimit == 1_048_576)
        #expect(text.contains("1,032 times") && BlobHeader.greatestRatio == 1032)
    }

    @Test func everyArrayIsExplained() throws {
        let text = try article()
        for array in try AnalysisBlob.inspect(AnalysisBlob.encode(AnalysisChance.song())).arrays {
            let first = array.name.split(separator: "/")[0]
            #expect(text.contains("`\(first)/"), "\(array.name)")
            #expect(text.contains("`\(array.kind.rawValue)`"), "\(array.kind)")
        }
    }
}
