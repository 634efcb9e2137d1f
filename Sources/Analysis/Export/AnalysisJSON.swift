import Catalog
import Digest

extension JSON {
    /// The number; 0 where it is not finite.
    static func finite(_ number: Double) -> JSON { JSON(number.isFinite ? number : 0) }

    static func whole(_ number: Int) -> JSON { .integer(Int64(number)) }
}

extension Features {
    /// What holds of the file as a whole, as a blob says it.
    var plainJSON: JSONObject {
        var json: JSONObject = [
            "frames": .integer(frames), "sampleRate": .whole(sampleRate), "channels": .whole(channels),
            "peak": .finite(peak), "rms": .finite(rms), "hop": .whole(hop), "loudness": .object(loudness.json),
        ]
        json["tempo"] = tempo.map { .object($0.json) }
        json["key"] = key.map { .object($0.json) }
        return json
    }
}

extension Features.Loudness {
    var json: JSONObject {
        var json = JSONObject()
        json["integrated"] = integrated.map { .finite($0) }
        json["range"] = range.map { .finite($0) }
        json["truePeak"] = truePeak.map { .finite($0) }
        return json
    }
}

extension Features.Tempo {
    var json: JSONObject { ["bpm": .finite(bpm), "confidence": .finite(confidence)] }
}

extension Features.Key {
    var json: JSONObject { ["name": .string(name), "confidence": .finite(confidence)] }
}

extension SoundAnalysis.Origin {
    /// The source and the settings.
    var json: JSONObject {
        [
            "source": .string(source.hex),
            "settings": .object(JSONObject(settings.map { ($0.key, $0.value.json) })),
        ]
    }
}

extension SoundAnalysis.Setting {
    var json: JSON {
        switch self {
        case .number(let number): .whole(number)
        case .text(let text): .string(text)
        case .numbers(let numbers): .array(numbers.map { .whole($0) })
        }
    }
}
