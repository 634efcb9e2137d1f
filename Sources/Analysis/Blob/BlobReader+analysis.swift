import Catalog
import Digest

extension BlobReader {
    /// The analysis that the blob holds.
    mutating func analysis() throws(AnalysisError) -> SoundAnalysis {
        sum()
        return SoundAnalysis(
            features: try features(), waveform: try waveform(), markers: try markers(), origin: try origin())
    }

    private func features() throws(AnalysisError) -> Features {
        let json = try facts.json.object("features")
        var features = Features(
            frames: Int64(try json.integer("frames", in: 0...1 << 53)),
            sampleRate: try json.integer("sampleRate", in: 1...1 << 31),
            channels: try json.integer("channels", in: 1...1 << 16),
            peak: try json.double("peak"), rms: try json.double("rms"),
            hop: try json.integer("hop", in: 1...1 << 31))
        let loudness = try json.object("loudness")
        features.loudness.integrated = try loudness.optionalDouble("integrated")
        features.loudness.range = try loudness.optionalDouble("range")
        features.loudness.truePeak = try loudness.optionalDouble("truePeak")
        if json["tempo"] != nil {
            let tempo = try json.object("tempo")
            features.tempo = .init(bpm: try tempo.double("bpm"), confidence: try tempo.double("confidence"))
        }
        if json["key"] != nil {
            let key = try json.object("key")
            features.key = .init(name: try key.text("name"), confidence: try key.double("confidence"))
        }
        var names: Set<String> = ["hop"]
        for item in try json.list("curves") {
            let curve = try curve(item)
            guard names.insert(curve.name).inserted else {
                throw AnalysisError(.damaged, "has two curves of the name \(curve.name), or one of the name hop")
            }
            features.curves.append(curve)
        }
        return features
    }

    private func curve(_ item: JSON) throws(AnalysisError) -> Features.Curve {
        let json = item.asObject ?? JSONObject()
        let name = try json.text("name")
        let width = try json.integer("width", in: 1...1 << 16)
        let column = try byteColumn("curves/\(name)")
        guard column.count.isMultiple(of: width) else {
            throw AnalysisError(.damaged, "has a curve \(name) that is no multiple of \(width) values")
        }
        return Features.Curve(
            name: name, width: width, scale: column.scale, offset: column.offset,
            raw: moments(of: bytes(of: column), width))
    }

    /// What was laid out place by place, moment by moment.
    private func moments(of planes: ArraySlice<UInt8>, _ width: Int) -> [UInt8] {
        guard width > 1 else { return Array(planes) }
        let count = planes.count / width
        return [UInt8](unsafeUninitializedCapacity: planes.count) { room, filled in
            planes.withUnsafeBufferPointer { planes in
                for place in 0..<width {
                    for moment in 0..<count { room[moment * width + place] = planes[place * count + moment] }
                }
            }
            filled = planes.count
        }
    }

    private func markers() throws(AnalysisError) -> Markers {
        var markers = Markers()
        markers.onsets = try moments("markers/onsets")
        markers.beats = try moments("markers/beats")
        markers.silences = try spans("markers/silences")
        markers.sections = try spans("markers/sections")
        return markers
    }

    private func spans(_ name: String) throws(AnalysisError) -> [Markers.Span] {
        let moments = try moments(name)
        guard moments.count.isMultiple(of: 2) else {
            throw AnalysisError(.damaged, "has an odd number of moments in the array \(name)")
        }
        return stride(from: 0, to: moments.count, by: 2).map { .init(start: moments[$0], end: moments[$0 + 1]) }
    }

    private func origin() throws(AnalysisError) -> SoundAnalysis.Origin {
        let json = try facts.json.object("metadata")
        guard let source = ContentHash(hex: try json.text("source")) else {
            throw AnalysisError(.damaged, "names its source by something that is no SHA-256")
        }
        var origin = SoundAnalysis.Origin(source: source)
        for entry in try json.object("settings").entries {
            guard let setting = SoundAnalysis.Setting(entry.value) else {
                throw AnalysisError(.damaged, "has a setting \(entry.key) of a kind that is not known")
            }
            origin.settings[entry.key] = setting
        }
        return origin
    }
}

extension SoundAnalysis.Setting {
    /// Takes a whole number, a word or a list of whole numbers; nil for anything else.
    init?(_ json: JSON) {
        if let number = json.asInteger {
            self = .number(Int(number))
        } else if let text = json.asString {
            self = .text(text)
        } else if let list = json.asArray {
            let numbers = list.compactMap { $0.asInteger.map { Int($0) } }
            guard numbers.count == list.count else { return nil }
            self = .numbers(numbers)
        } else {
            return nil
        }
    }
}
