/// What audio looks like at several distances, the nearest first.
public struct Waveform: Sendable, Equatable {
    /// The distances.
    public var levels: [Level]

    /// Takes the distances.
    public init(levels: [Level]) { self.levels = levels }

    /// Least and greatest sample of each stretch, in eight bits.
    public struct Level: Sendable, Equatable {
        /// How many samples a stretch has; the last may have fewer.
        public var samplesPerPixel: Int
        /// The mean of all channels: least and greatest of each stretch in turn, in 128ths of full scale.
        public var mono: [Int8]
        /// The same for each channel; empty where there is but one.
        public var channels: [[Int8]]
        /// The root of the mean square of each stretch of the mean of all channels, in 255ths of full scale.
        public var rms: [UInt8]

        /// Puts a distance together.
        public init(samplesPerPixel: Int, mono: [Int8], channels: [[Int8]], rms: [UInt8]) {
            self.samplesPerPixel = samplesPerPixel
            self.mono = mono
            self.channels = channels
            self.rms = rms
        }

        /// How many stretches there are.
        public var count: Int { rms.count }
    }

    /// The distances that are computed: samples a stretch.
    public static let distances = [256, 1024, 4096, 16384]
}
