/// Measures peak, root mean square, waveform and silences, stretch by stretch.
struct WaveformMeter {
    private static let stretch = Waveform.distances[0]
    /// Below a thousandth of full scale nothing is heard.
    private static let silence: Float = 0.001
    /// So many milliseconds of it are a silence.
    private static let leastSilence = 500

    private let channels: Int
    private let sampleRate: Int
    private(set) var frames: Int64 = 0
    private(set) var peak: Float = 0
    private var squares = 0.0
    private var level: Waveform.Level
    private var silences: [Markers.Span] = []
    private var quietSince: Int64?

    init(channels: Int, sampleRate: Int) {
        self.channels = channels
        self.sampleRate = sampleRate
        level = Waveform.Level(
            samplesPerPixel: Self.stretch, mono: [],
            channels: Array(repeating: [], count: channels > 1 ? channels : 0),
            rms: [])
    }

    /// Takes frames, each channel by itself and the mean of them. All but the last call have whole stretches.
    mutating func add(_ planes: [UnsafeBufferPointer<Float>], mean: UnsafeBufferPointer<Float>) {
        for start in stride(from: 0, to: mean.count, by: Self.stretch) {
            let range = start..<min(start + Self.stretch, mean.count)
            let middle = Extent(mean, range)
            level.mono.append(middle.least)
            level.mono.append(middle.greatest)
            level.rms.append(
                UInt8(min(255, (Double(middle.squares) / Double(range.count)).squareRoot() * 255 + 0.5)))
            var loudest = middle.magnitude
            if channels == 1 {
                squares += Double(middle.squares)
            } else {
                loudest = 0
                for (number, plane) in planes.enumerated() {
                    let extent = Extent(plane, range)
                    level.channels[number].append(extent.least)
                    level.channels[number].append(extent.greatest)
                    squares += Double(extent.squares)
                    loudest = max(loudest, extent.magnitude)
                }
            }
            peak = max(peak, loudest)
            note(loudest, range.count)
        }
    }

    private mutating func note(_ magnitude: Float, _ count: Int) {
        if magnitude < Self.silence {
            quietSince = quietSince ?? frames
        } else {
            endSilence()
        }
        frames += Int64(count)
    }

    private mutating func endSilence() {
        guard let begin = quietSince else { return }
        quietSince = nil
        let span = Markers.Span(start: milliseconds(begin), end: milliseconds(frames))
        if span.end - span.start >= Self.leastSilence { silences.append(span) }
    }

    private func milliseconds(_ frame: Int64) -> Int { Int((Double(frame) * 1000 / Double(sampleRate)).rounded()) }

    /// The root of the mean square of all samples.
    var rms: Double { frames == 0 ? 0 : (squares / Double(frames) / Double(channels)).squareRoot() }

    /// What was found, once all is taken.
    mutating func finish() -> (waveform: Waveform, silences: [Markers.Span]) {
        endSilence()
        return (Waveform(nearest: level), silences)
    }
}

/// Least and greatest sample of a stretch, and the sum of the squares.
private struct Extent {
    private(set) var low: Float = 0
    private(set) var high: Float = 0
    private(set) var squares: Float = 0

    init(_ samples: UnsafeBufferPointer<Float>, _ range: Range<Int>) {
        guard let first = range.first else { return }
        let start = samples.baseAddress! + first
        var (lows, highs) = (SIMD8<Float>(repeating: start[0]), SIMD8<Float>(repeating: start[0]))
        var sums = SIMD8<Float>()
        let whole = range.count / 8 * 8
        for index in stride(from: 0, to: whole, by: 8) {
            let values = UnsafeRawPointer(start + index).loadUnaligned(as: SIMD8<Float>.self)
            // Not by `pointwiseMin`, which is called and not inlined.
            lows.replace(with: values, where: values .< lows)
            highs.replace(with: values, where: values .> highs)
            sums += values * values
        }
        (low, high, squares) = (lows.min(), highs.max(), sums.sum())
        for index in whole..<range.count {
            low = min(low, start[index])
            high = max(high, start[index])
            squares += start[index] * start[index]
        }
    }

    var magnitude: Float { max(-low, high) }
    // Rounded outwards, so that what is seen from further away is exact.
    var least: Int8 { Int8(max(-128, min(127, (low * 128).rounded(.down)))) }
    var greatest: Int8 { Int8(max(-128, min(127, (high * 128).rounded(.up)))) }
}
