import Audio
import Blobs
public import Catalog
import Digest
public import Files
public import Store

/// What is to be added, and what is said of it beforehand.
public struct AddRequest: Sendable {
    /// Files, and folders to walk.
    public var paths: [FilePath]
    /// The title, where a single file is added.
    public var title: String?
    /// The artist of all of them.
    public var artist: String?
    /// The album of all of them.
    public var album: String?
    /// Tags for all of them.
    public var tags: [String] = []
    /// The owner's handle; else who acts.
    public var owner: String?

    /// Asks for these files and folders.
    public init(paths: [FilePath]) { self.paths = paths }
}

/// What became of an `AddRequest`.
public struct AddOutcome: Sendable {
    /// The version that holds what was added.
    public internal(set) var version: Version
    /// The new tracks, in the order of the files.
    public internal(set) var added: [TrackSummary] = []
    /// The tracks whose audio was replaced.
    public internal(set) var replaced: [TrackSummary] = []
    /// The tracks that have this audio already.
    public internal(set) var present: [TrackID] = []
    /// What is no audio, met in a folder.
    public internal(set) var skipped: [FilePath] = []
    /// What could not be added, and why.
    public internal(set) var failed: [(path: FilePath, failure: Failure)] = []
}

extension Session {
    /// Adds audio files as tracks: all of them make one version.
    ///
    /// The bytes are durable before a record names them. One bad file does not stop the others.
    public func add(_ request: AddRequest, progress: Progress = .none) throws(Failure) -> AddOutcome {
        do {
            try requireWriter()
            let owner = try self.owner(for: request)
            let intake = Intake(blobs: store.blobs, store: store.path, progress: progress)
            let taken = try intake.take(request.paths)
            if request.title != nil, taken.taken.count > 1 {
                throw Failure(.usage, "--title is for one file, and these are \(taken.taken.count)")
            }
            let cataloguer = Cataloguer(session: self, request: request, owner: owner)
            var outcome = AddOutcome(version: try store.version())
            if !taken.taken.isEmpty { try cataloguer.write(taken, &outcome) }
            outcome.skipped = taken.skipped
            outcome.failed = taken.failed + outcome.failed
            return outcome
        } catch { throw Failure(error) }
    }

    private func owner(for request: AddRequest) throws -> PersonID? {
        guard let handle = request.owner else { return person?.id }
        let found = try view().people.one(named: handle)
        if sharing == .workspaces, found.id != person?.id {
            throw Failure(
                .notAllowed, "in this store tracks belong to who adds them", hint: "let \(handle) add them")
        }
        return found.id
    }
}

/// Turns files whose bytes are in the store into tracks of a new version.
private struct Cataloguer {
    let session: Session
    let request: AddRequest
    let owner: PersonID?

    func write(_ intake: Intake.Outcome, _ outcome: inout AddOutcome) throws {
        let files = intake.taken
        let settling = intake.settling()
        var result = outcome
        result.version = try session.store.write(by: session.person) { draft in
            let view = try View(draft.base, for: session)
            let moved = try movedAudio(of: files, draft, view)
            for file in files { try place(file, draft, view, moved, &result) }
            // Files first, then git's objects, then the head.
            try settling.wait()
            return subject(result.added.count)
        }
        outcome = result
    }

    private func subject(_ count: Int) -> String { count == 1 ? "Add 1 track" : "Add \(count) tracks" }

    /// Tracks that got this audio by a replacement are not found under the id that the audio would give. Only audio
    /// that some version knew is looked for, so that new files cost no walk.
    private func movedAudio(of files: [Intake.Taken], _ draft: Draft, _ view: View) throws -> [ContentHash: TrackID]
    {
        let suspects = try files.map(\.audio.pointer).filter { pointer in
            guard draft.mayHold(pointer) else { return false }
            let id = TrackID.of(audio: pointer.oid, owner: idOwner)
            return try view.readable(id)?.audio?.pointer.oid != pointer.oid
        }
        if suspects.isEmpty { return [:] }
        return try draft.tracks(holding: suspects).compactMapValues { ids in
            try ids.first { try view.readable($0) != nil }
        }
    }

