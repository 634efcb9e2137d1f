import Catalog
import Digest
import Files
import Store
import TestSupport
import Testing

@testable import Offbeat

/// A real library and its model, and the operations that are done on both.
struct ModelRig {
    var chance = SeededRandom()
    /// How often each operation changed something.
    private(set) var done: [String: Int] = [:]

    private let folder: FilePath
    private let context: StoreContext
    private var library: Library
    private var model = LibraryModel()
    private var user = "ana"
    private var steps = 0

    private static let frames: Int64 = 40
    private static let sounds: ClosedRange<UInt64> = 1...60

    init(at place: FilePath) throws {
        folder = place.appending("sounds")
        try FileSystem.makeDirectory(folder)
        context = StoreContext(
            now: { UInt64(SystemClock.wallMilliseconds()) }, utcOffset: { _ in 60 }, machine: Array("model".utf8))
        let seed = StoreSeed(name: "Model", handle: Handle("ana"))
        library = try Library.create(at: place.appending("store"), seed: seed, context: context)
        model.state.people = ["ana"]
        model.note(version: try library.version().description)
    }

    private func session() throws -> Session { try library.session(as: user) }

    /// Does one operation on both, and answers which.
    mutating func step() throws -> String {
        steps += 1
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<22: return try add(Int.random(in: 1...10, using: &chance) == 1 ? 4 : 1)
        case 22..<50: return try editOne()
        case 50..<55: return try editMany()
        case 55..<62: return try remove()
        case 62..<72: return try replace()
        case 72..<82: return try mark()
        case 82..<88: return try unmark()
        case 88..<91: return try addPerson()
        case 91..<93:
            user = model.state.people.sorted().randomElement(using: &chance) ?? user
            return "act as \(user)"
        case 93..<97: return try refused()
        default: return try dryRun()
        }
    }

    // MARK: Operations

    private mutating func add(_ count: Int) throws -> String {
        let sounds = (0..<count).map { _ in UInt64.random(in: Self.sounds, using: &chance) }
        let paths = try sounds.map(file)
        let outcome = try session().add(AddRequest(paths: paths))
        #expect(outcome.failed.isEmpty && outcome.skipped.isEmpty, "\(chance)")
        var (added, present) = (outcome.added[...], outcome.present[...])
        for sound in sounds {
            let holders = model.holders(of: sound)
            if holders.isEmpty {
                let next = added.popFirst()
                let track = try #require(next, "\(chance)")
                #expect(model.state.tracks[track.id.description] == nil)
                model.state.tracks[track.id.description] = LibraryModel.TrackModel(
                    fields: ["title": .string("sound \(sound)")], sound: sound, owner: user,
                    revision: model.nextRevision())
            } else {
                let next = present.popFirst()
                let id = try #require(next, "\(chance)")
                #expect(holders.contains(id.description), "\(chance)")
            }
        }
        #expect(added.isEmpty && present.isEmpty, "\(chance)")
        try expect(outcome.version, changed: !outcome.added.isEmpty, "add")
        return "add \(sounds)"
    }

    private mutating func editOne() throws -> String {
        guard let id = model.ids.randomElement(using: &chance) else { return "edit nothing" }
        let changes = (0..<Int.random(in: 1...4, using: &chance)).map { _ in ModelChange.random(&chance) }
        let outcome = try session().edit(request(.one(id), changes))
        let isChanged = apply(changes, to: id)
        #expect(outcome.tracks.map(\.id.description) == (isChanged ? [id] : []), "\(changes) \(chance)")
        try expect(outcome.version, changed: isChanged, "edit")
        return "edit \(id) \(changes)"
    }

    private mutating func editMany() throws -> String {
        let change = ModelChange.random(&chance)
        let ids = model.ids.filter { model.state.tracks[$0]?.tags.contains("live") == true }
        let outcome = try session().edit(request(.matches("tag:live"), [change]))
        let changed = ids.filter { apply([change], to: $0) }
        #expect(outcome.tracks.map(\.id.description).sorted() == changed, "\(change) \(chance)")
        try expect(outcome.version, changed: !changed.isEmpty, "edit")
        return "edit tag:live \(change)"
    }

    private mutating func remove() throws -> String {
        let ids = Array(model.ids.shuffled(using: &chance).prefix(Int.random(in: 1...2, using: &chance)))
        if ids.isEmpty { return "remove nothing" }
        let outcome = try session().remove(ids + ids.prefix(1))
        for id in ids { model.state.tracks[id] = nil }
        #expect(outcome.tracks.map(\.id.description) == ids, "\(chance)")
        try expect(outcome.version, changed: true, "remove")
        return "remove \(ids)"
    }

    private mutating func replace() throws -> String {
        guard let id = model.ids.randomElement(using: &chance) else { return "replace nothing" }
        let sound = UInt64.random(in: Self.sounds, using: &chance)
        let outcome = try session().replace(id, with: file(sound))
        let isChanged = model.state.tracks[id]?.sound != sound
        if isChanged {
            model.change(id) { $0.sound = sound }
        }
        try expect(outcome.version, changed: isChanged, "replace")
        return "replace \(id) \(sound)"
    }

    private mutating func mark() throws -> String {
        guard let id = model.ids.randomElement(using: &chance) else { return "mark nothing" }
        let marker = LibraryModel.MarkerModel(
            frame: Int64.random(in: 0...Self.frames, using: &chance), text: "mark \(steps)")
        let outcome = try session().addMarker(to: id, at: .frame(marker.frame), text: marker.text)
        model.change(id) { $0.markers.append(marker) }
        try expect(outcome.version, changed: true, "mark")
        return "mark \(id) \(marker)"
    }

    private mutating func unmark() throws -> String {
        let marked = model.ids.filter { model.state.tracks[$0]?.markers.isEmpty == false }
        guard let id = marked.randomElement(using: &chance),
            let marker = model.state.tracks[id]?.markers.randomElement(using: &chance)
        else { return "unmark nothing" }
        let outcome = try session().removeMarker(from: id, named: marker.text)
        model.change(id) { $0.markers.removeAll { $0 == marker } }
        try expect(outcome.version, changed: true, "unmark")
        return "unmark \(id) \(marker)"
    }

    private mutating func addPerson() throws -> String {
        let handle = "person-\(Int.random(in: 0..<30, using: &chance))"
        let name = try #require(Handle(handle))
        if model.state.people.contains(handle) {
            try expectRefusal(.wrongState) { _ = try session().addPerson(name, name: nil, email: nil) }
        } else {
            let (_, version) = try session().addPerson(name, name: "P", email: nil)
            model.state.people.insert(handle)
            try expect(version, changed: true, "person")
        }
        return "person \(handle)"
    }

    /// What must be refused, and change nothing.
    private mutating func refused() throws -> String {
        let session = try session()
        let id = model.ids.randomElement(using: &chance)
        let nobody = String(repeating: "f", count: 32)
        try expectRefusal(.notFound) { _ = try session.edit(request(.one(nobody), [.addTag("x")])) }
        try expectRefusal(.notFound) { _ = try session.remove((id.map { [$0] } ?? []) + [nobody]) }
        if let id {
            try expectRefusal(.usage) {
                _ = try session.edit(EditRequest(.one(id), changes: [.addTag("x"), .field("year=soon")]))
            }
            try expectRefusal(.usage) { _ = try session.addMarker(to: id, at: .frame(1_000_000), text: "behind") }
            var late = try request(.one(id), [.addTag("x")])
            late.expectedVersion = model.versions.count > 1 ? model.versions[0].name : nil
            if late.expectedVersion != nil { try expectRefusal(.wrongState) { _ = try session.edit(late) } }
        }
        try expect(try library.version(), changed: false, "refused")
        return "refused"
    }

    private mutating func dryRun() throws -> String {
        guard let id = model.ids.randomElement(using: &chance) else { return "try nothing" }
        var asked = try request(.one(id), [.set("title", "Never")])
        asked.isDryRun = true
        let outcome = try session().edit(asked)
        #expect(outcome.tracks.map(\.id.description) == [id])
        try expect(outcome.version, changed: false, "dry run")
        return "try \(id)"
    }

    // MARK: Helpers

    private func request(_ target: EditTarget, _ changes: [ModelChange]) throws -> EditRequest {
        EditRequest(target, changes: try changes.map { try TrackChange(parsing: $0.text) })
    }

    private func file(_ sound: UInt64) throws -> FilePath {
        let path = folder.appending("sound \(sound).wav")
        if !FileSystem.exists(path) { try FileSystem.write(noise(seed: sound, frames: Int(Self.frames)), to: path) }
        return path
    }

    /// Applies changes in the model; a track that ends as it began has changed too if a step between did.
    private mutating func apply(_ changes: [ModelChange], to id: String) -> Bool {
        guard var track = model.state.tracks[id] else { return false }
        var isChanged = false
        for change in changes { isChanged = LibraryModel.apply(change, to: &track) || isChanged }
        if isChanged {
            track.revision = model.nextRevision()
            model.state.tracks[id] = track
        }
        return isChanged
    }

    private mutating func expect(_ version: Version, changed: Bool, _ what: String) throws {
        #expect(try library.version() == version)
        #expect((version.description != model.versions.last?.name) == changed, "\(what) \(chance)")
        if changed {
            done[what, default: 0] += 1
            model.note(version: version.description)
        }
    }

    private func expectRefusal(_ code: Failure.Code, _ body: () throws -> Void) throws {
        do {
            try body()
            Issue.record("\(code) was expected; \(chance)")
        } catch let failure as Failure {
            #expect(failure.code == code, "\(failure); \(chance)")
        }
    }
}

// MARK: Comparing

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
        #expect(Set(try session.people().compactMap { $0.handle?.description }) == model.state.people)
        let status = try session.status()
        #expect(status.tracks == model.ids.count && status.files.missing == 0 && status.unreadable.isEmpty)
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
        #expect(track["owner"]?.asString == model.owner, "\(what)")
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
