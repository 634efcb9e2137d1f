import Catalog
import Digest

/// The analysis as JAMS, the form in which music research exchanges annotations.
extension SoundAnalysis {
    /// The version of the schema that it follows.
    static let jamsVersion = "0.3.4"

    /// Beats, tempo, key, onsets and sections as far as they are known, as canonical JSON.
    ///
    /// Whoever calls knows what the audio is called, and by which analyzer it was listened to.
    public func jams(
        title: String? = nil, artist: String? = nil, analyzer: String = "offbeat", version: String = ""
    ) -> [UInt8] {
        let maker: JSONObject = [
            "annotation_tools": .string(analyzer), "version": .string(version),
            "data_source": .string("program"), "curator": .object(["name": .string(""), "email": .string("")]),
            "annotator": .object([:]), "corpus": .string(""), "annotation_rules": .string(""),
            "validation": .string(""),
        ]
        let annotations = observations.map { namespace, data in
            JSON.object([
                "namespace": .string(namespace), "annotation_metadata": .object(maker), "data": .array(data),
                "time": .integer(0), "duration": seconds(Int(features.durationMs)), "sandbox": .object([:]),
            ])
        }
        let file: JSONObject = [
            "title": .string(title ?? ""), "artist": .string(artist ?? ""), "release": .string(""),
            "duration": seconds(Int(features.durationMs)), "jams_version": .string(Self.jamsVersion),
            "identifiers": .object(["sha256": .string(origin.source.hex)]),
        ]
        return JSON.object([
            "file_metadata": .object(file), "annotations": .array(annotations), "sandbox": .object([:]),
        ]).canonical()
    }

    /// The annotations that there is something to say in, by their namespace.
    private var observations: [(String, [JSON])] {
        let whole = Markers.Span(start: 0, end: Int(features.durationMs))
        var found = [
            ("beat", markers.beats.map { observation($0, .null) }),
            ("onset", markers.onsets.map { observation($0, .null) }),
        ]
        if let tempo = features.tempo {
            found.append(("tempo", [observation(whole, .finite(tempo.bpm), .finite(tempo.confidence))]))
        }
        if let key = features.key, let name = key.jamsName {
            found.append(("key_mode", [observation(whole, .string(name), .finite(key.confidence))]))
        }
        found.append(
            ("segment_open", markers.sections.enumerated().map { observation($1, .string("\($0 + 1)"), .null) }))
        return found.filter { !$0.1.isEmpty }
    }

    private func observation(_ moment: Int, _ value: JSON) -> JSON {
        observation(Markers.Span(start: moment, end: moment), value, .null)
    }

    private func observation(_ span: Markers.Span, _ value: JSON, _ confidence: JSON) -> JSON {
        .object([
            "time": seconds(span.start), "duration": seconds(max(0, span.end - span.start)), "value": value,
            "confidence": confidence,
        ])
    }

    private func seconds(_ milliseconds: Int) -> JSON { JSON(Double(milliseconds) / 1000) }
}

extension Features.Key {
    /// The name as the namespace `key_mode` wants it: `A:minor`; nil for one that it has no word for.
    fileprivate var jamsName: String? {
        let words = name.split(separator: " ")
        guard words.count == 2, ["major", "minor"].contains(words[1]) else { return nil }
        return words[0].wholeMatch(of: /[A-G][#b]?/) == nil ? nil : "\(words[0]):\(words[1])"
    }
}
