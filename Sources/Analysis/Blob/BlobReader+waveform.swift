import Catalog

extension BlobReader {
    /// More distances than this make no sense.
    static let mostLevels = 64
    /// More channels than this make no sense; most formats have at most 255.
    static let mostChannels = 1024

    /// The distances of the waveform, those that follow from others computed.
    func waveform() throws(AnalysisError) -> Waveform {
        let list = try facts.json.object("waveform").list("levels")
        guard list.count <= Self.mostLevels else {
            throw AnalysisError(.damaged, "has \(list.count) distances; \(Self.mostLevels) are allowed")
        }
        var levels: [Waveform.Level] = []
        var sources: [Int?] = []
        for (index, item) in list.enumerated() {
            let json = item.asObject ?? JSONObject()
            // Each further away than the one before: so those that are derived take little together.
            let distance = try json.integer("samplesPerPixel", in: 1...1 << 31)
            guard distance > levels.last?.samplesPerPixel ?? 0 else {
                throw AnalysisError(.damaged, "has distances that are not in their order")
            }
            if json["from"] == nil {
                levels.append(try stored(json, index))
                sources.append(nil)
            } else {
                let source = try json.integer("from", in: 0...Self.mostLevels)
                let between = sources.last == source ? levels.last : nil
                levels.append(try derived(json, from: source < levels.count ? levels[source] : nil, by: between))
                sources.append(source)
            }
        }
        return Waveform(levels: levels)
    }

    private func derived(
        _ json: JSONObject, from source: Waveform.Level?, by between: Waveform.Level?
    ) throws(AnalysisError) -> Waveform.Level {
        let distance = try json.integer("samplesPerPixel", in: 1...1 << 31)
        guard let level = source?.derived(samplesPerPixel: distance, by: between) else {
            throw AnalysisError(.damaged, "has a distance \(distance) that does not follow from another")
        }
        return level
    }

    private func stored(_ json: JSONObject, _ index: Int) throws(AnalysisError) -> Waveform.Level {
        let rms = try byteColumn("waveform/\(index)/rms")
        let mono = try peaks("waveform/\(index)/mono", above: nil, rms.count)
        var channels: [[Int8]] = []
        for number in 0..<(try json.integer("channels", in: 0...Self.mostChannels)) {
            channels.append(try peaks("waveform/\(index)/channel\(number)", above: mono, rms.count))
        }
        return Waveform.Level(
            samplesPerPixel: try json.integer("samplesPerPixel", in: 1...1 << 31), mono: mono,
            channels: channels, rms: Array(bytes(of: rms)))
    }

    /// Least and greatest in turn, which stand apart in the blob; those of a channel as what they lie above the mean.
    private func peaks(_ name: String, above base: [Int8]?, _ count: Int) throws(AnalysisError) -> [Int8] {
        let least = try byteColumn(name + "/min")
        let greatest = try byteColumn(name + "/max")
        guard least.count == count, greatest.count == count else {
            throw AnalysisError(.damaged, "has arrays of different length for \(name)")
        }
        return [Int8](unsafeUninitializedCapacity: count * 2) { room, filled in
            raw.withUnsafeBufferPointer { raw in
                for place in 0..<count {
                    room[2 * place] = Int8(bitPattern: raw[least.start + place])
                    room[2 * place + 1] = Int8(bitPattern: raw[greatest.start + place])
                }
            }
            if let base { for place in 0..<count * 2 { room[place] &+= base[place] } }
            filled = count * 2
        }
    }
}
