import Glibc
import TestSupport
import Testing

@testable import Analysis

/// What is easily missed or mistaken: faint cymbals beside loud chords, minor for its relative major.
struct ListeningFaintTests {
    @Test(arguments: [44_100, 48_000, 96_000]) func faintCymbalsAreHeardBesideALoudChord(rate: Int) throws {
        var chance = SeededRandom(seed: 6)
        let moments = stride(from: 0.5, to: 3.5, by: 0.1).map { $0 }
        let found = try ListeningSound(seconds: 4, rate: rate) { frame, _ in
            let time = Double(frame) / Double(rate)
            let chord = [220.0, 277.2, 329.6].reduce(0) { $0 + 0.2 * sin(2 * .pi * $1 * time) }
            let since = time - (moments.last { $0 <= time } ?? -9)
            let cymbal = 0.02 * exp(-80 * since) * Double.random(in: -1...1, using: &chance)
            return Float(chord + cymbal)
        }.analysis().markers.onsets
        for moment in moments {
            #expect(found.contains { abs(Double($0) - moment * 1000) < 30 }, "\(moment) of \(rate) Hz")
        }
        #expect(found.count <= moments.count + 2)
    }

    @Test func steadyNoiseHasNoTrebleThatRises() {
        var chance = SeededRandom(seed: 2)
        var meter = TrebleMeter(hop: 512)
        let noise = (0..<200_000).map { _ in Float.random(in: -0.5...0.5, using: &chance) }
        noise.withUnsafeBufferPointer { meter.add($0) }
        #expect(meter.levels.count == 391)
        let flat = [Float](repeating: 0, count: meter.levels.count)
        #expect(OnsetPicker(rate: 86).onsets(in: flat, treble: meter.levels).isEmpty)
    }

    /// However it is cut into pieces.
    @Test func theTrebleIsTheSameHoweverItComes() {
        var chance = SeededRandom(seed: 3)
        let noise = (0..<20_000).map { _ in Float.random(in: -0.5...0.5, using: &chance) }
        var (whole, parts) = (TrebleMeter(hop: 512), TrebleMeter(hop: 512))
        noise.withUnsafeBufferPointer { noise in
            whole.add(noise)
            for start in stride(from: 0, to: noise.count, by: 77) {
                parts.add(UnsafeBufferPointer(rebasing: noise[start..<min(noise.count, start + 77)]))
            }
        }
        #expect(whole.levels == parts.levels)
    }

    /// Loops of i, VI, VII and i, and of i, VII, VI and V, whose notes but one are those of the relative major.
    @Test(arguments: [("A minor", 9, false), ("C# minor", 1, false), ("F minor", 5, true), ("G minor", 7, true)])
    func minorIsNotTakenForItsRelativeMajor(name: String, tonic: Int, falls: Bool) throws {
        let (first, sixth, seventh) = ([0, 3, 7], [8, 12, 15], [10, 14, 17])
        let chords = falls ? [first, seventh, sixth, [7, 11, 14]] : [first, sixth, seventh, first]
        var music = MadeMusic.silence(19.5)
        for place in 0..<13 {
            let chord = chords[place % 4]
            for (index, note) in ([chord[0] - 24] + chord).enumerated() {
                music.add(
                    261.63 * pow(2, Double(tonic + note) / 12), from: Double(place) * 1.5, for: 1.4,
                    amplitude: index == 0 ? 0.3 : 0.15)
            }
        }
        #expect(try music.analysis().features.key?.name == name)
    }

    @Test(arguments: [52.0, 66, 144, 170]) func slowAndFastBeatsAreFoundToo(bpm: Double) throws {
        let times = Array(stride(from: 0.3, to: 19.5, by: 60 / bpm))
        let found = try ListeningSound.clicks(times, seconds: 20).analysis().features.tempo
        let tempo = try #require(found).bpm
        #expect([0.5, 1, 2].contains { abs(tempo - bpm * $0) < 0.02 * bpm * $0 }, "\(tempo)")
    }
}
