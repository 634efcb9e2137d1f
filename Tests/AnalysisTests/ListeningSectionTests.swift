import Glibc
import TestSupport
import Testing

@testable import Analysis

/// Parts of music that sound unlike their neighbours.
struct ListeningSectionTests {
    private static let interval = 0.05

    private func sections(seconds: Double, _ level: (_ second: Double, _ band: Int) -> Double) -> [Markers.Span] {
        let frames = Int(seconds / Self.interval)
        let bands = (0..<frames).flatMap { frame in
            (0..<8).map { band in
                let decibels = level(Double(frame) * Self.interval, band)
                return UInt8(max(0, min(255, decibels / TimbreMeter.decibelsPerStep)))
            }
        }
        return SectionFinder(interval: Self.interval, width: 8).sections(of: bands, beats: [])
    }

    /// A, B and A again, each of 16 seconds: low notes every half second, or high ones with noise every quarter.
    @Test func anotherPartBeginsWhereOtherThingsPlay() throws {
        var chance = SeededRandom(seed: 4)
        let found = try ListeningSound(seconds: 48, rate: 8000) { frame, _ in
            let time = Double(frame) / 8000
            let isOther = (16.0..<32).contains(time)
            let step = isOther ? 0.25 : 0.5
            let since = time.truncatingRemainder(dividingBy: step)
            let note = isOther ? [880.0, 1109, 1319, 1175][Int(time) % 4] : [110.0, 147, 165, 131][Int(time) % 4]
            let noise = isOther ? 0.05 * Double.random(in: -1...1, using: &chance) : 0
            return Float((0.3 * sin(2 * .pi * note * time) + noise) * exp(-4 * since))
        }.analysis().markers.sections
        #expect(found.count == 3)
        for (section, start) in zip(found, [0, 16_000, 32_000]) { #expect(abs(section.start - start) < 600) }
        for (one, next) in zip(found, found.dropFirst()) { #expect(one.end == next.start) }
        #expect(abs(try #require(found.last).end - 48_000) < 600)
    }

    @Test func aPartBeginsWithinATenthOfASecond() throws {
        let found = sections(seconds: 60) { second, band in second < 27 || band > 4 ? 40 : 55 }
        #expect(found.count == 2)
        #expect(abs(try #require(found.last).start - 27_000) <= 100)
    }

    @Test func whatStaysTheSameIsOnePart() {
        #expect(sections(seconds: 120) { second, band in 40 + 10 * sin(second * 9) + Double(band) }.isEmpty)
        var chance = SeededRandom(seed: 9)
        #expect(sections(seconds: 120) { _, _ in Double.random(in: 20...70, using: &chance) }.isEmpty)
    }

    /// What becomes louder little by little does not begin anywhere.
    @Test func whatChangesSlowlyIsOnePart() {
        #expect(sections(seconds: 60) { second, _ in 30 + second }.isEmpty)
    }

    /// Each phrase sounds unlike the last, so that no border stands out.
    @Test func whatChangesAllTheTimeIsOnePart() {
        #expect(sections(seconds: 90) { second, band in Int(second / 3) % 2 == band % 2 ? 60 : 40 }.isEmpty)
    }

    @Test func shortMusicAndSilenceHaveNoParts() {
        #expect(sections(seconds: 15) { second, _ in second < 8 ? 40 : 60 }.isEmpty)
        #expect(sections(seconds: 60) { _, _ in 0 }.isEmpty)
        #expect(sections(seconds: 0) { _, _ in 0 }.isEmpty)
        #expect(
            SectionFinder(interval: 1, width: 8).sections(of: Array(repeating: 90, count: 8000), beats: []).isEmpty)
    }

    @Test func aPartBeginsOnTheBeatNearby() throws {
        let frames = 1000
        let bands = (0..<frames * 8).map { UInt8($0 / 8 < 500 ? 120 : 180) }
        let finder = SectionFinder(interval: Self.interval, width: 8)
        #expect(finder.sections(of: bands, beats: [24_900, 25_700]).last?.start == 24_900)
        #expect(finder.sections(of: bands, beats: [24_000, 26_000]).last?.start == 25_000)
    }
}
