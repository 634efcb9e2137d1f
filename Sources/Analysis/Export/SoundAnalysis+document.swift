public import Catalog

extension SoundAnalysis {
    /// What `analysis get --json` shows of it: `features`, `waveform`, `markers` and `metadata`.
    ///
    /// What is not known is absent. Curves are told in their own units, with as many digits as tell their steps apart.
    public var document: JSONObject {
        [
            "features": .object(features.document), "markers": .object(markers.document),
            "metadata": .object(origin.json),
            "waveform": .object(["levels": .array(waveform.levels.map { .object($0.document) })]),
        ]
    }
}

extension Features {
    fileprivate var document: JSONObject {
        var json = plainJSON
        json["frames"] = nil
        json["hop"] = nil
        json["durationMs"] = .integer(durationMs)
        json["tempo"] = tempo.map { .object($0.json.fromAnalysis) }
        json["key"] = key.map { .object($0.json.fromAnalysis) }
        var lines = JSONObject(curves.map { ($0.name, .array($0.document)) })
        lines["hop"] = .whole(hop)
        json["curves"] = .object(lines)
        return json
    }
}

extension JSONObject {
    /// The same with the word that no person decided it.
    fileprivate var fromAnalysis: JSONObject {
        var json = self
        json["source"] = .string("analysis")
        return json
    }
}

extension Features.Curve {
    fileprivate var document: [JSON] {
        let values = legible.map { JSON.finite($0) }
        guard width > 1 else { return raw.map { values[Int($0)] } }
        return stride(from: 0, to: raw.count, by: width).map { start in
            .array(raw[start..<min(start + width, raw.count)].map { values[Int($0)] })
        }
    }

    /// What each of the 256 raw values means, rounded to less than half a step.
    var legible: [Double] {
        var power = 1.0
        while power < 1e15, scale.magnitude * power < 2 { power *= 10 }
        return (0...255).map { raw in
            let value = Double(raw) * scale + offset
            return scale == 0 ? value : (value * power).rounded() / power
        }
    }
}

extension Waveform.Level {
    fileprivate var document: JSONObject {
        var json: JSONObject = [
            "bits": .integer(8), "mono": .array(mono.map { .whole(Int($0)) }),
            "rms": .array(rms.map { .whole(Int($0)) }),
            "samplesPerPixel": .whole(samplesPerPixel),
        ]
        if !channels.isEmpty {
            json["channels"] = .array(channels.map { .array($0.map { .whole(Int($0)) }) })
        }
        return json
    }
}

extension Markers {
    fileprivate var document: JSONObject {
        [
            "beats": .array(beats.map { .whole($0) }), "onsets": .array(onsets.map { .whole($0) }),
            "sections": .array(sections.map(\.json)), "silences": .array(silences.map(\.json)),
        ]
    }
}

extension Markers.Span {
    fileprivate var json: JSON { .object(["end": .whole(end), "start": .whole(start)]) }
}
