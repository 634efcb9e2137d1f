import Analysis
import Catalog
import Store

/// What a person has decided about a track, which stands in every output against what an analysis says.
struct Corrections: Sendable {
    let bpm: Double?
    let key: String?
    let grid: BeatGrid?
    let markers: [Track.Marker]

    init(of folder: TrackFolder) {
        grid = folder.track.grid.flatMap { BeatGrid($0) }
        bpm = folder.track.bpm
        key = folder.track.key
        markers = folder.track.markers
    }

    /// The analysis as it is told.
    func applied(to analysis: SoundAnalysis) -> SoundAnalysis {
        var told = analysis
        if let bpm { told.features.tempo = .init(bpm: bpm, confidence: 1) }
        if let key { told.features.key = .init(name: key, confidence: 1) }
        let features = analysis.features
        if let grid {
            told.markers.beats = grid.beats(durationMs: features.durationMs, sampleRate: features.sampleRate)
        }
        return told
    }

    /// Says in a document what comes from a person, and adds the marks that only a person makes.
    func mark(_ document: inout JSONObject, of analysis: SoundAnalysis) {
        if var features = document["features"]?.asObject {
            for (name, isSet) in [("tempo", bpm != nil), ("key", key != nil)] where isSet {
                guard var field = features[name]?.asObject else { continue }
                field["source"] = .string("person")
                features[name] = .object(field)
            }
            document["features"] = .object(features)
        }
        guard !markers.isEmpty, var marks = document["markers"]?.asObject else { return }
        marks["set"] = .array(
            markers.map { marker in
                [
                    "id": .string(marker.id.description),
                    "ms": .integer(Int64(milliseconds(marker.frame, of: analysis))), "text": .string(marker.text),
                ]
            })
        document["markers"] = .object(marks)
    }

    private func milliseconds(_ frame: Int64, of analysis: SoundAnalysis) -> Int {
        Int((Double(frame) * 1000 / Double(max(1, analysis.features.sampleRate))).rounded())
    }
}
