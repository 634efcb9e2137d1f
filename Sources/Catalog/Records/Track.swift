/// The kind of a track's record.
public enum TrackKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = TrackID
    /// What it is, in a word.
    public static let noun = "track"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        .init("album", .line(Limits.title)),
        .init("artist", .line(Limits.title)),
        .init("audio", AudioReference.shape, isRequired: true, merging: .file),
        .init("bpm", .number(above: Limits.tempo.above, upTo: Limits.tempo.upTo)),
        .init("comment", .text(Limits.comment)),
        Schema.conflicts,
        .init("facts", Facts.shape, merging: .ofFile),
        .init("genre", .line(Limits.title)),
        .init("grid", .object([])),
        .init("id", .identifier, isRequired: true, isFixed: true),
        .init("key", .line(Limits.tag)),
        .init(
            "markers",
            .sortedSet(
                .identifier, .init("by", .identifier),
                .init("frame", .integer(0...Facts.frameLimit), isRequired: true),
                .init("text", .line(Limits.marker)))),
        .init("owner", .identifier, merging: .laterOfAdded),
        .init("rating", .integer(Limits.ratings)),
        .init("shares", .set(.identifier, [])),
        .init("tags", .set(.line(Limits.tag), [])),
        .init("title", .line(Limits.title)),
        .init("trackNumber", .integer(Limits.trackNumbers)),
        .init("year", .integer(Limits.years))
    )
}

/// A track: audio, and what people say about it.
public typealias Track = Record<TrackKind>

extension Record where Kind == TrackKind {
    /// A place in the audio that a person marked.
    public struct Marker: Sendable, Hashable {
        /// Which marker it is.
        public let id: MarkerID
        /// The place, in frames from the start.
        public let frame: Int64
        /// What the person wrote.
        public let text: String
        /// Who wrote it.
        public let by: PersonID?
    }

    /// Makes a new track.
    public init(id: TrackID, audio: AudioReference, facts: Facts? = nil, owner: PersonID? = nil, created: Stamp) {
        var values: JSONObject = ["audio": .object(audio.fields(at: created))]
        if let facts { values["facts"] = .object(facts.fields) }
        if let owner { values["owner"] = .string(owner.hex) }
        self.init(id: id, created: created, with: values)
    }

    /// The title.
    public var title: String? { text("title") }
    /// Who plays.
    public var artist: String? { text("artist") }
    /// The album.
    public var album: String? { text("album") }
    /// The genre.
    public var genre: String? { text("genre") }
    /// What people note about it.
    public var comment: String? { text("comment") }
    /// The year.
    public var year: Int? { fields["year"]?.asInteger.map(Int.init) }
    /// The number on the album.
    public var trackNumber: Int? { fields["trackNumber"]?.asInteger.map(Int.init) }
    /// From 0 to 5.
    public var rating: Int? { fields["rating"]?.asInteger.map(Int.init) }
    /// The tempo that a person decided, by itself or with the beat grid.
    public var bpm: Double? { fields["bpm"]?.asDouble ?? grid.flatMap { BeatGrid($0)?.bpm } }
    /// The key that a person decided.
    public var key: String? { text("key") }
    /// The beat grid that a person decided.
    public var grid: JSONObject? { fields["grid"]?.asObject }
    /// Whose track it is.
    public var owner: PersonID? { parsed("owner") }
    /// The tags, by the bytes of their names.
    public var tags: [String] { elements(of: "tags").map(\.element) }
    /// The workspaces that it is shared with.
    public var shares: [WorkspaceID] { elements(of: "shares").compactMap { WorkspaceID($0.element) } }

    /// The audio file that it consists of.
    public var audio: AudioReference { AudioReference(checked: fields["audio"]) }

    /// What is known of the audio file; `nil` when it speaks of another file than the present one.
    public var facts: Facts? { Facts(fields["facts"], of: audio.oid) }

    /// The markers, by their places.
    public var markers: [Marker] {
        elements(of: "markers").compactMap { element, values in
            guard let id = MarkerID(element), let frame = values["frame"]?.asInteger else { return nil }
            let by = values["by"]?.asString.flatMap { PersonID($0) }
            return Marker(id: id, frame: frame, text: values["text"]?.asString ?? "", by: by)
        }
        .sorted { ($0.frame, $0.id) < ($1.frame, $1.id) }
    }

    /// Replaces the audio file, and what is known of it.
    @discardableResult
    public mutating func setAudio(
        _ audio: AudioReference, facts: Facts?, at stamp: Stamp
    ) throws(CatalogError) -> Bool {
        let isNew = try set("audio", to: .object(audio.values), at: stamp)
        let hasNewFacts = try set("facts", to: facts.map { .object($0.fields) }, at: stamp)
        return isNew || hasNewFacts
    }
}
