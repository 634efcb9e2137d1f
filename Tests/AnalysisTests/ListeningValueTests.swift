import Glibc
import TestSupport
import Testing

@testable import Analysis

/// What is measured of samples one by one: length, peak, power, waveform, silences, curves.
struct ListeningValueTests {
    @Test(arguments: [1, 2, 3, 6, 32])
    func aSineHasThePeakAndThePowerThatItHas(channels: Int) throws {
        let features = try ListeningSound.sine(440, seconds: 0.75, channels: channels).analysis().features
        #expect(features.frames == 16537)
        #expect(features.channels == channels)
        #expect(features.sampleRate == 22050)
        #expect(abs(features.peak - 0.5) < 1e-4)
        #expect(abs(features.rms - 0.5 / 2.0.squareRoot()) < 1e-3)
    }

    /// Exactly, sample by sample: at the borders of stretches, of what is read at once, and in the last, short one.
    @Test(arguments: [1, 255, 256, 257, 32768, 40001])
    func theWaveformIsTheExtremesOfEachStretch(frames: Int) throws {
        var chance = SeededRandom(seed: UInt64(frames))
        let sound = ListeningSound(frames: frames, channels: 2) { _, _ in
            Float.random(in: -1.2...1.2, using: &chance)
        }
        let waveform = try sound.analysis().waveform
        let finest = try #require(waveform.levels.first)
        #expect(finest.samplesPerPixel == 256)
        #expect(finest.count == (frames + 255) / 256)
        func expected(_ values: [Float]) -> [Int8] {
            stride(from: 0, to: frames, by: 256).flatMap { start -> [Int8] in
                let stretch = values[start..<min(frames, start + 256)]
                let (low, high) = (stretch.min() ?? 0, stretch.max() ?? 0)
                return [
                    Int8(max(-128, (low * 128).rounded(.down))), Int8(min(127, (high * 128).rounded(.up))),
                ]
            }
        }
        let planes = (0..<2).map { channel in (0..<frames).map { sound.samples[2 * $0 + channel] } }
        #expect(finest.channels == planes.map(expected))
        #expect(finest.mono == expected((0..<frames).map { (planes[0][$0] + planes[1][$0]) * 0.5 }))
    }

    /// Blobs keep the nearest distance only, so the others must follow from it.
    @Test func furtherDistancesFollowFromTheNearest() throws {
        var chance = SeededRandom(seed: 3)
        let sound = ListeningSound(frames: 70_001) { _, _ in Float.random(in: -1...1, using: &chance) }
        let waveform = try sound.analysis().waveform
        #expect(waveform.levels.map(\.samplesPerPixel) == Waveform.distances)
        for (near, far) in zip(waveform.levels, waveform.levels.dropFirst()) {
            // The extremes by way of any distance; the power only from the nearest, for it is rounded.
            let derived = try #require(near.derived(samplesPerPixel: far.samplesPerPixel))
            #expect(derived.mono == far.mono)
            #expect(waveform.levels[0].derived(samplesPerPixel: far.samplesPerPixel) == far)
        }
        #expect(waveform.levels[0].derived(samplesPerPixel: 256) == nil)
        #expect(waveform.levels[0].derived(samplesPerPixel: 300) == nil)
    }

    @Test func silenceIsFoundWhereItIs() throws {
        let sound = ListeningSound(seconds: 4) { frame, _ in
            (22050..<55125).contains(frame) ? 0 : 0.3 * Float(sin(Double(frame) / 10))
        }
        let silences = try sound.analysis().markers.silences
        try #require(silences.count == 1)
        #expect(abs(silences[0].start - 1000) <= 12)
        #expect(abs(silences[0].end - 2500) <= 12)
    }

    @Test func aWholeFileOfSilenceIsOneSilenceAndNothingElse() throws {
        let analysis = try ListeningSound(seconds: 3, channels: 2) { _, _ in 0 }.analysis()
        #expect(analysis.markers.silences == [.init(start: 0, end: 3000)])
        #expect(analysis.markers.onsets.isEmpty && analysis.markers.beats.isEmpty)
        #expect(analysis.features.tempo == nil && analysis.features.key == nil)
        #expect(analysis.features.loudness == Features.Loudness())
        #expect(analysis.features.peak == 0 && analysis.features.rms == 0)
    }

    @Test func theCentroidIsWhereTheSoundIs() throws {
        for frequency in [500.0, 3000] {
            let features = try ListeningSound.sine(frequency, seconds: 2, rate: 44100).analysis().features
            let curve = try #require(features.curves.first { $0.name == "centroid" })
            let middle = Double(curve.raw[curve.raw.count / 2]) * curve.scale + curve.offset
            #expect(abs(middle - frequency) < 150)
        }
    }

    @Test func curvesHaveAValueForEachMoment() throws {
        var settings = AnalysisSettings()
        settings.extraCurves = Set(AnalysisSettings.ExtraCurve.allCases)
        for rate in [8000, 44100, 96000] {
            let features = try ListeningSound.sine(440, seconds: 0.5, rate: rate).analysis(settings).features
            let moments = (Int(features.frames) + features.hop - 1) / features.hop
            #expect(
                features.curves.map(\.name) == ["bands", "centroid", "chroma", "flux", "rolloff", "zeroCrossings"])
            for curve in features.curves {
                #expect(curve.raw.count == moments * curve.width, "\(curve.name) at \(rate)")
            }
        }
        let standard = try ListeningSound.sine(440, seconds: 0.5).analysis().features.curves
        #expect(standard.map(\.name) == ["bands", "centroid", "chroma"])
    }
}
