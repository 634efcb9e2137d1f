import Catalog

/// Lays out what a blob holds: the JSON that says what there is, and the arrays behind it.
struct BlobWriter {
    private var columns: [JSON] = []
    private var numbers: [UInt8] = []

    private init() {}

    /// The unpacked bytes of an analysis.
    static func raw(_ analysis: SoundAnalysis) -> [UInt8] {
        var writer = BlobWriter()
        let json = writer.json(analysis).canonical()
        var raw: [UInt8] = []
        raw.reserveCapacity(4 + json.count + writer.numbers.count)
        raw.append(little: UInt32(json.count))
        raw += json
        raw += writer.numbers
        return raw
    }

    private mutating func json(_ analysis: SoundAnalysis) -> JSON {
        numbers.reserveCapacity(analysis.waveform.levels.reduce(1 << 14) { $0 + $1.storedSize })
        var features = analysis.features.plainJSON
        features["curves"] = .array(analysis.features.curves.map { curve in add(curve) })
        add(analysis.markers)
        var levels: [JSON] = []
        for index in analysis.waveform.levels.indices { levels.append(add(analysis.waveform.levels, index)) }
        return .object([
            "features": .object(features), "waveform": .object(["levels": .array(levels)]),
            "metadata": .object(analysis.origin.json), "arrays": .array(columns),
        ])
    }

    private mutating func add(_ curve: Features.Curve) -> JSON {
        let planes = BlobWriter.planes(of: curve.raw, curve.width)
        describe("curves/\(curve.name)", .u8, curve.scale, curve.offset, planes.count, isDelta: true)
        append(planes, isDelta: true)
        return .object(["name": .string(curve.name), "width": .whole(curve.width)])
    }

    /// All that belongs to one place of each moment, one place after the other: neighbours in time are alike.
    private static func planes(of raw: [UInt8], _ width: Int) -> [UInt8] {
        guard width > 1 else { return raw }
        return (0..<width).flatMap { place in stride(from: place, to: raw.count, by: width).map { raw[$0] } }
    }

    private mutating func add(_ markers: Markers) {
        add("markers/onsets", markers.onsets)
        add("markers/beats", markers.beats)
        add("markers/silences", markers.silences.flatMap { [$0.start, $0.end] })
        add("markers/sections", markers.sections.flatMap { [$0.start, $0.end] })
    }

    private mutating func add(_ name: String, _ moments: [Int]) {
        guard !moments.isEmpty else { return }
        let kind: BlobFacts.Kind = moments.allSatisfy { UInt32(exactly: $0) != nil } ? .u32 : .i64
        describe(name, kind, 1, 0, moments.count, isDelta: true)
        var last = 0
        for moment in moments {
            let step = moment &- last
            if kind == .u32 {
                numbers.append(little: UInt32(truncatingIfNeeded: step))
            } else {
                numbers.append(little: Int64(step))
            }
            last = moment
        }
    }

    /// Adds a distance; one that follows from a nearer one has no arrays.
    private mutating func add(_ levels: [Waveform.Level], _ index: Int) -> JSON {
        let level = levels[index]
        var json: JSONObject = [
            "samplesPerPixel": .whole(level.samplesPerPixel),
            "channels": .whole(level.channels.count),
        ]
        let source = [index - 1, 0].first {
            $0 >= 0 && $0 < index && levels[$0].derived(samplesPerPixel: level.samplesPerPixel) == level
        }
        if let source {
            json["from"] = .whole(source)
            return .object(json)
        }
        add("waveform/\(index)/mono", level.mono)
        for (number, peaks) in level.channels.enumerated() { add("waveform/\(index)/channel\(number)", peaks) }
        describe("waveform/\(index)/rms", .u8, 1.0 / 255, 0, level.rms.count, isDelta: true)
        append(level.rms, isDelta: true)
        return .object(json)
    }

    /// Adds the least of each stretch as differences, and how far the greatest lies above each.
    private mutating func add(_ name: String, _ peaks: [Int8]) {
        let count = peaks.count / 2
        var least = [UInt8](repeating: 0, count: count)
        var span = least
        for place in 0..<count {
            least[place] = UInt8(bitPattern: peaks[2 * place])
            span[place] = UInt8(bitPattern: peaks[2 * place + 1] &- peaks[2 * place])
        }
        describe(name + "/min", .i8, 1.0 / 128, 0, count, isDelta: true)
        append(least, isDelta: true)
        describe(name + "/span", .u8, 1.0 / 128, 0, count, isDelta: false)
        append(span, isDelta: false)
    }

    private mutating func describe(
        _ name: String, _ kind: BlobFacts.Kind, _ scale: Double, _ offset: Double, _ count: Int, isDelta: Bool
    ) {
        columns.append(
            .object([
                "name": .string(name), "type": .string(kind.rawValue), "scale": JSON.finite(scale),
                "offset": JSON.finite(offset), "count": .whole(count), "delta": .bool(isDelta),
            ]))
    }

    private mutating func append(_ bytes: [UInt8], isDelta: Bool) {
        guard isDelta else { return numbers += bytes }
        let start = numbers.count
        numbers += bytes
        numbers.withUnsafeMutableBufferPointer { numbers in
            var last: UInt8 = 0
            for place in start..<numbers.count {
                let value = numbers[place]
                numbers[place] = value &- last
                last = value
            }
        }
    }
}

extension Waveform.Level {
    /// How many bytes it takes in a blob.
    fileprivate var storedSize: Int { mono.count + rms.count + channels.reduce(0) { $0 + $1.count } }
}
