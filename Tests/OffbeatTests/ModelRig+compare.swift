import Catalog
import Digest
import Store
import TestSupport
import Testing

@testable import Offbeat

/// Comparing the library with its model.
extension ModelRig {
    /// Opens the library anew, and compares all that it says with the model.
    mutating func compareEverything(after what: String) throws {
        library = try Library(at: library.store.path, context: context)
        let session = try session()
        let list = try session.list(ListRequest())
        #expect(list.tracks.map(\.id.description).sorted() == model.ids, "\(what); \(chance)")
        for track in list.tracks {
            try compare(track.json, with: #require(model.state.tracks[track.id.description]), "\(what); \(chance)")
        }
        #expect(try session.people().compactMap { $0.handle?.text }.sorted() == model.state.people.keys.sorted())
        let status = try session.status()
        #expect(status.tracks == model.ids.count && status.files.missing == 0 && status.unreadable.isEmpty)
        #expect(try session.status().described == session.statusWithoutIndex().described, "\(what); \(chance)")
        try compareLog(session, what)
        try compareDifference(session, what)
        try compareAudio(session)
    }

    private func compare(_ track: JSON, with model: LibraryModel.TrackModel, _ what: String) throws {
        for field in [
            "title", "artist", "album", "genre", "comment", "key", "year", "rating", "bpm", "trackNumber",
        ] {
            #expect(track[field] == model.fields[field] ?? .null, "\(field) after \(what)")
        }
        #expect(track["x-mood"] == model.fields["x-mood"], "\(what)")
        #expect(Set(track["tags"]?.asArray ?? []) == Set(model.tags.map(JSON.string)), "\(what)")
        let owner = self.model.state.people.first { $0.value == model.owner }?.key ?? model.owner
        #expect(track["owner"]?.asString == owner, "\(what)")
        let bytes = noise(seed: model.sound, frames: Int(Self.frames))
        #expect(track["audio"]?["oid"]?.asString == ContentHash(of: bytes).hex, "\(what)")
        #expect(track["audio"]?["frames"] == .integer(Self.frames) && track["here"] == true, "\(what)")
        let markers = (track["markers"]?.asArray ?? []).map {
            LibraryModel.MarkerModel(frame: $0["frame"]?.asInteger ?? -1, text: $0["text"]?.asString ?? "")
        }
        let sorted = markers.sorted { ($0.frame, $0.text) < ($1.frame, $1.text) }
        #expect(sorted == model.sortedMarkers && markers.map(\.frame) == sorted.map(\.frame), "\(what)")
    }

    private func compareLog(_ session: Session, _ what: String) throws {
        // All of it only now and then, since each line of it is a comparison of two versions.
        let most = steps % 100 == 0 ? Int.max : 20
        var names: [String] = []
        try session.log { entry in
            names.append(entry.entry.version.description)
            return names.count < most
        }
        let expected = model.versions.map(\.name).reversed().prefix(most)
        #expect(names == Array(expected), "\(what); \(chance)")
    }

    private mutating func compareDifference(_ session: Session, _ what: String) throws {
        guard let old = model.versions.randomElement(using: &chance),
            let new = model.versions.randomElement(using: &chance)
        else { return }
        let changes = try session.diff(old.name, new.name)
        var found: [String: String] = [:]
        for change in changes {
            guard case .track(let id)? = change.change.folder else { continue }
            found[id.description] = change.change.kind.rawValue
            let (before, after) = (old.state.tracks[id.description], new.state.tracks[id.description])
            guard let before, let after else { continue }
            for field in Set(before.fields.keys).union(after.fields.keys)
            where before.fields[field] != after.fields[field] {
                #expect(change.fields.contains(field), "\(field) after \(what); \(chance)")
            }
        }
        #expect(found == LibraryModel.difference(old.state, new.state), "\(what); \(chance)")
    }

    private mutating func compareAudio(_ session: Session) throws {
        guard let id = model.ids.randomElement(using: &chance), let track = model.state.tracks[id] else { return }
        var bytes: [UInt8] = []
        try session.cat(id) { bytes += $0 }
        #expect(bytes == noise(seed: track.sound, frames: Int(Self.frames)), "\(chance)")
    }
}
