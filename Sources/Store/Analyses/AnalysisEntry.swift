public import Blobs
public import Catalog
public import Digest

/// Which analysis: of which audio, by which analyzer.
public struct AnalysisKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The hash of the audio's bytes, of a track or of a stem: it does not matter what names them.
    public let audio: ContentHash
    /// Who says it.
    public let analyzer: Analyzer

    /// Names an analysis.
    public init(_ audio: ContentHash, by analyzer: Analyzer) {
        self.audio = audio
        self.analyzer = analyzer
    }

    /// The first digits of the audio's hash, and the analyzer.
    public var description: String { "\(audio.hex.prefix(8))/\(analyzer)" }

    /// Orders them by audio, then by analyzer.
    public static func < (left: AnalysisKey, right: AnalysisKey) -> Bool {
        left.audio == right.audio ? left.analyzer < right.analyzer : left.audio < right.audio
    }
}

/// What one analyzer says of one audio, as a version of the analyses has it.
public struct AnalysisEntry: Sendable, Hashable {
    /// Which analysis it is.
    public let key: AnalysisKey
    /// The blob that holds it; nil where its bytes were given up, and only the summary is kept.
    public let pointer: Pointer?
    /// What lists show of it.
    public let summary: AnalysisSummary

    /// Puts an entry together.
    public init(_ key: AnalysisKey, pointer: Pointer?, summary: AnalysisSummary) {
        self.key = key
        self.pointer = pointer
        self.summary = summary
    }
}

/// What travels of an analysis with every sync, so that lists need no blob: a small JSON object.
///
/// What cannot be understood counts as absent, and is kept as it is.
public struct AnalysisSummary: Sendable, Hashable {
    /// All of its members.
    public private(set) var fields: JSONObject

    /// Takes the members.
    public init(_ fields: JSONObject = JSONObject()) { self.fields = fields }

    /// The tempo in beats a minute.
    public var bpm: Double? {
        get { fields["bpm"]?.asDouble.flatMap { $0.isFinite && $0 > 0 && $0 < 10_000 ? $0 : nil } }
        set { fields["bpm"] = newValue.map { JSON($0) } }
    }

    /// The key, as `A minor`; nil for what names none.
    public var key: String? {
        get { fields["key"]?.asString.flatMap { $0.utf8.count <= 32 && MusicalKey($0) != nil ? $0 : nil } }
        set { fields["key"] = newValue.map(JSON.string) }
    }

    /// The integrated loudness in LUFS.
    public var loudness: Double? {
        get { fields["loudness"]?.asDouble.flatMap { $0.isFinite && $0.magnitude < 1000 ? $0 : nil } }
        set { fields["loudness"] = newValue.map { JSON($0) } }
    }

    /// The length in milliseconds.
    public var durationMs: Int64? {
        get { fields["durationMs"]?.asInteger.flatMap { $0 >= 0 ? $0 : nil } }
        set { fields["durationMs"] = newValue.map(JSON.integer) }
    }

    /// How many bytes the same analysis has as plain JSON.
    public var rawSize: Int64? {
        get { fields["rawSize"]?.asInteger.flatMap { $0 >= 0 && $0 < 1 << 40 ? $0 : nil } }
        set { fields["rawSize"] = newValue.map(JSON.integer) }
    }

    /// With more bytes it is no summary.
    static let limit = 1 << 16
}
