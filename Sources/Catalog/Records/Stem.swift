public import Digest

/// The kind of a stem's record.
public enum StemKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = StemType
    /// What it is, in a word.
    public static let noun = "stem"
    /// The field that holds the identity.
    public static let identityField = "type"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        .init("audio", AudioReference.shape, isRequired: true, merging: .file),
        Schema.conflicts,
        .init("facts", Facts.shape, merging: .ofFile),
        .init("madeFrom", .hash, merging: .ofFile),
        .init("type", .name, isRequired: true, isFixed: true)
    )
}

/// A stem: one part of a track, as audio of its own.
public typealias Stem = Record<StemKind>

extension Record where Kind == StemKind {
    /// Makes a new stem.
    public init(
        type: StemType, audio: AudioReference, facts: Facts? = nil, madeFrom: ContentHash? = nil, created: Stamp
    ) {
        var values: JSONObject = ["audio": .object(audio.fields(at: created))]
        if let facts { values["facts"] = .object(facts.fields) }
        if let madeFrom { values["madeFrom"] = .string(madeFrom.hex) }
        self.init(id: type, created: created, with: values)
    }

    /// Which part of the track it is.
    public var type: StemType { id }

    /// The audio file that it consists of.
    public var audio: AudioReference { AudioReference(checked: fields["audio"]) }

    /// What is known of the audio file; `nil` when it speaks of another file than the present one.
    public var facts: Facts? { Facts(fields["facts"], of: audio.oid) }

    /// The audio of the track that it was separated from; `nil` for one that a person brought.
    public var madeFrom: ContentHash? { fields["madeFrom"]?.asString.flatMap { ContentHash(hex: $0) } }

    /// Replaces the audio file, what is known of it, and what it was made from.
    @discardableResult
    public mutating func setAudio(
        _ audio: AudioReference, facts: Facts?, madeFrom: ContentHash?, at stamp: Stamp
    ) throws(CatalogError) -> Bool {
        let isNew = try set("audio", to: .object(audio.values), at: stamp)
        let hasNewFacts = try set("facts", to: facts.map { .object($0.fields) }, at: stamp)
        let hasNewSource = try set("madeFrom", to: madeFrom.map { .string($0.hex) }, at: stamp)
        return isNew || hasNewFacts || hasNewSource
    }
}
