import Glibc

/// The true peak as ITU-R BS.1770 describes it: the greatest magnitude of the signal at four times its rate.
///
/// libebur128 measures it too, at several times the cost of all the rest; this one looks closer only where the samples come
/// near the greatest value so far.
struct TruePeakMeter {
    private static let taps = 12
    private static let history = taps - 1
    /// The interpolation at a quarter, a half and three quarters between two samples, tap by tap.
    private let kernel: [SIMD4<Float>]
    /// The greatest factor by which interpolated values can be above the samples.
    private let gain: Float
    /// Of each channel the samples that came before.
    private var tails: [[Float]]
    private(set) var peak: Float = 0

    init(channels: Int) {
        let phases = 4
        kernel = (0..<Self.taps).map { tap in
            var values = SIMD4<Float>()
            for phase in 0..<phases {
                // A windowed sinc, its middle between the sixth sample and the seventh.
                let distance = Double(tap) - Double(Self.taps / 2 - 1) - Double(phase) / Double(phases)
                let sinc = distance == 0 ? 1 : sin(.pi * distance) / (.pi * distance)
                // Hann's, as libebur128 has it: so both say the same even of noise, where the filter's edge matters.
                let window = 0.5 + 0.5 * cos(.pi * distance / Double(Self.taps / 2))
                values[phase] = Float(sinc * window)
            }
            return values
        }
        var sums = SIMD4<Float>()
        for values in kernel { sums += values.replacing(with: -values, where: values .< 0) }
        gain = sums.max()
        tails = Array(repeating: [Float](repeating: 0, count: Self.history), count: channels)
    }

    /// Takes the next samples of each channel.
    mutating func add(_ planes: [UnsafeBufferPointer<Float>]) {
        for (channel, plane) in planes.enumerated() {
            let joined = tails[channel] + plane
            joined.withUnsafeBufferPointer { look(at: $0) }
            tails[channel] = Array(joined.suffix(Self.history))
        }
    }

    /// Lets the last samples be followed by silence.
    mutating func end() {
        let silence = [Float](repeating: 0, count: Self.taps)
        silence.withUnsafeBufferPointer { silence in add(Array(repeating: silence, count: tails.count)) }
    }

    private mutating func look(at samples: UnsafeBufferPointer<Float>) {
        let block = 64
        var start = 0
        while start + Self.taps <= samples.count {
            let end = min(start + block, samples.count - Self.history)
            var greatest: Float = 0
            for index in start..<end + Self.history { greatest = max(greatest, samples[index].magnitude) }
            if greatest * gain > peak { peak = max(peak, max(greatest, interpolated(samples, start..<end))) }
            start = end
        }
    }

    private func interpolated(_ samples: UnsafeBufferPointer<Float>, _ range: Range<Int>) -> Float {
        var greatest = SIMD4<Float>()
        kernel.withUnsafeBufferPointer { kernel in
            for start in range {
                var sum = SIMD4<Float>()
                for tap in 0..<Self.taps { sum += kernel[tap] * samples[start + tap] }
                let magnitude = sum.replacing(with: -sum, where: sum .< 0)
                greatest.replace(with: magnitude, where: magnitude .> greatest)
            }
        }
        return greatest.max()
    }

    /// In decibels of full scale; nil for silence.
    var decibels: Double? { peak > 0 ? 20 * log10(Double(peak)) : nil }
}
