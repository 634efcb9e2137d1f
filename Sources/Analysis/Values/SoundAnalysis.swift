public import Digest

/// All that is found out about one audio file.
///
/// Waveform and curves are held as the small numbers that the blob keeps, so what was read back from a blob equals what
/// was written.
public struct SoundAnalysis: Sendable, Equatable {
    /// What holds of the file as a whole, and curves over its time.
    public var features: Features
    /// What it looks like.
    public var waveform: Waveform
    /// Moments in it.
    public var markers: Markers
    /// What it was made from, and how.
    public var origin: Origin

    /// Puts an analysis together.
    public init(features: Features, waveform: Waveform, markers: Markers, origin: Origin) {
        self.features = features
        self.waveform = waveform
        self.markers = markers
        self.origin = origin
    }

    /// What an analysis was made from, and how.
    public struct Origin: Sendable, Equatable {
        /// The hash of the file's bytes.
        public var source: ContentHash
        /// What was chosen where something could be; and what was left out to stay below the limit of a blob.
        public var settings: [String: Setting]

        /// Names the source and the settings.
        public init(source: ContentHash, settings: [String: Setting] = [:]) {
            self.source = source
            self.settings = settings
        }
    }

    /// The value of a setting.
    public enum Setting: Sendable, Equatable {
        /// A whole number.
        case number(Int)
        /// A word.
        case text(String)
        /// Several whole numbers.
        case numbers([Int])
    }
}
