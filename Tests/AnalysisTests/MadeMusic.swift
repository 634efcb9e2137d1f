import Digest
import Files
import Glibc
import TestSupport
import Testing

@testable import Analysis

/// Sounds of which it is known what is to be heard in them.
struct MadeMusic {
    var rate = 22_050
    var channels: [[Float]] = [[]]

    /// So many seconds of silence.
    static func silence(_ seconds: Double, rate: Int = 22_050, channels: Int = 1) -> MadeMusic {
        let samples = [Float](repeating: 0, count: Int(seconds * Double(rate)))
        return MadeMusic(rate: rate, channels: Array(repeating: samples, count: channels))
    }

    /// Adds a sine from a moment on, fading away if it is struck.
    mutating func add(
        _ frequency: Double, from start: Double, for length: Double, amplitude: Double = 0.3, struck: Bool = false
    ) {
        for channel in channels.indices {
            let first = Int(start * Double(rate))
            for index in first..<min(first + Int(length * Double(rate)), channels[channel].count) {
                let time = Double(index - first) / Double(rate)
                let fade = struck ? exp(-time * 40) : 1
                channels[channel][index] += Float(sin(2 * .pi * frequency * time) * amplitude * fade)
            }
        }
    }

    /// As a WAV file of floating-point samples.
    var wav: [UInt8] {
        let count = channels[0].count * channels.count * 4
        func little(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var bytes =
            Array("RIFF".utf8) + little(36 + count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(3, 2)
        bytes += little(channels.count, 2) + little(rate, 4) + little(rate * channels.count * 4, 4)
        bytes += little(channels.count * 4, 2) + little(32, 2) + Array("data".utf8) + little(count, 4)
        for index in channels[0].indices {
            for channel in channels { bytes += little(Int(channel[index].bitPattern), 4) }
        }
        return bytes
    }

    func analysis(_ settings: AnalysisSettings = AnalysisSettings()) throws -> SoundAnalysis {
        try Self.analysis(of: wav, settings)
    }

    /// What is found out about the bytes of a file.
    static func analysis(
        of bytes: [UInt8], _ settings: AnalysisSettings = AnalysisSettings(),
        progress: (Int64, Int64) -> Bool = { _, _ in true }
    ) throws -> SoundAnalysis {
        try withTemporaryDirectory { folder in
            let path = folder.appending("sound")
            try FileSystem.write(bytes, to: path)
            let file = try FileDescriptor.open(path, .read)
            return try SoundAnalysis.analyse(
                descriptor: file.raw, source: ContentHash(of: bytes), settings: settings, progress: progress)
        }
    }
}
