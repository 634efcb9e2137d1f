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
        let mono = add("waveform/\(index)/mono", level.mono, above: nil)
        for (number, peaks) in level.channels.enumerated() {
            _ = add("waveform/\(index)/channel\(number)", peaks, above: mono)
        }
        describe("waveform/\(index)/rms", .u8, 1.0 / 255, 0, level.rms.count, isDelta: false)
        append(level.rms, isDelta: false)
        return .object(json)
    }

    /// Least and greatest of each stretch, apart from each other.
    private typealias Planes = (least: [UInt8], greatest: [UInt8])

    /// Adds least and greatest of each stretch, as they are or as what they lie above others; answers them as they are.
    private mutating func add(_ name: String, _ peaks: [Int8], above other: Planes?) -> Planes {
        let count = peaks.count / 2
        let planes: Planes = (
            (0..<count).map { UInt8(bitPattern: peaks[2 * $0]) },
            (0..<count).map { UInt8(bitPattern: peaks[2 * $0 + 1]) }
        )
        for (suffix, plane, base) in [
            ("min", planes.least, other?.least), ("max", planes.greatest, other?.greatest),
        ] {
            let values = base.map { base in zip(plane, base).map { $0 &- $1 } } ?? plane
            // The mean of all channels is packed better as it is; what channels lie above it depends on the music.
            let isDelta = base != nil && BlobWriter.isSmallerAsDifferences(values)
            describe("\(name)/\(suffix)", .i8, 1.0 / 128, 0, count, isDelta: isDelta)
            append(values, isDelta: isDelta)
        }
        return planes
    }

    /// Whether the differences are nearer to 0 than the numbers, which tells well enough what packs better.
    private static func isSmallerAsDifferences(_ bytes: [UInt8]) -> Bool {
        var last: UInt8 = 0
        var (plain, differences) = (0, 0)
        for byte in bytes {
            plain += Int(Int8(bitPattern: byte).magnitude)
            differences += Int(Int8(bitPattern: byte &- last).magnitude)
            last = byte
        }
        return differences < plain
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
