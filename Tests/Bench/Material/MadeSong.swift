import Files
import Glibc
import TestSupport

/// Made-up music of any length: chords, a bass and drums at 120 beats a minute, a little different on either side, so that
/// an analysis has as much to find in it as in a recording.
enum MadeSong {
    private static let rate = 44_100
    private static let chords: [[Double]] = [
        [220, 261.6, 329.6], [174.6, 220, 261.6], [196, 246.9, 293.7], [164.8, 207.7, 246.9],
    ]

    /// Writes a WAV file of two channels of 16 bits at 44.1 kHz. Every two seconds are made anew.
    static func write(seconds: Int, to path: FilePath) throws {
        let file = try FileDescriptor.open(path, .write, create: .exclusive)
        try file.write(all: Sounds.header(dataSize: seconds * rate * 4))
        var chance = SeededRandom(seed: 1)
        for bar in 0..<(seconds + 1) / 2 {
            let length = min(2, seconds - 2 * bar)
            try file.write(all: self.bar(chords[bar / 2 % chords.count], length * rate, &chance))
        }
    }

    private static func bar(_ chord: [Double], _ frames: Int, _ chance: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frames * 4)
        let loud = Double.random(in: 0.6...1, using: &chance)
        var noise = UInt32.random(in: 1 ... .max, using: &chance)
        for frame in 0..<frames {
            let time = Double(frame) / Double(rate)
            let beat = time.truncatingRemainder(dividingBy: 0.5)
            var tone = 0.0
            for (place, pitch) in chord.enumerated() {
                let angle = 2 * Double.pi * pitch * time
                tone += (sin(angle) + 0.5 * sin(2 * angle) + 0.25 * sin(3 * angle + Double(place))) * 0.08
            }
            let bass = sin(Double.pi * chord[0] * time) * 0.2 * exp(-beat * 3)
            noise ^= noise << 13
            noise ^= noise >> 17
            noise ^= noise << 5
            let hiss = Double(Int32(bitPattern: noise)) / Double(Int32.max) * exp(-beat * 30) * 0.3
            for side in [-1.0, 1.0] {
                let sample = (tone * (1 + 0.2 * side) + bass + hiss * (1 - 0.3 * side)) * loud
                let number = UInt16(bitPattern: Int16(max(-1, min(1, sample)) * 32_767))
                bytes.append(UInt8(truncatingIfNeeded: number))
                bytes.append(UInt8(truncatingIfNeeded: number >> 8))
            }
        }
        return bytes
    }
}
