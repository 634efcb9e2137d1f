import Audio
import Digest

/// Hands each piece of an audio file to all that listens to it.
struct Listener {
    private static let timbreSize = 2048
    private static let chromaSize = 2048
    /// The root mean square of about -70 LUFS, below which EBU R 128 hears nothing.
    private static let quietest = 0.0003

    private let channels: Int
    private let sampleRate: Int
    private let settings: AnalysisSettings
    private let piece: Piece

    private var waveform: WaveformMeter
    private let loudness: LoudnessMeterBox
    private var truePeak: TruePeakMeter
    private let timbreSpectrum = Spectrum(size: timbreSize)
    private var timbreFrames: Frames
    private var timbre: TimbreMeter
    /// Each halves the rate: rhythm is heard at about 22 kHz, its treble at twice that, notes at about 11 kHz.
    private var halves: [Decimator]
    private let rhythmHalves: Int
    private let trebleHalves: Int
    private var rhythm: RhythmMeter
    private let chromaSpectrum = Spectrum(size: chromaSize)
    private var chromaFrames: Frames
    private var chroma: ChromaMeter

    /// How many frames were taken.
    private(set) var frames: Int64 = 0

    init(channels: Int, sampleRate: Int, _ settings: AnalysisSettings) {
        (self.channels, self.sampleRate, self.settings) = (channels, sampleRate, settings)
        // Whole stretches of the waveform, and not much memory however many channels there are.
        piece = Piece(channels: channels, capacity: max(256, (1 << 15) / channels / 256 * 256))
        waveform = WaveformMeter(channels: channels, sampleRate: sampleRate)
        loudness = LoudnessMeterBox(channels: channels, sampleRate: sampleRate)
        truePeak = TruePeakMeter(channels: channels)
        let rate = Double(sampleRate)
        timbreFrames = Frames(size: Self.timbreSize, hop: settings.hop)
        timbre = TimbreMeter(sampleRate: rate, size: Self.timbreSize, extras: settings.extraCurves)
        func halvings(above limit: Double) -> Int { (0...16).first { rate / Double(1 << $0) <= limit } ?? 16 }
        rhythmHalves = halvings(above: 32_000)
        let chromaHalves = max(rhythmHalves, halvings(above: 16_000))
        halves = Array(repeating: Decimator(), count: chromaHalves)
        trebleHalves = max(0, rhythmHalves - 1)
        rhythm = RhythmMeter(
            sampleRate: rate / Double(1 << rhythmHalves), trebleHalves: rhythmHalves - trebleHalves)
        // The frames of all curves stand at the same moments, as nearly as whole samples allow.
        let chromaHop = max(1, settings.hop >> chromaHalves)
        chromaFrames = Frames(size: Self.chromaSize, hop: chromaHop)
        chroma = ChromaMeter(sampleRate: rate / Double(1 << chromaHalves), size: Self.chromaSize, hop: chromaHop)
    }

    /// Takes the next piece from who reads; answers whether there may be more.
    mutating func fill(
        _ read: (UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int
    ) throws(AudioError) -> Bool {
        var count = 0
        while count < piece.capacity {
            let rest = UnsafeMutableBufferPointer(rebasing: piece.interleaved[(count * channels)...])
            let got = try read(rest)
            if got == 0 { break }
            count += got
        }
        if count > 0 { take(count) }
        return count == piece.capacity
    }

    private mutating func take(_ count: Int) {
        frames += Int64(count)
        loudness.meter.add(UnsafeBufferPointer(piece.interleaved), frames: count)
        piece.part(count)
        let (planes, mean) = (piece.planes, piece.mean)
        waveform.add(planes, mean: mean)
        truePeak.add(planes)
        timbreFrames.add(mean) { [timbreSpectrum] in timbre.add($0, timbreSpectrum.of($0)) }
        hear(mean, from: 0)
    }

    /// Hands on what one stage of halving leaves to the next, and to who listens there.
    private mutating func hear(_ samples: UnsafeBufferPointer<Float>, from stage: Int) {
        if stage == trebleHalves { rhythm.addTreble(samples) }
        if stage == rhythmHalves { rhythm.add(samples) }
        if stage == halves.count {
            chromaFrames.add(samples) { [chromaSpectrum] in chroma.add(chromaSpectrum.of($0)) }
            return
        }
        halves[stage].add(samples)
        let output = halves[stage].output
        output.withUnsafeBufferPointer { hear($0, from: stage + 1) }
    }

    /// Lets each stage make what was still to come.
    private mutating func end() {
        truePeak.end()
        timbreFrames.end { [timbreSpectrum] in timbre.add($0, timbreSpectrum.of($0)) }
        for stage in halves.indices {
            halves[stage].end()
            let output = halves[stage].output
            output.withUnsafeBufferPointer { hear($0, from: stage + 1) }
        }
        chromaFrames.end { [chromaSpectrum] in chroma.add(chromaSpectrum.of($0)) }
    }

    /// What was found, once all is taken.
    mutating func finish(_ source: ContentHash) -> SoundAnalysis {
        end()
        var features = Features(
            frames: frames, sampleRate: sampleRate, channels: channels, peak: Double(waveform.peak),
            rms: waveform.rms,
            hop: settings.hop)
        let (waveform, silences) = self.waveform.finish()
        (features.loudness.integrated, features.loudness.range) = loudness.meter.result
        features.loudness.truePeak = truePeak.decibels
        features.curves = (timbre.curves + [chroma.curve]).sorted { $0.name < $1.name }
        var markers = Markers()
        markers.silences = silences
        // Where nothing is loud enough to be measured, nothing is heard that could have a tempo or a key. Channels that
        // loudness does not count may be heard all the same.
        let isHeard =
            features.loudness.integrated != nil
            || channels > LoudnessMeter.mostChannels && features.rms > Self.quietest
        if isHeard {
            (markers.onsets, markers.beats, features.tempo) = rhythm.finish()
            features.key = chroma.key
            let finder = SectionFinder(
                interval: Double(settings.hop) / Double(sampleRate), width: TimbreMeter.edges.count)
            markers.sections = finder.sections(of: timbre.levels, beats: markers.beats)
        }
        return SoundAnalysis(
            features: features, waveform: waveform, markers: markers,
            origin: .init(source: source, settings: ["hop": .number(settings.hop)]))
    }
}

/// Holds what cannot be copied for who can.
private final class LoudnessMeterBox {
    let meter: LoudnessMeter

    init(channels: Int, sampleRate: Int) { meter = LoudnessMeter(channels: channels, sampleRate: sampleRate) }
}
