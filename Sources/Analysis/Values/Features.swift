/// What holds of an audio file as a whole, and curves over its time.
public struct Features: Sendable, Equatable {
    /// How many frames were decoded, whatever the file announced.
    public var frames: Int64
    /// Frames a second.
    public var sampleRate: Int
    /// How many channels.
    public var channels: Int
    /// The greatest magnitude of a sample, linear.
    public var peak: Double
    /// The root of the mean square of all samples, linear.
    public var rms: Double
    /// Loudness by EBU R 128.
    public var loudness = Loudness()
    /// The tempo; nil where none was found.
    public var tempo: Tempo?
    /// The key; nil where none was found.
    public var key: Key?
    /// Curves over time, in the order that they are told in.
    public var curves: [Curve] = []
    /// The frames from one value of a curve to the next.
    public var hop: Int

    /// Begins with what is known of any file.
    public init(frames: Int64, sampleRate: Int, channels: Int, peak: Double, rms: Double, hop: Int) {
        self.frames = frames
        self.sampleRate = sampleRate
        self.channels = channels
        self.peak = peak
        self.rms = rms
        self.hop = hop
    }

    /// The length in milliseconds, rounded.
    public var durationMs: Int64 {
        let rate = Int64(sampleRate)
        return frames / rate * 1000 + (frames % rate * 1000 + rate / 2) / rate
    }

    /// Loudness by EBU R 128. What silence has none of is nil.
    public struct Loudness: Sendable, Equatable {
        /// Integrated loudness in LUFS.
        public var integrated: Double?
        /// Loudness range in LU.
        public var range: Double?
        /// True peak in dBTP.
        public var truePeak: Double?

        /// Nothing is known yet.
        public init() {}
    }

    /// A tempo, and how sure it is.
    public struct Tempo: Sendable, Equatable {
        /// Beats a minute.
        public var bpm: Double
        /// From 0 to 1.
        public var confidence: Double

        /// Names a tempo.
        public init(bpm: Double, confidence: Double) {
            self.bpm = bpm
            self.confidence = confidence
        }
    }

    /// A key, and how sure it is.
    public struct Key: Sendable, Equatable {
        /// Its name, as `A minor`.
        public var name: String
        /// From 0 to 1.
        public var confidence: Double

        /// Names a key.
        public init(name: String, confidence: Double) {
            self.name = name
            self.confidence = confidence
        }
    }

    /// Values over time, each `raw × scale + offset`.
    public struct Curve: Sendable, Equatable {
        /// What it tells: `centroid` in hertz, `chroma` and `bands` from 0 to 1.
        public var name: String
        /// How many values stand for one moment; one for a plain curve, 12 for chroma.
        public var width: Int
        /// What one step of a raw value means.
        public var scale: Double
        /// What the raw value 0 means.
        public var offset: Double
        /// The raw values, moment by moment.
        public var raw: [UInt8]

        /// Puts a curve together.
        public init(name: String, width: Int, scale: Double, offset: Double, raw: [UInt8]) {
            self.name = name
            self.width = width
            self.scale = scale
            self.offset = offset
            self.raw = raw
        }
    }
}
