public import Digest

/// Which file a track or stem consists of.
public struct AudioReference: Sendable, Hashable {
    /// The SHA-256 of the file's bytes.
    public let oid: ContentHash
    /// How many bytes it has.
    public let size: Int64
    /// What the file was called where it came from.
    public let name: String?

    /// Makes a reference.
    public init(oid: ContentHash, size: Int64, name: String?) {
        self.oid = oid
        self.size = size
        self.name = name
    }

    static let shape = Shape.sortedStamped(
        .init("name", .text(Limits.title)),
        .init("oid", .hash, isRequired: true),
        .init("size", .integer(0...Int64.max), isRequired: true))

    /// Takes the value of a field that the schema has checked.
    init(checked value: JSON?) {
        // The schema requires a valid hash, so the hash of nothing never stands in.
        oid = value?["oid"]?.asString.flatMap { ContentHash(hex: $0) } ?? .ofNothing
        size = value?["size"]?.asInteger ?? 0
        name = value?["name"]?.asString
    }

    /// The fields, without a stamp.
    var values: JSONObject {
        var values: JSONObject = ["oid": .string(oid.hex), "size": .integer(size)]
        if let name { values["name"] = .string(name) }
        return values
    }

    func fields(at stamp: Stamp) -> JSONObject {
        var fields = values
        fields["at"] = .string(stamp.description)
        return fields
    }
}

/// What can be read off an audio file without listening to it.
public struct Facts: Sendable, Hashable {
    /// More frames than any file has; below it durations can be computed without care for overflow.
    static let frameLimit: Int64 = 1 << 48

    /// Which file this was read from.
    public let of: ContentHash
    /// The container or codec, in a word such as `flac`.
    public let format: String
    /// How long it is, in frames.
    public let frames: Int64
    /// Frames a second.
    public let sampleRate: Int
    /// Samples a frame.
    public let channels: Int
    /// Bits a sample, where the format has such a thing.
    public let bits: Int?

    /// Makes facts.
    public init(of: ContentHash, format: String, frames: Int64, sampleRate: Int, channels: Int, bits: Int? = nil) {
        self.of = of
        self.format = format
        self.frames = frames
        self.sampleRate = sampleRate
        self.channels = channels
        self.bits = bits
    }

    /// How long it is, in milliseconds, rounded down.
    public var durationMs: Int64 { frames * 1_000 / Int64(sampleRate) }

    static let shape = Shape.sortedObject(
        .init("bits", .integer(1...64)),
        .init("channels", .integer(1...4_096)),
        .init("format", .line(Limits.tag)),
        .init("frames", .integer(0...frameLimit)),
        .init("of", .hash, isRequired: true),
        .init("sampleRate", .integer(1...100_000_000)))

    /// Takes a field's value; `nil` when it is not complete, not sound, or speaks of another file.
    init?(_ value: JSON?, of hash: ContentHash) {
        guard let value, value["of"]?.asString.flatMap({ ContentHash(hex: $0) }) == hash,
            let frames = value["frames"]?.asInteger, (0...Self.frameLimit).contains(frames),
            let sampleRate = value["sampleRate"]?.asInteger, (1...100_000_000).contains(sampleRate),
            let channels = value["channels"]?.asInteger, (1...4_096).contains(channels)
        else { return nil }
        of = hash
        format = value["format"]?.asString ?? ""
        self.frames = frames
        self.sampleRate = Int(sampleRate)
        self.channels = Int(channels)
        bits = value["bits"]?.asInteger.flatMap { Int(exactly: $0) }
    }

    /// The value of a record's field.
    public var fields: JSONObject {
        var fields: JSONObject = [
            "channels": .integer(Int64(channels)), "format": .string(format), "frames": .integer(frames),
            "of": .string(of.hex), "sampleRate": .integer(Int64(sampleRate)),
        ]
        if let bits { fields["bits"] = .integer(Int64(bits)) }
        return fields
    }
}
