import Testing

@testable import Analysis

@Test func theLengthIsRoundedToMilliseconds() {
    func length(_ frames: Int64, _ rate: Int) -> Int64 {
        Features(frames: frames, sampleRate: rate, channels: 1, peak: 0, rms: 0, hop: 2048).durationMs
    }
    #expect(length(44100, 44100) == 1000)
    #expect(length(22, 44100) == 0)
    #expect(length(23, 44100) == 1)
    // A year of it.
    #expect(length(44100 * 86400 * 365, 44100) == 31_536_000_000)
}
