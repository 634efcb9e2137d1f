import CSndfile
import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

/// What comes out of files of every kind, and what happens when the disk or somebody else spoils them meanwhile.
struct SampleReaderTests {
    @Test(arguments: [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000])
    func everyRate(rate: Int) throws {
        try withTemporaryDirectory { directory throws in
            for format in [[SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_FLAC, SF_FORMAT_PCM_24]] {
                let bytes = try MadeSound(format[0], format[1], rate: Int32(rate), frames: 500).bytes(in: directory)
                #expect(try inspect(bytes, in: directory).facts.sampleRate == rate)
                #expect(try decoded(bytes, in: directory).frames == 500)
            }
        }
    }

    @Test(
        arguments: [
            (SF_FORMAT_WAV, SF_FORMAT_PCM_U8, 0.01), (SF_FORMAT_WAV, SF_FORMAT_PCM_16, 1e-4),
            (SF_FORMAT_WAV, SF_FORMAT_PCM_24, 1e-6), (SF_FORMAT_WAV, SF_FORMAT_PCM_32, 1e-6),
            (SF_FORMAT_WAV, SF_FORMAT_FLOAT, 0), (SF_FORMAT_WAV, SF_FORMAT_DOUBLE, 0),
            (SF_FORMAT_AIFF, SF_FORMAT_PCM_24, 1e-6), (SF_FORMAT_FLAC, SF_FORMAT_PCM_24, 1e-6),
        ] as [(Int, Int, Float)])
    func everyWidthGivesTheSamples(major: Int, minor: Int, tolerance: Float) throws {
        try withTemporaryDirectory { directory throws in
            let bytes = try MadeSound(major, minor, channels: 1, frames: 300).bytes(in: directory)
            let samples = try decoded(bytes, in: directory).samples
            let made = (0..<300).map { Float(sin(Double($0) / 20) * 0.5) }
            #expect(samples.count == 300)
            #expect(zip(samples, made).allSatisfy { abs($0 - $1) <= tolerance })
        }
    }

    @Test(arguments: [1, 2, 32, 65, 1024]) func everyNumberOfChannels(channels: Int) throws {
        try withTemporaryDirectory { directory throws in
            let sound = try decoded(wav(seconds: 0.01, channels: channels), in: directory)
            #expect(sound.error == nil && sound.frames == 441 && sound.samples.count == 441 * channels)
        }
    }

    @Test(arguments: [0, 1]) func hardlyAnything(frames: Int) throws {
        try withTemporaryDirectory { directory throws in
            for format in [
                [SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_AIFF, SF_FORMAT_PCM_16],
                [SF_FORMAT_FLAC, SF_FORMAT_PCM_16],
            ] {
                let sound = try decoded(
                    MadeSound(format[0], format[1], frames: frames).bytes(in: directory), in: directory)
                #expect(sound.frames == frames && (sound.error == nil) == (frames == 1), "\(format)")
            }
        }
    }

    @Test func noNumbersAreSilence() throws {
        try withTemporaryDirectory { directory throws in
            var bytes = try MadeSound(SF_FORMAT_WAV, SF_FORMAT_FLOAT, channels: 1, frames: 100).bytes(in: directory)
            let odd: [Float] = [.nan, .signalingNaN, .infinity, -.infinity, 1e30]
            for (index, value) in odd.enumerated() {
                let place = bytes.count - 4 * (index + 1)
                withUnsafeBytes(of: value.bitPattern.littleEndian) {
                    bytes.replaceSubrange(place..<place + 4, with: $0)
                }
            }
            let sound = try decoded(bytes, in: directory)
            #expect(sound.error == nil && sound.frames == 100)
            #expect(sound.samples.suffix(5) == [0, 0, 0, 0, 0])
        }
    }

    @Test func aReadThatFailsIsNoEnd() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory.appending("long.wav")
            try FileSystem.write(wav(seconds: 3), to: path)
            let file = try FileDescriptor.open(path, .readWrite)
            let source = try Source(descriptor: file.raw)
            #expect(source.bytes(at: 0, count: 100).count == 100)
            try source.checkReadable()
            // A descriptor that may only be written to fails to be read.
            let writer = try FileDescriptor.open(path, .write)
            #expect(dup2(writer.raw, file.raw) >= 0)
            #expect(source.bytes(at: 200_000, count: 100).isEmpty)
            let error = #expect(throws: AudioError.self) { try source.checkReadable() }
            #expect(error?.code == .io && error?.reason.hasPrefix("cannot be read: ") == true)
        }
    }

    @Test(arguments: [
        [SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_AIFF, SF_FORMAT_PCM_24], [SF_FORMAT_FLAC, SF_FORMAT_PCM_16],
        [SF_FORMAT_OGG, SF_FORMAT_VORBIS], [SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III],
        [SF_FORMAT_OGG, SF_FORMAT_OPUS], [SF_FORMAT_CAF, SF_FORMAT_ALAC_16],
    ])
    func aDiskThatFailsIsToldWhateverTheFormat(format: [Int]) throws {
        try withTemporaryDirectory { directory throws in
            let rate: Int32 = format[1] == SF_FORMAT_OPUS ? 48_000 : 44_100
            let bytes = try MadeSound(format[0], format[1], rate: rate, frames: 600_000).bytes(in: directory)
            let path = directory.appending("failing")
            try FileSystem.write(bytes, to: path)
            let file = try FileDescriptor.open(path, .read)
            let writer = try FileDescriptor.open(path, .write)
            let error = #expect(throws: AudioError.self) {
                var reader = try SampleReader(descriptor: file.raw)
                var buffer = [Float](repeating: 0, count: 2048)
                var frames = 0
                while true {
                    let got = try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
                    if got == 0 { break }
                    frames += got
                    // From here on the system says no.
                    if frames < 5000 { #expect(dup2(writer.raw, file.raw) >= 0) }
                }
                try reader.finish(afterReading: Int64(frames))
            }
            #expect(error?.code == .io, "\(format): \(error?.reason ?? "")")
        }
    }

    @Test func aFileThatShrinksOrIsWrittenToMeanwhileIsAnError() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory.appending("shrinking.wav")
            try FileSystem.write(wav(seconds: 3), to: path)
            let file = try FileDescriptor.open(path, .readWrite)
            var reader = try SampleReader(descriptor: file.raw)
            var buffer = [Float](repeating: 0, count: 2048)
            var frames = 0
            while true {
                let got = try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
                if got == 0 { break }
                frames += got
                try file.truncate(to: 100_000)
            }
            let error = #expect(throws: AudioError.self) { try reader.finish(afterReading: Int64(frames)) }
            #expect(error?.code == .changed)
        }
    }

    /// Another file under the name is nobody's concern: the one that was opened is read to its end.
    @Test func aNameThatMovesOnIsNoMatter() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory.appending("moving.wav")
            try FileSystem.write(wav(seconds: 1), to: path)
            let file = try FileDescriptor.open(path, .read)
            var reader = try SampleReader(descriptor: file.raw)
            let other = directory.appending("other.wav")
            try FileSystem.write(wav(seconds: 0.2), to: other)
            try FileSystem.rename(other, to: path)
            var buffer = [Float](repeating: 0, count: 2048)
            var frames = 0
            while true {
                let got = try buffer.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
                if got == 0 { break }
                frames += got
            }
            #expect(frames == 44_100)
            try reader.finish(afterReading: Int64(frames))
        }
    }
}
