import Blobs
import Catalog
import Digest
import Files
import Git
import Glibc
import TestSupport
import Testing

@testable import Store

/// Random histories on several laptops with real stores: those that met hold the same, down to the commit.
@Suite struct ConvergenceTests {
    @Test func laptopsThatMetAreAtOneCommit() throws {
        for _ in 0..<Histories.count(6) {
            let random = SeededRandom()
            try withTemporaryDirectory { folder in
                var life = try Life(in: folder, random)
                try life.live()
                let isSettled = try life.band.settle()
                #expect(isSettled, "still merging; \(random)")
                try life.check()
            }
        }
    }
}

/// How many histories are tried: more with `OFFBEAT_HISTORIES`.
enum Histories {
    static func count(_ usual: Int) -> Int {
        getenv("OFFBEAT_HISTORIES").flatMap { Int(String(cString: $0)) } ?? usual
    }
}

/// What laptops go through.
private struct Life {
    let band: Band
    private var random: SeededRandom
    private let seed: SeededRandom
    private var written: [Writing] = []
    private var removals: [(id: TrackID, version: Version)] = []
    private static let songs = ["one", "two", "three", "four"]

    /// A title that somebody gave.
    private struct Writing {
        let id: TrackID
        let title: String
        let version: Version
    }

    init(in folder: FilePath, _ random: SeededRandom) throws {
        self.random = random
        seed = random
        band = try Band(in: folder, laptops: Int.random(in: 2...4, using: &self.random))
    }

    mutating func live() throws {
        for step in 0..<Int.random(in: 8...30, using: &random) {
            let laptop = Int.random(in: 0..<band.laptops.count, using: &random)
            band.laptops[laptop].surroundings.pass(milliseconds: Int64.random(in: -2_000...2_000, using: &random))
            if Int.random(in: 0..<3, using: &random) == 0 {
                let other = Int.random(in: 0..<band.laptops.count, using: &random)
                if other != laptop { try band.meet(laptop, other) }
            } else {
                try act(band.laptops[laptop], step)
            }
        }
    }

    private mutating func act(_ world: World, _ step: Int) throws {
        let snapshot = try world.store.snapshot()
        var ids: [TrackID] = []
        try snapshot.forEachTrackID { ids.append($0) }
        guard let id = ids.randomElement(using: &random), case .track(let folder)? = try snapshot.read(id) else {
            try world.store.write(by: world.ana) { draft in
                try draft.add(Self.songs.randomElement(using: &random) ?? "")
                return "Add"
            }
            return
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: try add(world)
        case 2, 3: try rename(folder, to: "title \(step)", world)
        case 4: try tag(folder, world)
        case 5: try replace(folder, by: "audio \(step)", world)
        case 6: try stem(folder, "stem \(step)", world)
        case 7: try remove(id, world)
        case 8: try resolve(folder, world)
        default: try byHand(id, step, world)
        }
    }

    private mutating func add(_ world: World) throws {
        let song = Self.songs.randomElement(using: &random) ?? ""
        let id = TrackID.of(audio: audio(of: song).oid)
        guard try world.store.snapshot().read(id) == nil else { return }
        try world.add(song)
    }

    private mutating func rename(_ folder: TrackFolder, to title: String, _ world: World) throws {
        let version = try world.rename(folder.id, to: title)
        written.append(Writing(id: folder.id, title: title, version: version))
    }

    private mutating func tag(_ folder: TrackFolder, _ world: World) throws {
        let tag = ["a", "b"].randomElement(using: &random) ?? ""
        try world.store.write(by: world.ana) { draft in
            var track = folder.track
            let stamp = draft.stamp(after: track.stamp(of: tag, in: "tags"))
            if track.contains(tag, in: "tags") {
                try track.remove(tag, from: "tags", at: stamp)
            } else {
                try track.add(tag, to: "tags", at: stamp)
            }
            try draft.put(track)
            return "Tag"
        }
    }

    private func replace(_ folder: TrackFolder, by text: String, _ world: World) throws {
        try world.store.write(by: world.ana) { draft in
            var track = folder.track
            let file = audio(of: text)
            try track.setAudio(
                AudioReference(oid: file.oid, size: file.size, name: "\(text).wav"), facts: nil,
                at: draft.stamp(after: track.stamp(of: "audio"), track.stamp(of: "facts")))
            try draft.put(
                track, audio: .init(pointer: file, fileExtension: try fileExtension("wav")),
                replacing: folder.audio, mayBeAbsent: true)
            return "Replace"
        }
    }