    private func place(
        _ file: Intake.Taken, _ draft: Draft, _ view: View, _ moved: [ContentHash: TrackID],
        _ outcome: inout AddOutcome
    ) throws {
        let oid = file.audio.pointer.oid
        if let id = moved[oid] { return outcome.present.append(id) }
        for salt in 0... {
            let id = TrackID.of(audio: oid, owner: idOwner, salt: salt)
            if let added = draft.addedAudio(of: id) {
                if added == oid { return outcome.present.append(id) }
                continue
            }
            switch try draft.base.read(id) {
            case nil: return outcome.added.append(try add(file, as: id, draft, view))
            case .track(let folder)?:
                if folder.audio?.pointer.oid == oid, view.maySee(folder.track) { return outcome.present.append(id) }
            case .unreadable(let record)?:
                let failure = Failure(
                    .damaged, "\(file.path) is a track whose record cannot be read: \(record.path)")
                return outcome.failed.append((file.path, failure))
            }
        }
    }

    /// Where people's tracks are kept apart, the same file is another track for each of them.
    private var idOwner: PersonID? { session.sharing == .workspaces ? owner : nil }

    private func add(_ file: Intake.Taken, as id: TrackID, _ draft: Draft, _ view: View) throws -> TrackSummary {
        let stamp = draft.stamp()
        var track = Track(
            id: id, audio: file.reference, facts: file.catalogFacts, owner: owner, created: stamp)
        for fact in facts(of: file) { try set(fact, of: &track, at: stamp) }
        for tag in request.tags { try track.add(tag, to: "tags", at: stamp) }
        try draft.put(track, audio: file.audio)
        let folder = TrackFolder(id: id, track: track, audio: file.audio, stems: [])
        return TrackSummary(folder, isHere: true, in: view)
    }

    private typealias Fact = (field: String, value: JSON?, isSaid: Bool)

    /// What the person says goes before what the file says of itself; a file without a title is called by its name.
    private func facts(of file: Intake.Taken) -> [Fact] {
        let tags = file.tags
        return [
            ("title", text(request.title ?? line(tags.title) ?? line(file.path.stem)), request.title != nil),
            ("artist", text(request.artist ?? line(tags.artist)), request.artist != nil),
            ("album", text(request.album ?? line(tags.album)), request.album != nil),
            ("genre", text(line(tags.genre)), false), ("comment", text(tags.comment), false),
            ("year", tags.year.map { .integer(Int64($0)) }, false),
            ("trackNumber", tags.trackNumber.map { .integer(Int64($0)) }, false),
        ]
    }

    /// A person's own words must be right; what a file says and no record takes is left out.
    private func set(_ fact: Fact, of track: inout Track, at stamp: Stamp) throws {
        if fact.isSaid {
            try track.set(fact.field, to: fact.value, at: stamp)
        } else {
            _ = try? track.set(fact.field, to: fact.value, at: stamp)
        }
    }

    /// Words that nobody chose, made fit for a field of one line: names of files may hold anything.
    private func line(_ text: String?) -> String? {
        guard let text else { return nil }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Limits.title) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line.allSatisfy { $0 == " " } ? nil : String(line)
    }

    private func text(_ value: String?) -> JSON? { value.flatMap { $0.isEmpty ? nil : .string($0) } }
}

extension Intake.Taken {
    var reference: AudioReference {
        AudioReference(oid: audio.pointer.oid, size: audio.pointer.size, name: path.lastComponent?.string)
    }

    var catalogFacts: Facts {
        Facts(
            of: audio.pointer.oid, format: facts.format, frames: facts.frames, sampleRate: facts.sampleRate,
            channels: facts.channels, bits: facts.bits)
    }
}
