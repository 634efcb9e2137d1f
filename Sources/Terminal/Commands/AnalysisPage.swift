import Analysis
import Catalog
import Offbeat
import Store

/// An analysis as people read it.
enum AnalysisPage {
    static func describe(_ reading: AnalysisReading, on page: inout Page) {
        guard case .sound(let analysis) = reading.content else {
            return page.verbatim(String(decoding: reading.json.canonical(), as: UTF8.self))
        }
        let features = analysis.features
        func decimal(_ value: Double, _ unit: String) -> String {
            "\((value * 10).rounded() / 10) \(unit)"
        }
        var rows: [(String, String)] = [
            ("Duration", Quantity.duration(milliseconds: features.durationMs)),
            ("Sound", "\(features.sampleRate) Hz, \(Quantity.count(Int64(features.channels), "channel"))"),
        ]
        if let tempo = features.tempo { rows.append(("Tempo", decimal(tempo.bpm, "BPM"))) }
        if let key = features.key { rows.append(("Key", key.name)) }
        let loudness = features.loudness
        if let integrated = loudness.integrated { rows.append(("Loudness", decimal(integrated, "LUFS"))) }
        if let range = loudness.range { rows.append(("Range", decimal(range, "LU"))) }
        if let peak = loudness.truePeak { rows.append(("True peak", decimal(peak, "dBTP"))) }
        rows.append(("Beats", Quantity.count(Int64(analysis.markers.beats.count))))
        rows.append(("Onsets", Quantity.count(Int64(analysis.markers.onsets.count))))
        if !analysis.markers.silences.isEmpty {
            rows.append(("Silences", Quantity.count(Int64(analysis.markers.silences.count))))
        }
        for (name, value) in rows { page.line("\(name): \(value)") }
        page.detail(
            "\(reading.analyzer.description), \(reading.origin.rawValue), \(Quantity.size(Int64(reading.blob.count)))"
        )
    }
}
