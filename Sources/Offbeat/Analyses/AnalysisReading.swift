public import Analysis
public import Catalog
public import Store

/// An analysis as somebody reads it: what a person has decided stands in it.
public struct AnalysisReading: Sendable {
    /// How it came.
    public enum Origin: String, Sendable {
        /// It was here.
        case hit
        /// A remote had it.
        case fetched
        /// It was computed for whoever asked.
        case computed
    }

    /// What it says.
    public enum Content: Sendable {
        /// What this project's own analyzer finds out, by whomever.
        case sound(SoundAnalysis)
        /// What another program has said in its own words.
        case other(JSONObject)
    }

    /// The track, and the type of the stem.
    public let target: AnalysisTarget
    /// Who says it.
    public let analyzer: Analyzer
    /// How it came.
    public internal(set) var origin: Origin
    /// What it says, with what a person has decided.
    public let content: Content
    /// The blob as it is kept.
    public let blob: [UInt8]
    /// When its bytes first came to this computer, in milliseconds since 1970.
    public let created: Int64?
    /// When somebody last asked for it here, in milliseconds since 1970.
    public internal(set) var lastAccessed: Int64?

    let summary: AnalysisSummary
    let corrections: Corrections
    let title: String?
    let artist: String?

    /// All that is known of the sound, and nothing of how it is kept.
    var plain: JSONObject {
        guard case .sound(let analysis) = content else {
            if case .other(let said) = content { return said }
            return JSONObject()
        }
        var fields = analysis.document
        corrections.mark(&fields, of: analysis)
        if let tookMs = summary.tookMs, var metadata = fields["metadata"]?.asObject {
            metadata["tookMs"] = .integer(tookMs)
            fields["metadata"] = .object(metadata)
        }
        return fields
    }

    /// The document that scripts read.
    public var json: JSON {
        var fields = plain
        let rawSize = JSON.object(fields).canonical().count
        fields["id"] = .string(target.track.description)
        fields["stem"] = .string(target.stem)
        fields["analyzer"] = .string(analyzer.name)
        fields["version"] = .string(analyzer.version)
        fields["created"] = Self.time(created)
        fields["lastAccessed"] = Self.time(lastAccessed)
        fields["size"] = .integer(Int64(blob.count))
        fields["rawSize"] = .integer(Int64(rawSize))
        fields["compressed"] = .bool((try? AnalysisBlob.inspect(blob))?.codec == .zlib)
        fields["cache"] = .string(origin.rawValue)
        return .object(fields)
    }

    private static func time(_ milliseconds: Int64?) -> JSON {
        milliseconds.map { .string(Timestamp(milliseconds: $0).description) } ?? .null
    }
}

extension AnalysisReading {
    /// The same for whoever asks next.
    var asHit: AnalysisReading {
        var reading = self
        reading.origin = .hit
        return reading
    }
}
