/// Finds onsets, tempo and beats.
struct RhythmMeter {
    /// Long enough to tell notes of low voices apart: soft instruments begin by their notes, not by noise.
    private static let size = 2048
    private static let hop = 256

    private let rate: Double
    private let spectrum = Spectrum(size: size)
    private var frames = Frames(size: size, hop: hop)
    private var curve: OnsetCurve
    private var treble: TrebleMeter

    /// - Parameters:
    ///   - sampleRate: about 22 kHz serves best.
    ///   - trebleHalves: How many times the rate at which the treble is heard was halved to come to that.
    init(sampleRate: Double, trebleHalves: Int) {
        rate = sampleRate / Double(Self.hop)
        treble = TrebleMeter(hop: Self.hop << trebleHalves)
        curve = OnsetCurve(sampleRate: sampleRate, size: Self.size)
    }

    /// Takes the next samples.
    mutating func add(_ samples: UnsafeBufferPointer<Float>) {
        frames.add(samples) { [spectrum] in curve.add(spectrum.of($0)) }
    }

    /// Takes the next samples at the rate at which the treble is heard.
    mutating func addTreble(_ samples: UnsafeBufferPointer<Float>) { treble.add(samples) }

    /// What was found, once all is taken.
    mutating func finish() -> (onsets: [Int], beats: [Int], tempo: Features.Tempo?) {
        // A frame that reaches behind the end is not heard: to break off is no beginning.
        let whole = curve.values.count
        frames.end { [spectrum] in curve.add(spectrum.of($0)) }
        curve.forget(from: whole)
        func milliseconds(_ frame: Double) -> Int { max(0, Int((frame * 1000 / rate).rounded())) }
        // Clicks are noticed up to 25 ms before they begin, soft notes after: this lies between.
        let early = 0.5
        let onsets = OnsetPicker(rate: rate).onsets(in: curve.values, treble: treble.levels)
            .map { milliseconds(Double($0) + early) }
        guard onsets.count > 3, let found = TempoFinder(rate: rate).tempo(of: curve.values) else {
            return (onsets, [], nil)
        }
        let beats = BeatTracker(period: found.period).beats(in: curve.values)
        return (
            onsets, beats.map { milliseconds(Double($0) + early) },
            Features.Tempo(bpm: bpm(of: beats) ?? found.bpm, confidence: found.confidence)
        )
    }

    /// The tempo of the beats as they are laid: that of the line through them.
    private func bpm(of beats: [Int]) -> Double? {
        guard beats.count > 7 else { return nil }
        let steps = zip(beats.dropFirst(), beats).map { Double($0 - $1) }.sorted()
        let middle = steps[steps.count / 2]
        let even = steps.filter { abs($0 - middle) < 0.25 * middle }
        let mean = even.reduce(0, +) / Double(even.count)
        return 60 * rate / mean
    }
}
