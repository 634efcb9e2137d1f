public import Blobs
public import Catalog
import Digest
public import Store

/// Audio that can be analysed, as a person who may see its track finds it: the track's own, or that of one of its stems.
///
/// What is found out about it is kept under its bytes, so a target stays right when the track gets other audio meanwhile.
public struct AnalysisTarget: Sendable, Hashable {
    /// What the track's own audio is called among its stems.
    public static let master = "master"

    /// The track.
    public let track: TrackID
    /// The type of the stem, or ``master``.
    public let stem: String
    /// The audio's bytes.
    public let audio: Pointer
    /// What the audio's name ends with.
    let fileExtension: FileExtension

    func key(by analyzer: Analyzer) -> AnalysisKey { AnalysisKey(audio.oid, by: analyzer) }
}

/// What an analyzer has found out, to be kept.
public struct AnalysisResult: Sendable {
    /// About what.
    public let target: AnalysisTarget
    /// Who says it.
    public let analyzer: Analyzer
    /// All of it, in whatever form the analyzer gives it.
    public let bytes: [UInt8]
    /// What lists show of it.
    public let summary: AnalysisSummary

    /// Puts a result together.
    public init(_ target: AnalysisTarget, by analyzer: Analyzer, bytes: [UInt8], summary: AnalysisSummary) {
        self.target = target
        self.analyzer = analyzer
        self.bytes = bytes
        self.summary = summary
    }
}

/// An analysis that was kept.
public struct StoredAnalysis: Sendable {
    /// How it came.
    public enum Origin: String, Sendable {
        /// It was here.
        case hit
        /// A remote had it.
        case fetched
    }

    /// Of what.
    public let target: AnalysisTarget
    /// What lists show of it, who says it, and which blob holds it.
    public let entry: AnalysisEntry
    /// All of it.
    public let bytes: [UInt8]
    /// How it came.
    public let origin: Origin
}

/// What became of asking for an analysis.
public enum AnalysisAnswer: Sendable {
    /// Here it is.
    case found(StoredAnalysis)
    /// It has to be computed; the reason is one line.
    case missing(reason: String)

    /// The analysis, if there is one.
    public var found: StoredAnalysis? { if case .found(let analysis) = self { analysis } else { nil } }
}

extension TrackFolder {
    /// All audio that can be analysed: the track's own first, then the stems' by type.
    var analysisTargets: [AnalysisTarget] {
        func target(_ stem: String, _ file: AudioFile) -> AnalysisTarget {
            AnalysisTarget(track: id, stem: stem, audio: file.pointer, fileExtension: file.fileExtension)
        }
        return [audio.map { target(AnalysisTarget.master, $0) }].compactMap(\.self)
            + stems.compactMap { file in file.audio.map { target(file.stem.type.text, $0) } }
    }
}
