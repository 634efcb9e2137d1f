import Blobs
public import Catalog
import Digest
import Store

/// A stem as every surface shows it.
public struct StemSummary: Sendable {
    /// The record.
    public let stem: Stem
    /// Whether it was made from other audio than the track has now.
    public let isStale: Bool
    /// Whether its audio is on this computer.
    public let isHere: Bool

    private let audio: TrackFolder.AudioFile?

    init(_ file: TrackFolder.StemFile, of track: TrackFolder, isHere: Bool) {
        self.init(file.stem, audio: file.audio, of: track, isHere: isHere)
    }

    init(_ stem: Stem, audio: TrackFolder.AudioFile?, of track: TrackFolder, isHere: Bool) {
        (self.stem, self.audio, self.isHere) = (stem, audio, isHere)
        isStale = stem.isStale(in: track)
    }

    /// The audio's facts, unless they speak of another file than the one that the pointer names.
    public var facts: Facts? { audio?.pointer.oid == stem.audio.oid ? stem.facts : nil }

    /// The size of its audio, where there is any.
    public var size: Int64? { audio?.pointer.size }

    /// The document that scripts read: every key is always there.
    public var json: JSON {
        [
            "type": .string(stem.type.text),
            "oid": audio.map { .string($0.pointer.oid.hex) } ?? .null,
            "size": size.map(JSON.integer) ?? .null,
            "format": (facts?.format ?? audio?.fileExtension.description).map(JSON.string) ?? .null,
            "durationMs": facts.map { .integer($0.durationMs) } ?? .null,
            "sampleRate": facts.map { .integer(Int64($0.sampleRate)) } ?? .null,
            "channels": facts.map { .integer(Int64($0.channels)) } ?? .null,
            "madeFrom": stem.madeFrom.map { .string($0.hex) } ?? .null,
            "stale": .bool(isStale), "here": .bool(isHere),
        ]
    }
}

extension Stem {
    /// Whether it was made from other audio than the track has now. One that a person brought is never stale: nobody
    /// knows what it was made from.
    func isStale(in track: TrackFolder) -> Bool {
        guard let madeFrom, let audio = track.audio else { return false }
        return madeFrom != audio.pointer.oid
    }
}
