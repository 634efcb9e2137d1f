import Analysis
import Deflate
import TestSupport
import Testing

/// Damaged blobs, and blobs that lie: each is refused with a reason, and none takes memory for what it only claims.
struct BlobDamageTests {
    private func refusal(_ blob: [UInt8]) -> AnalysisError? {
        do throws(AnalysisError) {
            _ = try AnalysisBlob.decode(blob)
            return nil
        } catch { return error }
    }

    /// A sound container around whatever it is to hold.
    private func blob(holding raw: [UInt8], codec: UInt8 = 0, size: UInt32? = nil) -> [UInt8] {
        var bytes = Array("OBA1".utf8) + [codec, 0, 0, 0]
        for number in [size ?? UInt32(raw.count), Checksum.crc32(raw)] {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        if codec == 0 { return bytes + raw }
        Deflater().compress(raw, into: &bytes)
        return bytes
    }

    private func blob(saying json: String, _ arrays: [UInt8] = []) -> [UInt8] {
        let text = Array(json.utf8)
        return blob(holding: (0..<4).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text + arrays)
    }

    @Test(arguments: [true, false]) func everyCutIsNoticed(compressed: Bool) {
        let whole = AnalysisBlob.encode(AnalysisChance.song(), compressed: compressed)
        for length in 0..<whole.count {
            #expect(refusal(Array(whole[..<length]))?.code == .damaged, "\(length) bytes")
        }
        #expect(refusal(whole + [0])?.code == .damaged)
    }

    @Test(arguments: [true, false]) func everyChangedByteIsNoticed(compressed: Bool) {
        var blob = AnalysisBlob.encode(AnalysisChance.song(), compressed: compressed)
        for place in blob.indices {
            blob[place] ^= 1 << UInt8(place % 8)
            #expect(refusal(blob) != nil, "byte \(place)")
            blob[place] ^= 1 << UInt8(place % 8)
        }
        #expect(refusal(blob) == nil)
    }

    @Test func claimsAreNotBelieved() {
        #expect(refusal(blob(holding: [], size: .max))?.code == .tooLarge)
        #expect(refusal(blob(holding: [], codec: 1, size: .max))?.code == .tooLarge)
        #expect(refusal(blob(holding: [1, 2, 3], codec: 1, size: 64 << 20))?.reason.contains("cut off") == true)
        #expect(refusal(blob(holding: [1, 2, 3], size: 2))?.reason == "holds 3 bytes and says that it holds 2")
        // A bomb: it unpacks to a thousand times its size, and says nothing of that.
        let bomb = blob(holding: [UInt8](repeating: 0, count: 8 << 20), codec: 1, size: 1000)
        #expect(refusal(bomb)?.reason.contains("unpack to more") == true)
        #expect(refusal(blob(holding: [255, 255, 255, 255]))?.reason.contains("4294967295 bytes of JSON") == true)
    }

    @Test func reasonsAreInPlainWords() {
        #expect(refusal([])?.reason == "is no analysis blob: it has only 0 bytes")
        #expect(refusal(Array("OBA2 and more text".utf8))?.reason.contains("does not begin with OBA1") == true)
        #expect(refusal(blob(holding: [], codec: 7))?.reason == "is packed in a way that is not known (codec 7)")
        #expect(refusal(blob(saying: "[]"))?.reason == "has JSON that is no object")
        #expect(refusal(blob(saying: "{}"))?.reason == "names no arrays")
        #expect(refusal(blob(saying: #"{"arrays":[]}"#, [1]))?.reason == "holds 1 bytes behind its last array")
        #expect(refusal(blob(saying: #"{"arrays":[]}"#))?.reason == #"lacks an object at "features""#)
        let array = #"{"name":"a","type":"u8","scale":1,"offset":0,"count":COUNT,"delta":false}"#
        func arrays(_ count: String, _ times: Int = 1) -> String {
            let one = String(array.split(separator: "COUNT", maxSplits: 1).joined(by: count))
            return "{\"arrays\":[\([String](repeating: one, count: times).joined(separator: ","))]}"
        }
        #expect(
            refusal(blob(saying: arrays("2"), [1]))?.reason.contains("has 2 numbers, more than there are") == true)
        #expect(refusal(blob(saying: arrays("-1"), [1]))?.code == .damaged)
        #expect(refusal(blob(saying: arrays("9223372036854775807"), [1]))?.code == .damaged)
        #expect(refusal(blob(saying: arrays("1", 2), [1, 2]))?.reason == "has the array a twice")
    }

    /// What could make a later step fail is refused here.
    @Test func numbersThatMakeNoSenseAreRefused() {
        let features =
            #""features":{"frames":9,"sampleRate":RATE,"channels":1,"peak":0,"rms":0,"hop":1"#
            + #","loudness":{},"curves":[]}"#
        let rest = #","arrays":[],"metadata":{"settings":{},"source":"\#(String(repeating: "0", count: 64))"}"#
        func blob(rate: String, levels: String) -> [UInt8] {
            let first = features.split(separator: "RATE").joined(by: rate)
            return self.blob(saying: "{\(first)\(rest),\"waveform\":{\"levels\":\(levels)}}")
        }
        #expect(refusal(blob(rate: "1", levels: "[]")) == nil)
        for rate in ["0", "-1", "1.5", "1e300", "\"1\""] {
            #expect(refusal(blob(rate: rate, levels: "[]"))?.code == .damaged, "\(rate)")
        }
        let twice = #"{"samplesPerPixel":1,"channels":0},{"samplesPerPixel":1,"channels":0}"#
        for level in [twice, #"{"from":0,"samplesPerPixel":2}"#, "7", "{}", #"{"samplesPerPixel":0,"channels":0}"#]
        {
            #expect(refusal(blob(rate: "1", levels: "[\(level)]"))?.code == .damaged, "\(level)")
        }
    }

    /// A small text could ask for one large array again and again.
    @Test func noCurveIsTakenTwice() {
        var song = AnalysisChance.song()
        song.features.curves = [song.features.curves[0], song.features.curves[0]]
        #expect(refusal(AnalysisBlob.encode(song))?.reason == "has the array curves/centroid twice")
        song.features.curves = [song.features.curves[0]]
        song.features.curves[0].name = "hop"
        #expect(refusal(AnalysisBlob.encode(song))?.reason.contains("the name hop") == true)
    }

    @Test func chanceDoesNoHarm() {
        var chance = SeededRandom()
        for _ in 0..<300 {
            var raw = Array(AnalysisBlob.encode(AnalysisChance.song(), compressed: false).dropFirst(16))
            for _ in 0...Int.random(in: 0..<3, using: &chance) {
                raw[Int.random(in: 0..<2000, using: &chance)] = UInt8.random(in: .min ... .max, using: &chance)
            }
            // Whatever comes out must be fit for every use.
            guard let analysis = try? AnalysisBlob.decode(blob(holding: raw)) else { continue }
            AnalysisUses.all(of: analysis)
        }
    }
}

extension Sequence<Substring> {
    fileprivate func joined(by text: String) -> String { joined(separator: text) }
}
