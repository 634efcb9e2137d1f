import CSndfile
import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

/// What a file decodes to, or why not.
func decoded(_ bytes: [UInt8], in directory: FilePath) throws -> (samples: [Float], frames: Int, error: AudioError?)
{
    let path = directory.appending("decoded")
    try FileSystem.write(bytes, to: path)
    return try decoded(path)
}

func decoded(_ path: FilePath) throws -> (samples: [Float], frames: Int, error: AudioError?) {
    let file = try FileDescriptor.open(path, .read)
    var (samples, frames) = ([Float](), 0)
    do throws(AudioError) {
        var reader = try SampleReader(descriptor: file.raw)
        var buffer = [Float](repeating: 0, count: 4096 / reader.channels * reader.channels + reader.channels)
        while true {
            let got = try buffer.withUnsafeMutableBufferPointer { (room) throws(AudioError) in
                try reader.read(into: room)
            }
            if got == 0 { break }
            samples += buffer[..<(got * reader.channels)]
            frames += got
        }
        try reader.finish(afterReading: Int64(frames))
        return (samples, frames, nil)
    } catch { return (samples, frames, error) }
}

/// A file that ends before its sound does.
struct CutOffTests {
    /// Formats that say how many bytes of sound follow.
    static let counted: [[Int]] = [
        [SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_WAVEX, SF_FORMAT_FLOAT], [SF_FORMAT_RF64, SF_FORMAT_PCM_24],
        [SF_FORMAT_WAV, SF_FORMAT_IMA_ADPCM], [SF_FORMAT_AIFF, SF_FORMAT_PCM_24],
        [SF_FORMAT_AIFF, SF_FORMAT_FLOAT],
        [SF_FORMAT_W64, SF_FORMAT_PCM_16], [SF_FORMAT_CAF, SF_FORMAT_PCM_16], [SF_FORMAT_FLAC, SF_FORMAT_PCM_16],
    ]

    @Test(arguments: counted) func halfAFileIsNoticedAndAWholeOneIsNot(format: [Int]) throws {
        try withTemporaryDirectory { directory throws in
            let bytes = try MadeSound(format[0], format[1]).bytes(in: directory)
            let whole = try decoded(bytes, in: directory)
            #expect(whole.error == nil && whole.frames >= 4_410)
            let half = try decoded(Array(bytes[..<(bytes.count / 2)]), in: directory)
            #expect(half.error?.code == .damaged)
            let reason = half.error?.reason ?? ""
            // Of a CAF file that is cut off libsndfile opens nothing at all.
            #expect(reason.hasPrefix("is cut off: ") || reason.hasPrefix("begins like a CAF file"), "\(reason)")
        }
    }

    @Test func whatIsMissingIsTold() throws {
        try withTemporaryDirectory { directory throws in
            let bytes = wav(seconds: 0.1, channels: 2)
            let cut = try decoded(Array(bytes.dropLast(9)), in: directory)
            #expect(cut.error == AudioError(.damaged, "is cut off: 4407 of 4410 frames are there"))
            // The facts are of what is there, so that a track can be kept.
            #expect(try inspect(Array(bytes.dropLast(9)), in: directory).facts.frames == 4407)
            let file = try FileDescriptor.open(directory.appending("decoded"), .read)
            #expect(throws: AudioError.self) { try AudioFile.inspect(descriptor: file.raw, mustBeWhole: true) }
        }
    }

    /// What programs write that pass a sound on before they know its length.
    @Test(arguments: [0xffff_ffff, 0xffff_ffdb, 0x7fff_ffff, 0x7fff_f000, 0x8000_0000, 0x7f00_0000] as [UInt32])
    func aSoundFromAPipeIsWhole(size: UInt32) throws {
        try withTemporaryDirectory { directory throws in
            var bytes = wav(seconds: 0.1)
            for index in 0..<4 {
                let byte = UInt8(truncatingIfNeeded: size >> (8 * UInt32(index)))
                (bytes[4 + index], bytes[40 + index]) = (byte, byte)
            }
            let piped = try decoded(bytes, in: directory)
            #expect(piped.error == nil && piped.frames == 4410)
            #expect(try inspect(bytes, in: directory).facts.frames == 4410)
        }
    }

    @Test func chunksBehindTheSoundDoNotCount() throws {
        try withTemporaryDirectory { directory throws in
            let bytes = wav(seconds: 0.1, bits: 24)
            let list = Array("LIST".utf8) + [4, 0, 0, 0] + Array("INFO".utf8)
            #expect(try decoded(bytes + list, in: directory).frames == 4410)
            #expect(try decoded(bytes + list.dropLast(2), in: directory).error == nil)
        }
    }

    /// Wherever a file ends, it is an error, or what is heard is the beginning of what the whole has.
    @Test(arguments: [
        [SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_AIFF, SF_FORMAT_PCM_16], [SF_FORMAT_FLAC, SF_FORMAT_PCM_16],
        [SF_FORMAT_OGG, SF_FORMAT_VORBIS], [SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III],
        [SF_FORMAT_OGG, SF_FORMAT_OPUS], [SF_FORMAT_CAF, SF_FORMAT_PCM_16], [SF_FORMAT_W64, SF_FORMAT_PCM_16],
    ])
    func aFileCutAnywhereGivesAnErrorOrItsBeginning(format: [Int]) throws {
        try withTemporaryDirectory { directory throws in
            let rate: Int32 = format[1] == SF_FORMAT_OPUS ? 48_000 : 44_100
            let isCompressed = [SF_FORMAT_OGG, SF_FORMAT_MPEG].contains(format[0])
            let frames = isCompressed ? 6_000 : 200
            let bytes = try MadeSound(format[0], format[1], channels: 1, rate: rate, frames: frames)
                .bytes(in: directory)
            let whole = try decoded(bytes, in: directory)
            #expect(whole.error == nil && whole.frames >= frames)
            for place in bytes.indices {
                let cut = try decoded(Array(bytes[..<place]), in: directory)
                if cut.error != nil { continue }
                #expect(cut.frames <= whole.frames, "cut at \(place)")
                // The last frame that can be decoded may sound otherwise without the next.
                let sure = max(0, cut.frames - 2304)
                let same = zip(cut.samples[..<sure], whole.samples).allSatisfy { abs($0 - $1) < 1e-4 }
                #expect(same, "cut at \(place) it begins otherwise")
                if !isCompressed { #expect(cut.samples == whole.samples, "cut at \(place) and whole all the same") }
            }
        }
    }
}
