import Analysis
import Digest
import TestSupport

/// Analyses by chance.
enum AnalysisChance {
    /// Any analysis that keeps the rules; of at most so many stretches.
    static func analysis(using chance: inout SeededRandom, most: Int = 40) -> SoundAnalysis {
        SoundAnalysis(
            features: features(using: &chance), waveform: waveform(using: &chance, most: most),
            markers: markers(using: &chance), origin: origin(using: &chance))
    }

    private static func features(using chance: inout SeededRandom) -> Features {
        var features = Features(
            frames: Int64.random(in: 0...1 << 40, using: &chance),
            sampleRate: Int.random(in: 1...192_000, using: &chance),
            channels: Int.random(in: 1...8, using: &chance), peak: Double.random(in: 0...1, using: &chance),
            rms: Double.random(in: 0...1, using: &chance), hop: Int.random(in: 1...8192, using: &chance))
        if Bool.random(using: &chance) {
            features.loudness.integrated = Double.random(in: -70...0, using: &chance)
            features.loudness.range = Double.random(in: 0...30, using: &chance)
            features.loudness.truePeak = Double.random(in: -70...3, using: &chance)
            features.tempo = .init(
                bpm: Double.random(in: 40...240, using: &chance),
                confidence: Double.random(in: 0...1, using: &chance))
            features.key = .init(
                name: ["A minor", "C# major", "é"].randomElement(using: &chance) ?? "", confidence: 0.5)
        }
        for (name, width) in [("centroid", 1), ("chroma", 12), ("bands", 8), ("flux", 1)]
        where Bool.random(using: &chance) {
            let moments = Int.random(in: 0...9, using: &chance)
            features.curves.append(
                Features.Curve(
                    name: name, width: width, scale: Double.random(in: -1...100, using: &chance),
                    offset: Double.random(in: -1...1, using: &chance), raw: chance.bytes(moments * width)))
        }
        return features
    }

    private static func waveform(using chance: inout SeededRandom, most: Int) -> Waveform {
        func peaks(_ count: Int) -> [Int8] { chance.bytes(count * 2).map { Int8(bitPattern: $0) } }
        let channels = [0, 0, 1, 2, 6].randomElement(using: &chance) ?? 0
        var levels: [Waveform.Level] = []
        for distance in Waveform.distances.prefix(Int.random(in: 0...4, using: &chance)) {
            let derived = levels.last?.derived(samplesPerPixel: distance)
            if let derived, Bool.random(using: &chance) {
                levels.append(derived)
                continue
            }
            let count = Int.random(in: 0...most, using: &chance)
            let mono = peaks(count)
            levels.append(
                Waveform.Level(
                    samplesPerPixel: distance, mono: mono,
                    channels: (0..<channels).map { $0 == 1 ? mono : peaks(count) }, rms: chance.bytes(count)))
        }
        return Waveform(levels: levels)
    }

    private static func markers(using chance: inout SeededRandom) -> Markers {
        func moments(from least: Int = 0) -> [Int] {
            (0..<Int.random(in: 0...9, using: &chance)).map { _ in Int.random(in: least...300_000, using: &chance) }
        }
        var markers = Markers()
        markers.onsets = moments().sorted()
        // Even what makes no sense comes back as it was.
        markers.beats = moments(from: Int.random(in: 0...9, using: &chance) == 0 ? -(1 << 40) : 0)
        markers.silences = moments().map { .init(start: $0, end: $0 + 250) }
        markers.sections = moments().map { .init(start: $0, end: $0 * 2) }
        return markers
    }

    private static func origin(using chance: inout SeededRandom) -> SoundAnalysis.Origin {
        var origin = SoundAnalysis.Origin(source: ContentHash(of: chance.bytes(4)))
        if Bool.random(using: &chance) { origin.settings["hop"] = .number(Int.random(in: -9...9, using: &chance)) }
        if Bool.random(using: &chance) { origin.settings["é\"/\n"] = .text("käse") }
        if Bool.random(using: &chance) { origin.settings["list"] = .numbers([1, -2, 3]) }
        return origin
    }

    /// A small piece of music that is the same each time.
    static func song() -> SoundAnalysis {
        var features = Features(frames: 88_200, sampleRate: 44100, channels: 2, peak: 0.5, rms: 0.125, hop: 2048)
        features.loudness.integrated = -14.2
        features.loudness.range = 4.5
        features.loudness.truePeak = -0.9
        features.tempo = .init(bpm: 120.5, confidence: 0.9)
        features.key = .init(name: "A minor", confidence: 0.75)
        features.curves = [
            .init(name: "centroid", width: 1, scale: 50, offset: 0, raw: [40, 41, 43, 40, 39]),
            .init(name: "chroma", width: 3, scale: 1.0 / 255, offset: 0, raw: [255, 0, 9, 250, 0, 12]),
        ]
        func wave(_ phase: Int, _ height: Int) -> [Int8] {
            (0..<345).flatMap { place -> [Int8] in
                let top = (place * 7 + phase) % height
                return [Int8(-top), Int8(max(0, top - 2))]
            }
        }
        let finest = Waveform.Level(
            samplesPerPixel: 256, mono: wave(0, 64), channels: [wave(0, 64), wave(3, 60)],
            rms: (0..<345).map { UInt8($0 * 7 % 64) })
        var levels = [finest]
        for distance in Waveform.distances.dropFirst() {
            if let level = levels.last?.derived(samplesPerPixel: distance) { levels.append(level) }
        }
        var markers = Markers()
        markers.onsets = [10, 508, 1004]
        markers.beats = [10, 508, 1006, 1504]
        markers.silences = [.init(start: 1900, end: 2000)]
        markers.sections = [.init(start: 0, end: 1000), .init(start: 1000, end: 2000)]
        let origin = SoundAnalysis.Origin(source: ContentHash.ofNothing, settings: ["hop": .number(2048)])
        return SoundAnalysis(
            features: features, waveform: Waveform(levels: levels), markers: markers, origin: origin)
    }
}
