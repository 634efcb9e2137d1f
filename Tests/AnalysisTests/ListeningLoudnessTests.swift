import CEbur128
import Glibc
import TestSupport
import Testing

@testable import Analysis

/// Loudness as EBU R 128 defines it.
struct ListeningLoudnessTests {
    /// The first two cases of EBU Tech 3341, shorter: a stereo sine of 1 kHz is as many LUFS as its peak has decibels.
    @Test(arguments: [-23.0, -33.0])
    func aSineIsAsLoudAsTheStandardSays(level: Double) throws {
        let loudness = try ListeningSound.sine(
            1000, seconds: 5, rate: 16000, channels: 2, amplitude: pow(10, level / 20)
        ).analysis().features.loudness
        #expect(abs(try #require(loudness.integrated) - level) < 0.1)
        #expect(abs(try #require(loudness.truePeak) - level) < 0.2)
    }

    /// The first case of EBU Tech 3342, shorter.
    @Test func theRangeIsTheStepBetweenLoudAndQuiet() throws {
        let sound = ListeningSound(seconds: 24, rate: 8000, channels: 2) { frame, _ in
            let level = frame < 12 * 8000 ? -20.0 : -30.0
            return Float(pow(10, level / 20) * sin(2 * .pi * 1000 * Double(frame) / 8000))
        }
        #expect(abs(try #require(sound.analysis().features.loudness.range) - 10) < 1)
    }

    /// Cases 15 to 18 of EBU Tech 3341: sines whose samples miss the peak.
    @Test(arguments: [(4.0, 0.0), (4, 45), (6, 60), (8, 67.5)])
    func theTruePeakLiesBetweenTheSamples(divisor: Double, degrees: Double) throws {
        // It begins and ends softly, for a step has a higher peak of its own.
        let loudness = try ListeningSound(frames: 24000, rate: 48000) { frame, _ in
            let fade = min(1, Double(min(frame, 23999 - frame)) / 2000)
            return Float(0.5 * fade * sin(2 * .pi * Double(frame) / divisor + degrees * .pi / 180))
        }.analysis().features.loudness
        let peak = try #require(loudness.truePeak)
        #expect(peak > -6.02 - 0.4 && peak < -6.02 + 0.2)
    }

    @Test func theTruePeakIsThatOfLibebur128() throws {
        for seed in UInt64(1)...12 {
            var chance = SeededRandom(seed: seed)
            let (slope, channels) = (Float.random(in: 0...0.95, using: &chance), Int(seed % 3) + 1)
            var last = [Float](repeating: 0, count: channels)
            let sound = ListeningSound(seconds: 0.5, rate: 44100, channels: channels) { _, channel in
                last[channel] = slope * last[channel] + (1 - slope) * Float.random(in: -0.9...0.9, using: &chance)
                return last[channel]
            }
            let own = try #require(sound.analysis().features.loudness.truePeak)
            let theirs = try truePeak(of: sound)
            #expect(abs(own - theirs) < 0.01, "seed \(seed)")
        }
    }

    private func truePeak(of sound: ListeningSound) throws -> Double {
        var state = ebur128_init(
            UInt32(sound.channels), UInt(sound.rate), Int32(EBUR128_MODE_TRUE_PEAK.rawValue))
        defer { ebur128_destroy(&state) }
        #expect(ebur128_add_frames_float(state, sound.samples, sound.samples.count / sound.channels) == 0)
        var greatest = 0.0
        for channel in 0..<sound.channels {
            var peak = 0.0
            #expect(ebur128_true_peak(state, UInt32(channel), &peak) == 0)
            greatest = max(greatest, peak)
        }
        return 20 * log10(greatest)
    }
}
