import Blobs
import Catalog
import Digest
import Store

/// What became of a stem.
public enum StemChange: String, Sendable { case added, replaced, unchanged, removed }

/// Puts stems into a track of a version in the making.
struct StemDesk {
    let track: TrackFolder
    let draft: Draft

    /// What is to become a stem: a file whose bytes are in the store.
    struct Part {
        let type: StemType
        let reference: AudioReference
        let audio: TrackFolder.AudioFile
        let facts: Facts
        /// The audio that it was separated from; nil for one that a person brings.
        let madeFrom: ContentHash?
    }

    /// Puts one stem. The same audio again changes nothing, except that a separation says what it was made from now.
    func put(_ part: Part) throws -> (stem: Stem, change: StemChange) {
        try requireReadable(part.type)
        guard let old = track.stems.first(where: { $0.stem.type == part.type }) else {
            let stem = Stem(
                type: part.type, audio: part.reference, facts: part.facts, madeFrom: part.madeFrom,
                created: draft.stamp())
            try draft.put(stem, of: track.id, audio: part.audio)
            return (stem, .added)
        }
        let isSame = old.audio == part.audio && old.stem.audio.oid == part.audio.pointer.oid
        if isSame, part.madeFrom == nil || part.madeFrom == old.stem.madeFrom { return (old.stem, .unchanged) }
        var stem = old.stem
        let at = draft.stamp(after: stem.stamp(of: "audio"), stem.stamp(of: "facts"), stem.stamp(of: "madeFrom"))
        try stem.setAudio(part.reference, facts: part.facts, madeFrom: part.madeFrom, at: at)
        try draft.put(stem, of: track.id, audio: part.audio, replacing: old.audio)
        return (stem, .replaced)
    }

    /// A record that cannot be read may be one that a newer program wrote: it is not written over.
    private func requireReadable(_ type: StemType) throws {
        let end = "/stems/\(type).json"
        if let record = track.unreadableStems.first(where: { $0.path.hasSuffix(end) }) {
            throw Failure(
                .damaged, "\(record.path) cannot be read: \(record.reason)",
                hint: "`offbeat fsck` says in which version it could be read")
        }
    }
}

extension StemType {
    /// Reads what a person calls a stem.
    static func named(_ text: String) throws(Failure) -> StemType {
        guard let type = StemType(text) else {
            throw Failure(
                .usage, "\(text) is no type of a stem",
                hint: "take small letters, digits and hyphens, at most 32, as in drums or lead-vocals")
        }
        guard type.text != "master" else {
            throw Failure(
                .usage, "master is the track's own audio, not a stem",
                hint: "`offbeat replace` gives it other audio")
        }
        return type
    }
}
