import Glibc

/// Finds the tempo at which a curve of onsets repeats itself.
struct TempoFinder {
    /// Frames of the curve in a second.
    let rate: Double
    private static let slowest = 40.0
    private static let fastest = 240.0
    /// What is taken where the curve itself does not tell one octave from the other. It lies high, for the slower of two
    /// always repeats at least as well; songs and hymns of 52 to 170 beats a minute were what it was chosen by.
    private static let usual = 150.0
    private static let spread = 1.7
    /// A beat repeats not only after one period, but after its multiples up to a bar, and often after half of it. With them
    /// what repeats by chance is told from what is a beat, and the weights were chosen so.
    private static let multiples = [(0.5, 0.3), (1, 1), (2, 0.3), (3, 0.2), (4, 0.3)]

    struct Estimate: Sendable {
        let bpm: Double
        let confidence: Double
        /// Frames from a beat to the next.
        let period: Double
    }

    /// The tempo; nil where nothing repeats.
    func tempo(of curve: [Float]) -> Estimate? {
        let most = Int((60 / Self.slowest * rate * 4).rounded(.up)) + 2
        guard curve.count > most else { return short(curve) }
        return estimate(autocorrelation(of: curve, upTo: most))
    }

    private func short(_ curve: [Float]) -> Estimate? {
        // Less than three seconds: as far as it goes.
        curve.count < 32 ? nil : estimate(autocorrelation(of: curve, upTo: curve.count - 1))
    }

    private func estimate(_ correlation: [Double]) -> Estimate? {
        guard let whole = correlation.first, whole > 0 else { return nil }
        func at(_ lag: Double) -> Double {
            let low = Int(lag)
            guard low >= 0, low + 1 < correlation.count else { return 0 }
            let part = lag - Double(low)
            return correlation[low] * (1 - part) + correlation[low + 1] * part
        }
        var best = (score: 0.0, lag: 0.0)
        var sum = 0.0
        var count = 0
        for step in 0... {
            let bpm = Self.slowest * pow(2, Double(step) / 96)
            guard bpm <= Self.fastest else { break }
            let lag = 60 / bpm * rate
            guard lag < Double(correlation.count - 2) else { continue }
            let distance = log2(bpm / Self.usual) / Self.spread
            var (together, weights) = (0.0, 0.0)
            for (multiple, weight) in Self.multiples where multiple * lag < Double(correlation.count - 1) {
                together += weight * at(multiple * lag)
                weights += weight
            }
            let strength = max(0, together) / (weights * whole)
            sum += strength
            count += 1
            let score = strength * exp(-0.5 * distance * distance)
            if score > best.score { best = (score, lag) }
        }
        guard best.score > 0.01, count > 0 else { return nil }
        let lag = refined(best.lag, correlation)
        let strength = max(0, at(lag)) / whole
        let mean = sum / Double(count)
        let confidence = max(0, min(1, (strength - mean) / max(0.05, 1 - mean)))
        return Estimate(bpm: 60 * rate / lag, confidence: confidence, period: lag)
    }

    /// The maximum near a lag, between the frames.
    private func refined(_ lag: Double, _ correlation: [Double]) -> Double {
        var place = Int(lag.rounded())
        guard place > 1, place + 2 < correlation.count else { return lag }
        if correlation[place - 1] > correlation[place] {
            place -= 1
        } else if correlation[place + 1] > correlation[place] {
            place += 1
        }
        guard place > 0, place + 1 < correlation.count else { return lag }
        let (a, b, c) = (correlation[place - 1], correlation[place], correlation[place + 1])
        let bend = a - 2 * b + c
        // Where there is no top, but only a slope, the parabola's lies anywhere.
        return bend < 0 ? Double(place) + max(-0.5, min(0.5, 0.5 * (a - c) / bend)) : Double(place)
    }

    private func autocorrelation(of curve: [Float], upTo most: Int) -> [Double] {
        let mean = curve.reduce(0, +) / Float(max(1, curve.count))
        let centred = curve.map { $0 - mean }
        return centred.withUnsafeBufferPointer { values in
            (0...min(most, values.count - 1)).map { lag in
                var sums = SIMD8<Float>()
                let count = values.count - lag
                let base = UnsafeRawPointer(values.baseAddress!)
                let whole = count / 8 * 8
                var total = 0.0
                for index in stride(from: 0, to: whole, by: 8) {
                    let one = base.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                    let other = base.loadUnaligned(fromByteOffset: 4 * (index + lag), as: SIMD8<Float>.self)
                    sums += one * other
                    // Long sums of single precision would lose what comes last.
                    if index % 4096 == 0 {
                        total += Double(sums.sum())
                        sums = SIMD8<Float>()
                    }
                }
                total += Double(sums.sum())
                for index in whole..<count { total += Double(values[index] * values[index + lag]) }
                return total / Double(count)
            }
        }
    }
}
