import Analysis
import Blobs
public import Catalog
import Digest
public import Files
public import Store

/// An analysis that was kept for another program.
public struct KeptAnalysis: Sendable {
    /// What was analysed.
    public let target: AnalysisTarget
    /// Who says it, and which blob holds it.
    public let entry: AnalysisEntry

    /// The document that scripts read.
    public var json: JSON {
        [
            "id": .string(target.track.description), "stem": .string(target.stem),
            "analyzer": .string(entry.key.analyzer.name), "version": .string(entry.key.analyzer.version),
            "oid": entry.pointer.map { .string($0.oid.hex) } ?? .null,
            "size": entry.pointer.map { .integer($0.size) } ?? .null,
        ]
    }
}

extension Session {
    /// Keeps what another program has found out about a track's audio, or a stem's: a blob as this project writes them, or
    /// a JSON object in that program's own words.
    public func setAnalysis(
        of target: AnalysisTarget, from file: FilePath, by analyzerName: String, version: String
    ) throws(Failure) -> KeptAnalysis {
        do {
            try library.fence.requireReadable(file)
            let bytes = try FileSystem.read(file, limit: Library.analysisLimit)
            return try setAnalysis(of: target, from: bytes, named: "\(file)", by: analyzerName, version: version)
        } catch { throw Failure(error) }
    }

    /// The same from bytes.
    ///
    /// - Parameter name: what they are called where they are refused.
    public func setAnalysis(
        of target: AnalysisTarget, from bytes: [UInt8], named name: String, by analyzerName: String, version: String
    ) throws(Failure) -> KeptAnalysis {
        do {
            try requireWriter()
            guard let analyzer = Analyzer(name: analyzerName, version: version) else {
                throw Failure(
                    .usage, "\(analyzerName)-\(version) can be no analyzer",
                    hint: "a name is up to 32 small letters, digits and _; a version may have capitals and dots too"
                )
            }
            guard !analyzer.isOwn else {
                throw Failure(
                    .notAllowed, "\(Analyzer.ownName) is this program's own analyzer",
                    hint: "give the other program's name; `offbeat analyze` makes our own")
            }
            let (blob, summary) = try Self.blob(bytes, from: name)
            let result = AnalysisResult(target, by: analyzer, bytes: blob, summary: summary)
            try keep([result])
            guard let entry = try store.analyses()?.entry(target.key(by: analyzer)) else {
                throw Failure(.raceLost, "somebody took the analysis away at once", hint: "set it again")
            }
            return KeptAnalysis(target: target, entry: entry)
        } catch { throw Failure(error) }
    }

    private static func blob(_ bytes: [UInt8], from file: String) throws -> ([UInt8], AnalysisSummary) {
        if AnalysisBlob.begins(bytes) {
            do throws(AnalysisError) {
                let facts = try AnalysisBlob.inspect(bytes)
                let analysis = try? AnalysisBlob.decode(bytes)
                return (
                    bytes,
                    analysis.map { AnalysisSummary(of: $0, tookMs: nil) } ?? summary(of: facts.json, bytes.count)
                )
            } catch { throw Failure(.usage, "\(file) \(error.reason)", hint: "give a whole .oba file, or JSON") }
        }
        let parsed: JSON
        do { parsed = try JSON.parse(bytes) } catch {
            throw Failure(.usage, "\(file) is neither a blob of an analysis nor JSON: \(error)")
        }
        guard let object = parsed.asObject else {
            throw Failure(.usage, "\(file) is JSON, but no object", hint: "put what it says in braces, with names")
        }
        do throws(AnalysisError) {
            return (try AnalysisBlob.wrap(object), summary(of: object, bytes.count))
        } catch { throw Failure(error.code == .tooLarge ? .overLimit : .usage, "\(file) \(error.reason)") }
    }

    /// What lists can show of words that another program has chosen: those that stand where our own do, or at the top.
    private static func summary(of said: JSONObject, _ size: Int) -> AnalysisSummary {
        let features = said["features"]?.asObject ?? said
        var summary = AnalysisSummary()
        summary.bpm = (features["tempo"]?["bpm"] ?? features["bpm"])?.asDouble
        summary.key = (features["key"]?["name"] ?? features["key"])?.asString
        summary.loudness = (features["loudness"]?["integrated"] ?? features["loudness"])?.asDouble
        summary.durationMs = features["durationMs"]?.asInteger
        summary.rawSize = Int64(size)
        return summary
    }
}
