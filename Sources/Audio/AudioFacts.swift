import CSndfile

/// What an audio file is, found in its bytes and not in its name.
public struct AudioFacts: Sendable, Hashable {
    /// The format by its usual short name: `wav`, `aiff`, `flac`, `ogg`, `opus`, `mp3`, `caf`, `au`, `w64`, ….
    public let format: String
    /// The extension that suits the bytes, without a dot.
    public let fileExtension: String
    /// The bits of a sample; nil where samples are not stored as numbers of bits, as in MP3.
    public let bits: Int?
    /// How many channels, from 1 to 1,024.
    public let channels: Int
    /// Samples of a channel in a second, from 1 to 10 million.
    public let sampleRate: Int
    /// How many samples each channel has; never more than the file's size can hold.
    public internal(set) var frames: Int64

    /// Makes the facts of a file.
    public init(format: String, fileExtension: String, bits: Int?, channels: Int, sampleRate: Int, frames: Int64) {
        self.format = format
        self.fileExtension = fileExtension
        self.bits = bits
        self.channels = channels
        self.sampleRate = sampleRate
        self.frames = frames
    }

    /// The length in milliseconds, rounded.
    public var durationMilliseconds: Int64 {
        // Split, so that no number of frames overflows.
        let rate = Int64(sampleRate)
        return frames / rate * 1000 + (frames % rate * 1000 + rate / 2) / rate
    }
}

extension AudioFacts {
    /// Takes over what libsndfile found, where it can be true.
    init(_ sound: borrowing SoundFile, size: Int64) throws(AudioError) {
        try self.init(heading: sound)
        guard let container = Container.all[sound.info.format & Int32(SF_FORMAT_TYPEMASK)] else { return }
        let encoding = Encoding(subtype: sound.info.format & Encoding.mask)
        frames = try Self.frames(of: sound, container: container, encoding: encoding, size: size)
    }

    /// The same without the number of frames, which may have to be counted.
    init(heading sound: borrowing SoundFile) throws(AudioError) {
        let info = sound.info
        guard let container = Container.all[info.format & Int32(SF_FORMAT_TYPEMASK)] else {
            throw AudioError(.notAudio, FileKind.unknownReason)
        }
        guard (1...1024).contains(info.channels) else {
            throw AudioError(.absurd, "announces \(info.channels) channels (1 to 1,024 can be)")
        }
        guard (1...10_000_000).contains(info.samplerate) else {
            throw AudioError(.absurd, "announces a sample rate of \(info.samplerate) (1 to 10,000,000 can be)")
        }
        let encoding = Encoding(subtype: info.format & Encoding.mask)
        if let name = encoding.refusedName { throw AudioError(.notAudio, "holds \(name), which is not read") }
        let (name, suffix) = encoding.ownName ?? (container.name, container.fileExtension)
        self.init(
            format: name, fileExtension: suffix, bits: encoding.bits, channels: Int(info.channels),
            sampleRate: Int(info.samplerate), frames: 0)
    }

    /// Counts the frames: as announced where that can be, as many as there are bytes for where samples have a fixed
    /// size, and by decoding where nothing is announced.
    private static func frames(
        of sound: borrowing SoundFile, container: Container, encoding: Encoding, size: Int64
    ) throws(AudioError) -> Int64 {
        let announced = sound.info.frames
        let isUnknown = announced == .max || (announced == 0 && container.mayOmitLength)
        if !container.isCompressed, let bytes = encoding.bytesPerSample {
            return max(0, min(announced, size / (Int64(bytes) * Int64(sound.info.channels))))
        }
        let limit = size.multipliedReportingOverflow(by: Self.mostFramesPerByte)
        let most = limit.overflow ? .max : limit.partialValue
        if isUnknown { return sound.countFrames(limit: most) }
        guard (0...most).contains(announced) else {
            throw AudioError(.absurd, "announces \(announced) frames, more than \(size) bytes can hold")
        }
        return announced
    }

    /// No format packs more into a byte: a FLAC frame of 65,535 equal samples takes eleven.
    private static let mostFramesPerByte: Int64 = 8192
}
