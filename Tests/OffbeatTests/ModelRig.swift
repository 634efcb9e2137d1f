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
    let context: StoreContext
    var library: Library
    var model = LibraryModel()
    private var user = "ana"
    var steps = 0

    static let frames: Int64 = 40
    private static let sounds: ClosedRange<UInt64> = 1...60

    init(at place: FilePath) throws {
        folder = place.appending("sounds")
        try FileSystem.makeDirectory(folder)
        context = StoreContext(
            now: { UInt64(SystemClock.wallMilliseconds()) }, utcOffset: { _ in 60 }, machine: Array("model".utf8))
        let seed = StoreSeed(name: "Model", handle: Handle("ana"))
        library = try Library.create(at: place.appending("store"), seed: seed, context: context)
        model.state.people = ["ana": try #require(try library.session().person).id.hex]
        model.note(version: try library.version().description, by: nil)
    }

    func session() throws -> Session { try library.session(as: user) }

    /// Who acts, by id.
    private var userID: String { model.state.people[user] ?? "nobody" }

    /// Does one operation on both, and answers which.
    mutating func step() throws -> String {
        steps += 1
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<18: return try add(Int.random(in: 1...10, using: &chance) == 1 ? 4 : 1)
        case 18..<42: return try editOne()
        case 42..<47: return try editMany()
        case 47..<54: return try remove()
        case 54..<61: return try replace()
        case 61..<68: return try mark()
        case 68..<73: return try unmark()
        case 73..<82: return try undo()
        case 82..<88: return try restore()
        case 88..<91: return try addPerson()
        case 91..<93:
            user = model.state.people.keys.sorted().randomElement(using: &chance) ?? user
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
                    fields: ["title": .string("sound \(sound)")], sound: sound, owner: userID,
                    revision: model.nextRevision(), born: model.operation)
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
            model.change(id, at: "audio") { $0.sound = sound }
        }
        try expect(outcome.version, changed: isChanged, "replace")
        return "replace \(id) \(sound)"
    }

    private mutating func mark() throws -> String {
        guard let id = model.ids.randomElement(using: &chance) else { return "mark nothing" }
        let marker = LibraryModel.MarkerModel(
            frame: Int64.random(in: 0...Self.frames, using: &chance), text: "mark \(steps)")
        let outcome = try session().addMarker(to: id, at: .frame(marker.frame), text: marker.text)
        model.change(id, at: "marker \(marker.text)") { $0.markers.append(marker) }
        try expect(outcome.version, changed: true, "mark")
        return "mark \(id) \(marker)"
    }

    private mutating func unmark() throws -> String {
        let marked = model.ids.filter { model.state.tracks[$0]?.markers.isEmpty == false }
        guard let id = marked.randomElement(using: &chance),
            let marker = model.state.tracks[id]?.markers.randomElement(using: &chance)
        else { return "unmark nothing" }
        let outcome = try session().removeMarker(from: id, named: marker.text)
        model.change(id, at: "marker \(marker.text)") { $0.markers.removeAll { $0 == marker } }
        try expect(outcome.version, changed: true, "unmark")
        return "unmark \(id) \(marker)"
    }

    private mutating func addPerson() throws -> String {
        let handle = "person-\(Int.random(in: 0..<30, using: &chance))"
        let name = try #require(Handle(handle))
        if model.state.people[handle] != nil {
            try expectRefusal(.wrongState) { _ = try session().addPerson(name, name: nil, email: nil) }
        } else {
            let (person, version) = try session().addPerson(name, name: "P", email: nil)
            model.state.people[handle] = person.id.hex
            try expect(version, changed: true, "person")
        }
        return "person \(handle)"
    }

    private mutating func undo() throws -> String {
        let (session, before) = (try session(), model.state)
        switch model.undo(by: userID, acting: user) {
        case .done:
            let report = try session.undo()
            try expect(report.version, changed: true, "undo", isUndo: true)
            return "undo \(report.undone.subject)"
        case .refused: try expectRefusal(.wrongState) { _ = try session.undo() }
        case .nothing: try expectRefusal(.notFound) { _ = try session.undo() }
        }
        #expect(model.state == before)
        try expect(try library.version(), changed: false, "undo")
        return "undo nothing"
    }

    private mutating func restore() throws -> String {
        let version = Int.random(in: max(0, model.versions.count - 60)..<model.versions.count, using: &chance)
        let ids = model.versions[version].state.tracks.keys.sorted()
        guard let id = ids.randomElement(using: &chance) else { return "restore nothing" }
        let outcome = try session().restore(id, at: model.versions[version].name)
        let isChanged = model.restore(id, at: version)
        #expect(outcome.track.id.description == id && outcome.isChanged == isChanged && outcome.kept.isEmpty)
        try expect(outcome.version, changed: isChanged, "restore")
        return "restore \(id) at \(version)"
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
        for change in changes { isChanged = model.apply(change, to: &track) || isChanged }
        if isChanged {
            track.revision = model.nextRevision()
            model.state.tracks[id] = track
        }
        return isChanged
    }

    private mutating func expect(
        _ version: Version, changed: Bool, _ what: String, isUndo: Bool = false
    ) throws {
        #expect(try library.version() == version)
        #expect((version.description != model.versions.last?.name) == changed, "\(what) \(chance)")
        if changed {
            done[what, default: 0] += 1
            model.note(version: version.description, by: userID, isUndo: isUndo)
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
