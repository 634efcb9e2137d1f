import Blobs
public import Catalog
import Digest
import Store

/// A track as every surface shows it.
public struct TrackSummary: Sendable {
    /// The track's id.
    public let id: TrackID
    /// The record.
    public let track: Track
    /// The owner's handle.
    public let owner: String?
    /// Whether the audio is on this computer.
    public let isHere: Bool

    let folder: TrackFolder
    private let analysis: AnalysisSummary?
    /// Who has analysed the audio.
    private let analyzers: [Analyzer]

    /// The tempo: the person's, or else the analysis's.
    public var bpm: Double? { track.bpm ?? analysis?.bpm }
    /// The key: the person's, or else the analysis's.
    public var key: String? { track.key ?? analysis?.key }

    init(_ folder: TrackFolder, session: Session, in view: View) {
        self.init(folder, isHere: session.isHere(folder), in: view)
    }

    init(_ folder: TrackFolder, isHere: Bool, in view: View) {
        id = folder.id
        track = folder.track
        owner = folder.track.owner.map { view.handle(of: $0) }
        self.isHere = isHere
        self.folder = folder
        analysis = view.summaries[folder.audio?.pointer.oid]
        analyzers = view.summaries.analyzers(of: folder.audio?.pointer.oid)
    }

    /// The track's duration in milliseconds, where its audio's facts are known.
    public var durationMs: Int64? {
        facts?.durationMs
    }

    /// The audio's facts, unless they speak of another file than the one that the pointer names.
    public var facts: Facts? { folder.facts }

    /// The size of the audio, where there is any.
    public var audioSize: Int64? { folder.audio?.pointer.size }

    /// The types of the stems.
    public var stemTypes: [String] { folder.stems.map(\.stem.type.text) }

    /// The document that scripts read: every key is always there.
    public var json: JSON {
        var fields = JSONObject()
        fields["id"] = .string(id.description)
        for (key, value) in texts { fields[key] = value.map(JSON.string) ?? .null }
        for (key, value) in numbers { fields[key] = value.map { .integer(Int64($0)) } ?? .null }
        fields["bpm"] = bpm.map { JSON($0) } ?? .null
        fields["tags"] = .array(track.tags.map(JSON.string))
        fields["audio"] = audio
        fields["stems"] = .array(folder.stems.map(Self.stem))
        fields["analyses"] = .array(
            analyzers.map { ["analyzer": .string($0.name), "version": .string($0.version)] })
        fields["conflicts"] = .integer(Int64(folder.openConflicts.count))
        fields["markers"] = .array(track.markers.map(marker))
        fields["created"] = .string(track.created.time.description)
        fields["modified"] = .string(track.modified.time.description)
        fields["here"] = .bool(isHere)
        for (key, value) in track.extensions { fields[key] = value }
        return .object(fields)
    }

    private var texts: [(String, String?)] {
        [
            ("title", track.title), ("artist", track.artist), ("album", track.album), ("genre", track.genre),
            ("comment", track.comment), ("key", key), ("owner", owner),
        ]
    }

    private var numbers: [(String, Int?)] {
        [("year", track.year), ("trackNumber", track.trackNumber), ("rating", track.rating)]
    }

    private var audio: JSON {
        guard let file = folder.audio else { return .null }
        // Reading them off the record takes a moment.
        let facts = facts
        var fields = JSONObject()
        fields["oid"] = .string(file.pointer.oid.hex)
        fields["size"] = .integer(file.pointer.size)
        fields["name"] = track.audio.name.map(JSON.string) ?? .null
        fields["format"] = .string(facts?.format ?? file.fileExtension.description)
        fields["frames"] = facts.map { .integer($0.frames) } ?? .null
        fields["sampleRate"] = facts.map { .integer(Int64($0.sampleRate)) } ?? .null
        fields["channels"] = facts.map { .integer(Int64($0.channels)) } ?? .null
        fields["bits"] = facts?.bits.map { .integer(Int64($0)) } ?? .null
        fields["durationMs"] = facts.map { .integer($0.durationMs) } ?? .null
        return .object(fields)
    }

    private static func stem(_ file: TrackFolder.StemFile) -> JSON {
        var fields = JSONObject()
        fields["type"] = .string(file.stem.type.text)
        fields["oid"] = file.audio.map { .string($0.pointer.oid.hex) } ?? .null
        fields["size"] = file.audio.map { .integer($0.pointer.size) } ?? .null
        return .object(fields)
    }

    private func marker(_ marker: Track.Marker) -> JSON {
        var fields = JSONObject()
        fields["id"] = .string(marker.id.description)
        fields["frame"] = .integer(marker.frame)
        fields["text"] = .string(marker.text)
        return .object(fields)
    }
}
