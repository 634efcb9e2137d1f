import CSndfile
import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

@Test func anEmptyFileIsNoAudio() throws {
    try withTemporaryDirectory { directory throws in
        #expect(try failure([], in: directory) == AudioError(.notAudio, "is empty"))
    }
}

@Test func textIsNoAudio() throws {
    try withTemporaryDirectory { directory throws in
        let text = Array("This is a long letter about nothing in particular, and no music.\n".utf8)
        #expect(try failure(text, in: directory)?.reason == "is text, not audio")
        #expect(try failure([0x41], in: directory)?.code == .notAudio)
    }
}

@Test func aPictureIsNamed() throws {
    try withTemporaryDirectory { directory throws in
        var random = SeededRandom()
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 16] + Array("JFIF".utf8) + random.bytes(5_000)
        #expect(try failure(jpeg, in: directory)?.reason == "is a JPEG picture, not audio that can be read")
        let film = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + random.bytes(5_000)
        #expect(try failure(film, in: directory)?.reason == "is an MP4 or M4A file, not audio that can be read")
    }
}

@Test func aPointerOfGitLFSIsNamed() throws {
    try withTemporaryDirectory { directory throws in
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
        #expect(try failure(Array(pointer.utf8), in: directory)?.reason.contains("git-lfs pointer") == true)
    }
}

@Test func randomBytesAreNoAudio() throws {
    try withTemporaryDirectory { directory throws in
        var random = SeededRandom()
        for _ in 0..<60 {
            let bytes = random.bytes(Int.random(in: 1...20_000, using: &random))
            #expect(try failure(bytes, in: directory)?.code == .notAudio, "\(random)")
        }
    }
}

@Test func randomBytesThatBeginLikeMP3AreNoAudio() throws {
    try withTemporaryDirectory { directory throws in
        var random = SeededRandom()
        let beginnings: [[UInt8]] = [
            [0xff, 0xfb, 0x90, 0x64], [0xff, 0xf3, 0x40], [0xff, 0xe2], [0xff, 0xfa, 0x50],
        ]
        for index in 0..<40 {
            let bytes = beginnings[index % 4] + random.bytes(6_000)
            #expect(try failure(bytes, in: directory)?.code == .notAudio, "\(random)")
        }
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 20] + [UInt8](repeating: 0, count: 20)
        #expect(try failure(tag + random.bytes(6_000), in: directory) != nil, "\(random)")
    }
}

@Test func anMP3BehindALargeTagIsRead() throws {
    try withTemporaryDirectory { directory throws in
        var random = SeededRandom()
        let mp3 = try MadeSound(SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III).bytes(in: directory)
        // A picture of 200,000 bytes: its size in seven bits a byte.
        let size = 200_010
        let digits = [size >> 21, size >> 14 & 0x7f, size >> 7 & 0x7f, size & 0x7f].map { UInt8($0) }
        let frame = Array("PRIV".utf8) + [0, 12, 26, 64] + [0, 0]
        let tag = Array("ID3".utf8) + [4, 0, 0] + digits + frame + random.bytes(200_000)
        let facts = try inspect(tag + mp3, in: directory).facts
        #expect(facts.format == "mp3")
        #expect(facts.frames < 20_000)
    }
}

@Test
func aPipeIsRefusedAtOnce() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    #expect(throws: AudioError(.notRegular, "is no regular file")) {
        try AudioFile.inspect(descriptor: ends[0])
    }
}

@Test func aDirectoryIsRefused() throws {
    try withTemporaryDirectory { directory throws in
        _ = #expect(throws: AudioError(.notRegular, "is no regular file")) { try inspect(directory) }
    }
}

@Test func aClosedDescriptorIsAnError() {
    #expect(throws: AudioError.self) { try AudioFile.inspect(descriptor: -1) }
}

/// libsndfile would go round for ever in the one, and write beside its memory in the other.
@Test func whatLibsndfileCannotBearIsRefusedBeforeItSeesIt() throws {
    try withTemporaryDirectory { directory throws in
        let list = Array("LIST".utf8) + [84, 0, 0, 0] + Array("INFOIART".utf8) + [0xf7, 0xff, 0xff, 0xff]
        let bytes = wav(seconds: 0.01) + list + [UInt8](repeating: 65, count: 68)
        #expect(try failure(bytes, in: directory)?.reason == "has a list of tags with sizes that cannot be true")
        let voice = try MadeSound(SF_FORMAT_WAV, SF_FORMAT_NMS_ADPCM_32, channels: 1, rate: 8000, frames: 640)
            .bytes(in: directory)
        #expect(try failure(voice, in: directory)?.reason == "holds NMS ADPCM, which is not read")
        #expect(try decoded(voice, in: directory).error?.code == .notAudio)
    }
}

@Test func errorsReadAsSentences() {
    #expect(AudioError(.notAudio, "is empty").description == "the file is empty")
}

/// Formats of which small files are cut and damaged at every place.
private let fragile: [[Int]] = [
    [SF_FORMAT_WAV, SF_FORMAT_PCM_16], [SF_FORMAT_AIFF, SF_FORMAT_PCM_16], [SF_FORMAT_FLAC, SF_FORMAT_PCM_16],
    [SF_FORMAT_OGG, SF_FORMAT_VORBIS], [SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III],
    [SF_FORMAT_CAF, SF_FORMAT_PCM_16],
    [SF_FORMAT_OGG, SF_FORMAT_OPUS], [SF_FORMAT_W64, SF_FORMAT_PCM_16],
]

/// Whatever `inspect` says of a damaged file, it can be true.
private func expectPlausible(_ bytes: [UInt8], in directory: FilePath, _ note: String) throws {
    guard let facts = try? inspect(bytes, in: directory).facts else { return }
    #expect((1...1024).contains(facts.channels), "\(note)")
    #expect((1...10_000_000).contains(facts.sampleRate), "\(note)")
    #expect((0...Int64(bytes.count) * 8192).contains(facts.frames), "\(note)")
}

@Test(arguments: fragile)
func aFileCutAnywhereGivesAnErrorOrPlausibleFacts(format: [Int]) throws {
    try withTemporaryDirectory { directory throws in
        let rate: Int32 = format[1] == SF_FORMAT_OPUS ? 48_000 : 44_100
        let bytes = try MadeSound(format[0], format[1], channels: 1, rate: rate, frames: 200).bytes(in: directory)
        // Every place of the header and the first data, then steps.
        let places = Array(0..<min(600, bytes.count)) + Array(stride(from: 600, to: bytes.count, by: 37))
        for place in places { try expectPlausible(Array(bytes[..<place]), in: directory, "cut at \(place)") }
    }
}

@Test(arguments: fragile)
func aDamagedFileGivesAnErrorOrPlausibleFacts(format: [Int]) throws {
    try withTemporaryDirectory { directory throws in
        var random = SeededRandom()
        let rate: Int32 = format[1] == SF_FORMAT_OPUS ? 48_000 : 44_100
        let bytes = try MadeSound(format[0], format[1], channels: 1, rate: rate, frames: 200).bytes(in: directory)
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<min(400, bytes.count), using: &random)
                damaged[place] =
                    [0, 0xff, 0x7f, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            try expectPlausible(damaged, in: directory, "\(random)")
        }
    }
}
