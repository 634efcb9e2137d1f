import Glibc

/// How strongly each of the twelve notes sounds, frame by frame, whatever the octave.
///
/// Each peak of the spectrum counts for the note that it is, and less for those whose overtone it may be. Notes are kept in
/// thirds of a semitone until the end, when it is known how the music is tuned.
struct ChromaMeter {
    static let parts = KeyMeter.parts
    private static let lowest = 55.0
    private static let highest = 3500.0

    private let width: Double
    private let range: Range<Int>
    private var frames: [UInt8] = []
    private var phase = (0.0, 0.0)
    private var keyMeter: KeyMeter

    /// - Parameter hop: How many samples lie between a frame and the next.
    init(sampleRate: Double, size: Int, hop: Int) {
        keyMeter = KeyMeter(interval: Double(hop) / sampleRate)
        width = sampleRate / Double(size)
        let last = min(size / 2 - 1, Int(Self.highest / width))
        range = max(1, Int(Self.lowest / width))..<max(2, last)
    }

    /// Takes the magnitudes of the next frame.
    mutating func add(_ magnitudes: UnsafeBufferPointer<Float>) {
        var notes = [Double](repeating: 0, count: Self.parts)
        var loudest: Float = 0
        for bin in range { loudest = max(loudest, magnitudes[bin]) }
        if loudest > 0.0003 {
            for bin in range {
                let value = magnitudes[bin]
                guard value > loudest / 100, value >= magnitudes[bin - 1], value > magnitudes[bin + 1] else {
                    continue
                }
                note(magnitudes[bin - 1], value, magnitudes[bin + 1], bin, loudest, &notes)
            }
        }
        let most = notes.max() ?? 0
        for part in 0..<Self.parts {
            frames.append(most > 0 ? UInt8((notes[part] / most * 255).rounded()) : 0)
        }
        keyMeter.endFrame()
    }

    private mutating func note(
        _ left: Float, _ value: Float, _ right: Float, _ bin: Int, _ loudest: Float, _ notes: inout [Double]
    ) {
        // The peak of a parabola through the logarithms is where the sine is.
        let (a, b, c) = (log(Double(max(left, 1e-9))), log(Double(value)), log(Double(max(right, 1e-9))))
        let bend = a - 2 * b + c
        let frequency = (Double(bin) + (bend < 0 ? 0.5 * (a - c) / bend : 0)) * width
        let weight = Double(value / loudest).squareRoot() * Double(value).squareRoot()
        let pitch = 12 * log2(frequency / 440) + 69
        keyMeter.add(frequency: frequency, pitch: pitch, value: value, loudest: loudest)
        let angle = 2 * Double.pi * pitch
        phase.0 += weight * cos(angle)
        phase.1 += weight * sin(angle)
        for (semitones, share) in [(0.0, 1.0), (-19.02, 0.25), (-27.86, 0.12)] {
            var place = Int(((pitch + semitones) * 3).rounded()) % Self.parts
            if place < 0 { place += Self.parts }
            notes[place] += weight * share
        }
    }

    /// How far the music is tuned above 440 Hz, in semitones.
    var tuning: Double { atan2(phase.1, phase.0) / (2 * Double.pi) }

    private func folded(_ part: (Int) -> Double) -> [Double] {
        let shift = Int((tuning * 3).rounded())
        return (0..<12).map { note in
            (-1...1).reduce(0) { sum, third in
                let place = (note * 3 + third + shift + Self.parts) % Self.parts
                return sum + part(place) * (third == 0 ? 1 : 0.7)
            }
        }
    }

    /// The key; nil where no note sounds.
    var key: Features.Key? {
        KeyFinder.key(of: folded { keyMeter.throughout[$0] }, ending: folded { keyMeter.ending[$0] })
    }

    /// The curve over time.
    var curve: Features.Curve {
        var raw: [UInt8] = []
        raw.reserveCapacity(frames.count / 3)
        for start in stride(from: 0, to: frames.count, by: Self.parts) {
            let notes = folded { Double(frames[start + $0]) }
            let most = notes.max() ?? 0
            for value in notes { raw.append(most > 0 ? UInt8((value / most * 255).rounded()) : 0) }
        }
        return Features.Curve(name: "chroma", width: 12, scale: 1.0 / 255, offset: 0, raw: raw)
    }
}
