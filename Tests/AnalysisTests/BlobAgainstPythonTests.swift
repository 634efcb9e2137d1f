import Analysis
import Catalog
import Files
import TestSupport
import Testing

/// A reader of blobs that was written from the documentation alone, and uses nothing of ours.
@Suite(.enabled(if: isInstalled("python3")))
struct BlobAgainstPythonTests {
    @Test func anotherReaderFindsTheSame() throws {
        var chance = SeededRandom()
        var analyses = (0..<30).map { _ in AnalysisChance.analysis(using: &chance) }
        analyses.append(AnalysisChance.song())
        let input = analyses.enumerated().map { index, analysis in
            let blob = AnalysisBlob.encode(analysis, compressed: index % 2 == 0)
            let curves = analysis.features.curves.map { JSON.array($0.raw.map { .integer(Int64($0)) }) }
            let all: JSONObject = ["document": .object(analysis.document), "curves": .array(curves)]
            return hex(blob) + " " + String(decoding: JSON.object(all).compact(), as: UTF8.self) + "\n"
        }
        let program = FilePath(#filePath).parent.appending("Golden/read_oba.py")
        let result = try run(
            command: "python3", arguments: [program.string], input: Array(input.joined().utf8))
        #expect(result.status == 0, "\(result.stderr) \(chance)")
        #expect(result.stdout == String(repeating: "same\n", count: analyses.count), "\(chance)")
    }

    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
