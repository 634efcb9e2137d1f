import CSndfile
import Glibc

/// Decodes an audio file from its beginning to its end, some frames at a time.
///
/// It needs the same little memory for every length. What a header announces is not believed: what can be read counts.
public struct SampleReader: ~Copyable {
    /// The format by its usual short name, as in ``AudioFacts/format``.
    public let format: String
    /// How many channels, from 1 to 1,024.
    public let channels: Int
    /// Frames a second.
    public let sampleRate: Int
    /// How many frames are announced; often wrong, and no more than a hint of how far it is.
    public let announcedFrames: Int64
    private let sound: SoundFile
    private let source: Source

    /// Opens the file of a descriptor, which stays the caller's, and open while this is read.
    public init(descriptor: Int32) throws(AudioError) {
        let source = try Source(descriptor: descriptor)
        let sound = try AudioFile.open(source)
        let facts = try AudioFacts(heading: sound)
        (format, channels, sampleRate) = (facts.format, facts.channels, facts.sampleRate)
        announcedFrames = max(0, sound.info.frames == .max ? 0 : sound.info.frames)
        self.source = source
        self.sound = sound
    }

    /// Reads the next frames, channel by channel within each, and answers how many there were; 0 at the end.
    ///
    /// Full scale is 1. What is no number, or without bound, counts as silence: files of floating-point samples have such.
    public mutating func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
        let wanted = buffer.count / channels
        guard wanted > 0 else { return 0 }
        let got = Int(sf_readf_float(sound.raw, buffer.baseAddress, sf_count_t(wanted)))
        // To libsndfile it is the file's end.
        try source.checkReadable()
        guard got > 0 else { return 0 }
        for index in 0..<got * channels where !(buffer[index].magnitude < Self.mostMagnitude) { buffer[index] = 0 }
        return got
    }

    /// Checks at the end that the file is what it was when it was opened, and was read to its end.
    ///
    /// - Parameter frames: how many frames were read.
    public func finish(afterReading frames: Int64) throws(AudioError) {
        guard source.isUnchanged else { throw AudioError(.changed, "was changed while it was read") }
        try source.whileReadable { () throws(AudioError) in try sound.checkWhole(in: source) }
        // Of these the header tells the length exactly.
        if format == "flac", announcedFrames > frames {
            throw AudioError(.damaged, "is cut off: \(frames) of \(announcedFrames) frames can be decoded")
        }
        if frames == 0 { throw AudioError(.damaged, "holds no sound that can be decoded") }
    }

    /// A million times full scale is a mistake, not music.
    private static let mostMagnitude: Float = 1e6
}
