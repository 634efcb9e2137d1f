import Glibc
import TestSupport

/// A made-up song: a name, and one to three seconds of a tone that no other song of the same seed has.
struct Song {
    let fileName: String
    let bytes: [UInt8]

    private static let names = [
        "Night Train", "Harbour Lights", "Paper Boats", "Second Winter", "Tin Roof", "Slow Parade", "Copper Wire",
        "Low Tide", "Glass Hour", "Northern Line", "Salt and Smoke", "Empty Stage",
    ]

    /// Makes the song of a number and a seed.
    init(number: Int, seed: UInt64) {
        let round = number / Self.names.count + 1
        let name = Self.names[number % Self.names.count]
        fileName = round == 1 ? "\(name).wav" : "\(name) \(round).wav"
        var random = SeededRandom(seed: seed &* 1_000_003 &+ UInt64(number))
        bytes = wav(
            seconds: Double.random(in: 1...3, using: &random),
            // Steps of the scale, each a little off by chance, so that no two tones are alike.
            frequency: 110 * pow(2, Double(number % 36) / 12) * Double.random(in: 1...1.02, using: &random),
            sampleRate: [22_050, 44_100].randomElement(using: &random) ?? 44_100,
            channels: Int.random(in: 1...2, using: &random))
    }
}
