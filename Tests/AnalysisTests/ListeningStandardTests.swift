import Glibc
import Testing

@testable import Analysis

/// The cases of EBU Tech 3341 and Tech 3342 that are described well enough to be made here.
struct ListeningStandardTests {
    private typealias Loudness = (integrated: Double?, range: Double?)

    private static let rate = 48_000

    /// Sines of 1 kHz, one after the other: so many seconds each, of such a peak in each channel.
    private func measured(_ steps: [(seconds: Double, decibels: [Double])]) -> Loudness {
        let channels = steps[0].decibels.count
        let meter = LoudnessMeter(channels: channels, sampleRate: Self.rate)
        // A tenth of a second holds whole periods, so it can be repeated.
        let frames = Self.rate / 10
        for step in steps {
            let peaks = step.decibels.map { pow(10, $0 / 20) }
            let samples = (0..<frames * channels).map { index in
                Float(peaks[index % channels] * sin(2 * .pi * 1000 * Double(index / channels) / Double(Self.rate)))
            }
            samples.withUnsafeBufferPointer { samples in
                for _ in 0..<Int((step.seconds * 10).rounded()) { meter.add(samples, frames: frames) }
            }
        }
        return meter.result
    }

    /// What is played on both channels, step by step, and what it has to come to.
    struct Case: Sendable, CustomTestStringConvertible {
        let expected: Double
        let steps: [Step]

        init(_ expected: Double, _ steps: Step...) { (self.expected, self.steps) = (expected, steps) }

        var testDescription: String { "\(expected) of \(steps)" }
    }

    struct Step: Sendable {
        let seconds: Double
        let decibels: Double

        init(_ seconds: Double, _ decibels: Double) { (self.seconds, self.decibels) = (seconds, decibels) }
    }

    private func measured(_ one: Case) -> Loudness {
        measured(one.steps.map { ($0.seconds, [$0.decibels, $0.decibels]) })
    }

    /// Tech 3341, cases 1 to 5: what is quiet beside the rest does not count.
    @Test(arguments: [
        Case(-23, Step(20, -23)), Case(-33, Step(20, -33)),
        Case(-23, Step(10, -36), Step(60, -23), Step(10, -36)),
        Case(-23, Step(10, -72), Step(10, -36), Step(60, -23), Step(10, -36), Step(10, -72)),
        Case(-23, Step(20, -26), Step(20.1, -20), Step(20, -26)),
    ])
    func theLoudnessIsThatOfTheCase(one: Case) throws {
        #expect(abs(try #require(measured(one).integrated) - one.expected) < 0.1)
    }

    /// Tech 3342, cases 1 to 4.
    @Test(arguments: [
        Case(10, Step(20, -20), Step(20, -30)), Case(5, Step(20, -20), Step(20, -15)),
        Case(20, Step(20, -40), Step(20, -20)),
        Case(15, Step(20, -50), Step(20, -35), Step(20, -20), Step(20, -35), Step(20, -50)),
    ])
    func theRangeIsThatOfTheCase(one: Case) throws {
        #expect(abs(try #require(measured(one).range) - one.expected) < 1)
    }

    /// Tech 3341, case 6: left, right, centre and two that surround, which count for more.
    @Test func fiveChannelsCountAsTheStandardWeighsThem() throws {
        let loudness = measured([(20, [-28, -28, -24, -30, -30])]).integrated
        #expect(abs(try #require(loudness) + 23) < 0.1)
    }

    private func truePeak(_ samples: [Float]) -> Double {
        var meter = TruePeakMeter(channels: 2)
        samples.withUnsafeBufferPointer { meter.add([$0, $0]) }
        meter.end()
        return meter.decibels ?? -.infinity
    }

    /// Tech 3341, cases 15 to 19: sines of a fraction of the rate, whose samples miss the peak.
    @Test(arguments: [
        (4.0, 0.5, 0.0, -6.0), (4, 0.5, 45, -6), (6, 0.5, 60, -6), (8, 0.5, 67.5, -6), (4, 1.41, 45, 3),
    ])
    func theTruePeakIsThatOfTheCase(divisor: Double, amplitude: Double, degrees: Double, expected: Double) {
        let peak = truePeak(
            (0..<Self.rate / 2).map { index in
                // It begins and ends softly, for a step has a higher peak of its own.
                let fade = min(1, Double(min(index, Self.rate / 2 - 1 - index)) / 2000)
                return Float(amplitude * fade * sin(2 * .pi * Double(index) / divisor + degrees * .pi / 180))
            })
        #expect(peak > expected - 0.4 && peak < expected + 0.2, "\(peak)")
    }

    /// In the manner of Tech 3341, cases 20 to 23: the greatest of the peaks lies so many quarters of a sample behind one.
    @Test(arguments: 0..<4) func thePeakIsFoundWhereverItLies(quarters: Int) {
        let middle = Double(Self.rate / 4) + Double(quarters) / 4
        let peak = truePeak(
            (0..<Self.rate / 2).map { index in
                let distance = Double(index) - middle
                let swell = abs(distance) < 600 ? 0.25 + 0.25 * cos(.pi * distance / 600) : 0
                let fade = min(1, Double(min(index, Self.rate / 2 - 1 - index)) / 2000)
                return Float((0.5 + swell) * fade * cos(2 * .pi * distance / 6))
            })
        #expect(peak > -0.4 && peak < 0.2, "\(peak)")
    }
}
