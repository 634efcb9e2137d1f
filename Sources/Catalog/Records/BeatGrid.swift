/// Where a person says that the beats of a track are.
public enum BeatGrid: Sendable, Hashable {
    /// So many beats a minute, one of them at so many seconds.
    case steady(bpm: Double, offset: Double)
    /// Each by its frame.
    case frames([Int64])

    /// A day: what lies further off is a mistake.
    private static let furthest = 86_400.0

    /// Reads `128@0.35`: beats a minute, and where one of them is, in seconds.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, case .some(let bpm) = try? JSON.parse(String(parts[0])),
            case .some(let offset) = try? JSON.parse(String(parts[1]))
        else { return nil }
        self.init(["bpm": bpm, "offset": offset])
    }

    /// Reads what a record says; nil where it is no grid that is known.
    public init?(_ json: JSONObject) {
        if let bpm = json["bpm"]?.asDouble, let offset = json["offset"]?.asDouble {
            guard bpm > Limits.tempo.above, bpm <= Limits.tempo.upTo, (0...Self.furthest).contains(offset) else {
                return nil
            }
            self = .steady(bpm: bpm, offset: offset)
        } else if let beats = json["beats"]?.asArray?.compactMap(\.asInteger).filter({ $0 >= 0 }), !beats.isEmpty {
            self = .frames(beats.sorted())
        } else {
            return nil
        }
    }

    /// The same as a record says it.
    public var json: JSONObject {
        switch self {
        case .steady(let bpm, let offset): ["bpm": JSON(bpm), "offset": JSON(offset)]
        case .frames(let beats): ["beats": .array(beats.map(JSON.integer))]
        }
    }

    /// The tempo, where it is the same throughout.
    public var bpm: Double? {
        if case .steady(let bpm, _) = self { bpm } else { nil }
    }

    /// The beats of so much audio, in milliseconds.
    public func beats(durationMs: Int64, sampleRate: Int) -> [Int] {
        switch self {
        case .steady(let bpm, let offset):
            let beat = 60_000 / bpm
            let first = (offset * 1000).truncatingRemainder(dividingBy: beat)
            let count = max(0, Int(((Double(durationMs) - first) / beat).rounded(.up)))
            return (0..<count).map { Int((first + Double($0) * beat).rounded()) }
        case .frames(let beats):
            return beats.map { Int((Double($0) * 1000 / Double(max(1, sampleRate))).rounded()) }
        }
    }
}
