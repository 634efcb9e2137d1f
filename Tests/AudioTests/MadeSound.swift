import CSndfile
import Files
import Glibc
import TestSupport
import Testing

@testable import Audio

/// A short sound in any format that libsndfile writes.
struct MadeSound {
    var format: Int32
    var channels: Int32 = 2
    var rate: Int32 = 44_100
    var frames = 4_410
    var tags: [Int: String] = [:]

    init(_ major: Int, _ minor: Int, channels: Int32 = 2, rate: Int32 = 44_100, frames: Int = 4_410) {
        format = Int32(major | minor)
        self.channels = channels
        self.rate = rate
        self.frames = frames
    }

    /// Writes the sound to a file and returns its bytes.
    func bytes(in directory: FilePath) throws -> [UInt8] {
        let path = directory.appending("made-\(format)-\(channels)-\(frames)")
        var info = SF_INFO()
        info.format = format
        info.channels = channels
        info.samplerate = rate
        let handle = try #require(path.withCString { sf_open($0, Int32(SFM_WRITE), &info) })
        for (tag, text) in tags { #expect(sf_set_string(handle, Int32(tag), text) == 0) }
        let samples = (0..<(frames * Int(channels))).map { Float(sin(Double($0) / 20) * 0.5) }
        #expect(sf_writef_float(handle, samples, sf_count_t(frames)) == sf_count_t(frames))
        sf_close(handle)
        return try FileSystem.read(path)
    }
}

/// What `inspect` says of bytes in a file.
func inspect(_ bytes: [UInt8], in directory: FilePath) throws -> (facts: AudioFacts, tags: AudioTags) {
    let path = directory.appending("inspected-\(UInt64.random(in: 0 ... .max))")
    try FileSystem.write(bytes, to: path)
    return try inspect(path)
}

/// What `inspect` says of a file.
func inspect(_ path: FilePath) throws -> (facts: AudioFacts, tags: AudioTags) {
    let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK) }
    try #require(descriptor >= 0)
    defer { #expect(close(descriptor) == 0, "the descriptor is the caller's to close") }
    return try AudioFile.inspect(descriptor: descriptor)
}

/// The error that `inspect` throws for these bytes.
func failure(_ bytes: [UInt8], in directory: FilePath) throws -> AudioError? {
    do {
        _ = try inspect(bytes, in: directory)
        return nil
    } catch let error as AudioError {
        return error
    }
}
