import CSndfile
import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

struct FormatCase: Sendable, CustomTestStringConvertible {
    let major: Int
    let minor: Int
    let format: String
    let fileExtension: String
    let bits: Int?
    var rate: Int32 = 44_100

    var testDescription: String { "\(format) \(bits.map(String.init) ?? "lossy")" }

    static let all: [FormatCase] = [
        .init(major: SF_FORMAT_WAV, minor: SF_FORMAT_PCM_16, format: "wav", fileExtension: "wav", bits: 16),
        .init(major: SF_FORMAT_WAV, minor: SF_FORMAT_PCM_U8, format: "wav", fileExtension: "wav", bits: 8),
        .init(major: SF_FORMAT_WAVEX, minor: SF_FORMAT_PCM_24, format: "wav", fileExtension: "wav", bits: 24),
        .init(major: SF_FORMAT_WAV, minor: SF_FORMAT_FLOAT, format: "wav", fileExtension: "wav", bits: 32),
        .init(major: SF_FORMAT_WAV, minor: SF_FORMAT_ULAW, format: "wav", fileExtension: "wav", bits: nil),
        .init(major: SF_FORMAT_RF64, minor: SF_FORMAT_PCM_16, format: "rf64", fileExtension: "wav", bits: 16),
        .init(major: SF_FORMAT_AIFF, minor: SF_FORMAT_PCM_24, format: "aiff", fileExtension: "aiff", bits: 24),
        .init(major: SF_FORMAT_AU, minor: SF_FORMAT_DOUBLE, format: "au", fileExtension: "au", bits: 64),
        .init(major: SF_FORMAT_CAF, minor: SF_FORMAT_PCM_32, format: "caf", fileExtension: "caf", bits: 32),
        .init(major: SF_FORMAT_CAF, minor: SF_FORMAT_ALAC_24, format: "caf", fileExtension: "caf", bits: 24),
        .init(major: SF_FORMAT_W64, minor: SF_FORMAT_PCM_16, format: "w64", fileExtension: "w64", bits: 16),
        .init(major: SF_FORMAT_FLAC, minor: SF_FORMAT_PCM_16, format: "flac", fileExtension: "flac", bits: 16),
        .init(major: SF_FORMAT_FLAC, minor: SF_FORMAT_PCM_24, format: "flac", fileExtension: "flac", bits: 24),
        .init(major: SF_FORMAT_OGG, minor: SF_FORMAT_VORBIS, format: "ogg", fileExtension: "ogg", bits: nil),
        .init(
            major: SF_FORMAT_OGG, minor: SF_FORMAT_OPUS, format: "opus", fileExtension: "opus", bits: nil,
            rate: 48_000),
        .init(
            major: SF_FORMAT_MPEG, minor: SF_FORMAT_MPEG_LAYER_III, format: "mp3", fileExtension: "mp3", bits: nil),
    ]
}

@Test(arguments: FormatCase.all)
func factsAreThoseThatTheFileWasMadeWith(format: FormatCase) throws {
    try withTemporaryDirectory { directory throws in
        let bytes = try MadeSound(format.major, format.minor, rate: format.rate).bytes(in: directory)
        let facts = try inspect(bytes, in: directory).facts
        #expect(facts.format == format.format)
        #expect(facts.fileExtension == format.fileExtension)
        #expect(facts.bits == format.bits)
        #expect(facts.channels == 2)
        #expect(facts.sampleRate == Int(format.rate))
        // MP3 is padded to whole frames at both ends, unless its encoder says by how much.
        #expect(abs(facts.frames - 4_410) <= (format.format == "mp3" ? 2_304 : 0))
    }
}

@Test func durationIsRoundedAndNeverOverflows() {
    func duration(_ frames: Int64, rate: Int) -> Int64 {
        AudioFacts(format: "wav", fileExtension: "wav", bits: 16, channels: 1, sampleRate: rate, frames: frames)
            .durationMilliseconds
    }
    #expect(duration(44_100, rate: 44_100) == 1_000)
    #expect(duration(22, rate: 44_100) == 0)
    #expect(duration(23, rate: 44_100) == 1)
    #expect(duration(.max, rate: 10_000_000) == 922_337_203_685_478)
}

@Test func inspectingLeavesTheDescriptorAsItWas() throws {
    try withTemporaryDirectory { directory throws in
        let path = directory.appending("a.wav")
        try FileSystem.write(wav(), to: path)
        let file = try FileDescriptor.open(path, .read)
        let first = try AudioFile.inspect(descriptor: file.raw).facts
        #expect(lseek(file.raw, 3, SEEK_SET) == 3)
        let second = try AudioFile.inspect(descriptor: file.raw).facts
        #expect(first == second)
        #expect(lseek(file.raw, 0, SEEK_CUR) == 3)
    }
}

@Test func anAnnouncedLengthBeyondTheFileIsCutToTheFile() throws {
    try withTemporaryDirectory { directory throws in
        var bytes = try MadeSound(SF_FORMAT_WAV, SF_FORMAT_PCM_16).bytes(in: directory)
        bytes.removeLast(bytes.count / 2)
        let facts = try inspect(bytes, in: directory).facts
        #expect(facts.frames <= Int64(bytes.count / 4))
        #expect(facts.frames >= Int64(bytes.count / 4 - 100))
    }
}

@Test func aFLACThatDoesNotSayItsLengthIsCounted() throws {
    try withTemporaryDirectory { directory throws in
        var bytes = try MadeSound(SF_FORMAT_FLAC, SF_FORMAT_PCM_16).bytes(in: directory)
        // The total lies in the low 36 bits of the eight bytes at 18.
        bytes[21] &= 0xf0
        for index in 22...25 { bytes[index] = 0 }
        #expect(try inspect(bytes, in: directory).facts.frames == 4_410)
    }
}

@Test func aFLACThatAnnouncesMoreThanItCanHoldIsRefused() throws {
    try withTemporaryDirectory { directory throws in
        var bytes = try MadeSound(SF_FORMAT_FLAC, SF_FORMAT_PCM_16).bytes(in: directory)
        bytes[21] |= 0x0f
        for index in 22...25 { bytes[index] = 0xff }
        let error = try #require(try failure(bytes, in: directory))
        #expect(error.code == .absurd)
        #expect(error.reason.contains("68719476735 frames"))
    }
}

@Test func aFLACBehindAnID3TagIsStillFLAC() throws {
    try withTemporaryDirectory { directory throws in
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 20] + [UInt8](repeating: 0, count: 20)
        let bytes = try MadeSound(SF_FORMAT_FLAC, SF_FORMAT_PCM_16).bytes(in: directory)
        #expect(try inspect(tag + bytes, in: directory).facts.format == "flac")
    }
}

@Test func absurdRatesAndChannelsAreRefused() throws {
    try withTemporaryDirectory { directory throws in
        let good = wav()
        var rate = good
        rate.replaceSubrange(24..<28, with: [0xff, 0xff, 0xff, 0x7f])
        #expect(try failure(rate, in: directory)?.code == .absurd)
        var channels = good
        channels.replaceSubrange(22..<24, with: [0, 0])
        #expect(try failure(channels, in: directory) != nil)
        var many = good
        many.replaceSubrange(22..<24, with: [0xff, 0xff])
        #expect(try failure(many, in: directory) != nil)
    }
}
