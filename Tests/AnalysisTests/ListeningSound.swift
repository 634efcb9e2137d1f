import Digest
import Files
import Glibc
import TestSupport

@testable import Analysis

/// A made-up sound whose truth is known, as the bytes of a WAV file of 32-bit floating point.
struct ListeningSound {
    let rate: Int
    let channels: Int
    private(set) var samples: [Float] = []

    /// Makes each sample from its number in its channel and its channel.
    init(
        seconds: Double = 1, rate: Int = 22050, channels: Int = 1, _ sample: (_ frame: Int, _ channel: Int) -> Float
    ) {
        self.init(frames: Int(seconds * Double(rate)), rate: rate, channels: channels, sample)
    }

    init(frames: Int, rate: Int = 22050, channels: Int = 1, _ sample: (_ frame: Int, _ channel: Int) -> Float) {
        (self.rate, self.channels) = (rate, channels)
        samples.reserveCapacity(frames * channels)
        for frame in 0..<frames { for channel in 0..<channels { samples.append(sample(frame, channel)) } }
    }

    /// A sine that is the same in all channels.
    static func sine(
        _ frequency: Double, seconds: Double = 1, rate: Int = 22050, channels: Int = 1, amplitude: Double = 0.5,
        phase: Double = 0
    ) -> ListeningSound {
        ListeningSound(seconds: seconds, rate: rate, channels: channels) { frame, _ in
            Float(amplitude * sin(2 * .pi * frequency * Double(frame) / Double(rate) + phase))
        }
    }

    /// Notes, each so many seconds from the beginning, that fade as a plucked string does.
    static func notes(_ notes: [(time: Double, midi: Double)], seconds: Double, rate: Int = 22050) -> ListeningSound
    {
        var sound = ListeningSound(seconds: seconds, rate: rate) { _, _ in 0 }
        for note in notes {
            let frequency = 440 * pow(2, (note.midi - 69) / 12)
            let start = Int((note.time * Double(rate)).rounded())
            for frame in start..<min(sound.samples.count, start + rate / 2) {
                let time = Double(frame - start) / Double(rate)
                let tone = sin(2 * .pi * frequency * time) + 0.4 * sin(4 * .pi * frequency * time)
                sound.samples[frame] += Float(0.15 * tone * exp(-5 * time) * min(1, time * 300))
            }
        }
        return sound
    }

    /// Short bursts of noise at these moments; always the same noise.
    static func clicks(_ times: [Double], seconds: Double, rate: Int = 22050) -> ListeningSound {
        var chance = SeededRandom(seed: 5)
        var sound = ListeningSound(seconds: seconds, rate: rate) { _, _ in 0 }
        for time in times {
            let start = Int((time * Double(rate)).rounded())
            for frame in start..<min(sound.samples.count, start + rate / 50) {
                let fade = exp(-Double(frame - start) / Double(rate) * 200)
                sound.samples[frame] += Float(Double.random(in: -0.7...0.7, using: &chance) * fade)
            }
        }
        return sound
    }

    /// The file.
    var bytes: [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let size = samples.count * 4
        var bytes =
            Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(3, 2)
        bytes += little(channels, 2) + little(rate, 4) + little(rate * channels * 4, 4) + little(channels * 4, 2)
        bytes += little(32, 2) + Array("data".utf8) + little(size, 4)
        samples.withUnsafeBytes { bytes += $0 }
        return bytes
    }

    /// What is heard in it.
    func analysis(_ settings: AnalysisSettings = AnalysisSettings()) throws -> SoundAnalysis {
        try Self.analysis(of: bytes, settings)
    }

    /// What is heard in a file that says `bytes`.
    static func analysis(
        of bytes: [UInt8], _ settings: AnalysisSettings = AnalysisSettings(),
        progress: (FilePath, Int64, Int64) -> Bool = { _, _, _ in true }
    ) throws -> SoundAnalysis {
        try withTemporaryDirectory { directory in
            let path = directory.appending("sound")
            try FileSystem.write(bytes, to: path)
            let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
            defer { close(descriptor) }
            return try SoundAnalysis.analyse(descriptor: descriptor, source: .ofNothing, settings: settings) {
                progress(path, $0, $1)
            }
        }
    }

    /// Why a file that says `bytes` cannot be analysed.
    static func failure(
        of bytes: [UInt8], progress: (FilePath, Int64, Int64) -> Bool = { _, _, _ in true }
    ) throws -> AnalysisError? {
        do {
            _ = try analysis(of: bytes, progress: progress)
            return nil
        } catch let error as AnalysisError { return error }
    }
}