    private mutating func stem(_ folder: TrackFolder, _ text: String, _ world: World) throws {
        let type = try #require(StemType(["drums", "bass"].randomElement(using: &random) ?? ""))
        let isRemoval = Int.random(in: 0..<3, using: &random) == 0
        try world.store.write(by: world.ana) { draft in
            let file = audio(of: text)
            let pointer = RecordPath.stemAudio(folder.id, type, try fileExtension("wav"))
            let known = folder.stems.first { $0.stem.type == type }?.stem
            if known != nil, isRemoval {
                draft.remove(.stem(folder.id, type))
                draft.remove(pointer)
                return "Remove a stem"
            }
            let reference = AudioReference(oid: file.oid, size: file.size, name: nil)
            let stamp = draft.stamp(after: known?.modified)
            var stem = known ?? Stem(type: type, audio: reference, created: stamp)
            try stem.setAudio(reference, facts: nil, madeFrom: nil, at: stamp)
            try draft.put(stem, at: .stem(folder.id, type))
            try draft.put(file.encoded(), at: pointer)
            return "Put a stem"
        }
    }

    private mutating func remove(_ id: TrackID, _ world: World) throws {
        let version = try world.store.write(by: world.ana) { draft in
            draft.remove(id)
            return "Remove"
        }
        removals.append((id, version))
    }

    private mutating func resolve(_ folder: TrackFolder, _ world: World) throws {
        guard let conflict = folder.track.conflicts.randomElement(using: &random) else { return }
        try world.store.write(by: world.ana) { draft in
            var track = folder.track
            track.resolve(conflict.key, at: draft.stamp(after: conflict.at))
            if let file = conflict.file {
                draft.remove(.conflictAudio(folder.id, file, try fileExtension("wav")))
            }
            try draft.put(track)
            return "Resolve"
        }
    }

    /// What plain git does, which knows nothing of records.
    private mutating func byHand(_ id: TrackID, _ step: Int, _ world: World) throws {
        let place = RecordFolder.track(id).path
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try world.commitPlainly(["notes/\(step % 3).txt": Array("\(step)".utf8)])
        case 1: try world.commitPlainly(["\(place)/odd.txt": Array("\(step)".utf8)])
        case 2:
            guard case .track(let folder)? = try world.store.snapshot().read(id) else { return }
            var fields = folder.track.fields
            fields["comment"] = .string("by hand \(step)")
            try world.commitPlainly(["\(place)/track.json": JSON.object(fields).canonical()])
        default: try world.commitPlainly([:], removing: ["notes/\(step % 3).txt"])
        }
    }

    // MARK: Looking at what came of it

    func check() throws {
        let world = band.laptops[0]
        let snapshot = try world.store.snapshot()
        try snapshot.forEachTrack { reading in
            guard case .track(let folder) = reading else {
                Issue.record("\(reading); \(seed)")
                return
            }
            try check(folder, in: snapshot)
        }
        for writing in written where try !isThere(writing, in: snapshot) {
            Issue.record("the title \(writing.title) is lost; \(seed)")
        }
    }

    /// A record and its pointers say the same, and each file that lost has a pointer.
    private func check(_ folder: TrackFolder, in snapshot: Snapshot) throws {
        let path = RecordFolder.track(folder.id).path
        let tree = try #require(try snapshot.folder(at: path))
        let names = tree.entries.map(\.name.string)
        #expect(names.count { $0.hasPrefix("audio.") } == 1, "\(names); \(seed)")
        #expect(folder.audio?.pointer.oid == folder.track.audio.oid, "\(seed)")
        #expect(folder.unreadableStems.isEmpty, "\(seed)")
        for stem in folder.stems { #expect(stem.audio?.pointer.oid == stem.stem.audio.oid, "\(seed)") }
        let stems = try snapshot.folder(at: "\(path)/stems")?.entries.map(\.name.string) ?? []
        #expect(stems.count == 2 * folder.stems.count, "no stem without its record: \(stems); \(seed)")
        let records = [folder.track.conflicts] + folder.stems.map(\.stem.conflicts)
        let kept = Set(records.joined().compactMap(\.file))
        let pointers = try snapshot.folder(at: "\(path)/conflicts")?.entries ?? []
        let found = Set(try pointers.compactMap { try snapshot.pointer($0)?.oid })
        #expect(kept == found && pointers.count == kept.count, "\(kept) \(found); \(seed)")
    }

    /// Whether a title stands, or is kept, or somebody who saw it decided otherwise.
    private func isThere(_ writing: Writing, in snapshot: Snapshot) throws -> Bool {
        if case .track(let folder)? = try snapshot.read(writing.id) {
            if folder.track.title == writing.title { return true }
            let digits = Conflict.Key(
                field: "title", stamp: folder.track.created, value: .string(writing.title)
            ).digits
            let keys = folder.track.fields["conflicts"]?.asObject?.keys ?? []
            if keys.contains(where: { $0.hasPrefix("title@") && $0.hasSuffix("#\(digits)") }) { return true }
        }
        let repository = band.laptops[0].store.repository
        let later =
            written.filter { $0.id == writing.id }.map(\.version)
            + removals.filter { $0.id == writing.id }.map(\.version)
        return try later.contains { version in
            try version != writing.version && repository.isAncestor(writing.version.id, of: version.id)
        }
    }
}
