import Analysis
import Digest
import Files
import Glibc
import TestSupport

/// How far what is measured lies from what the standard says.
extension Work {
    private static let rate = 48_000

    /// Prints the greatest distance of all cases: of the loudness in LU, of its range in LU, and of the true peak in dB.
    static func measureLoudness() throws {
        let loud: [(Double, [(Double, Double)])] = [
            (-23, [(20, -23)]), (-33, [(20, -33)]), (-23, [(10, -36), (60, -23), (10, -36)]),
            (-23, [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)]),
            (-23, [(20, -26), (20.1, -20), (20, -26)]),
        ]
        let ranges: [(Double, [(Double, Double)])] = [
            (10, [(20, -20), (20, -30)]), (5, [(20, -20), (20, -15)]), (20, [(20, -40), (20, -20)]),
            (15, [(20, -50), (20, -35), (20, -20), (20, -35), (20, -50)]),
        ]
        let peaks: [(Double, Double)] = [(4, 0), (4, 45), (6, 60), (8, 67.5)]
        print(try loud.map { abs((try heard(steps($0.1)).integrated ?? 0) - $0.0) }.max() ?? .nan)
        print(try ranges.map { abs((try heard(steps($0.1)).range ?? 0) - $0.0) }.max() ?? .nan)
        print(try peaks.map { abs((try heard(tone(among: $0.0, degrees: $0.1)).truePeak ?? 0) + 6) }.max() ?? .nan)
    }

    /// What a whole analysis says of samples that both channels have.
    private static func heard(_ samples: [Float]) throws -> Features.Loudness {
        try withTemporaryDirectory { folder in
            let path = folder.appending("case.wav")
            try FileSystem.write(wave(samples), to: path)
            let file = try FileDescriptor.open(path, .read)
            return try SoundAnalysis.analyse(descriptor: file.raw, source: .ofNothing).features.loudness
        }
    }

    /// Sines of 1 kHz: so many seconds each, of such a peak.
    private static func steps(_ steps: [(seconds: Double, decibels: Double)]) -> [Float] {
        steps.flatMap { step in
            (0..<Int(step.seconds * Double(rate))).map {
                Float(pow(10, step.decibels / 20) * sin(2 * .pi * 1000 * Double($0) / Double(rate)))
            }
        }
    }

    /// Half of full scale, at a fraction of the rate, so that samples miss the peak; it begins and ends softly.
    private static func tone(among divisor: Double, degrees: Double) -> [Float] {
        (0..<rate / 2).map { index in
            let fade = min(1, Double(min(index, rate / 2 - 1 - index)) / 2000)
            return Float(0.5 * fade * sin(2 * .pi * Double(index) / divisor + degrees * .pi / 180))
        }
    }

    /// A WAV file of two channels of floating-point samples.
    private static func wave(_ samples: [Float]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let size = samples.count * 8
        var bytes =
            Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(3, 2)
        bytes += little(2, 2) + little(rate, 4) + little(rate * 8, 4) + little(8, 2) + little(32, 2)
        bytes += Array("data".utf8) + little(size, 4)
        bytes.reserveCapacity(44 + size)
        for sample in samples {
            let word = little(Int(sample.bitPattern), 4)
            bytes += word + word
        }
        return bytes
    }
}
