import Audio
import Blobs
import Catalog
import Digest
import Files
import Store

/// Turns files whose bytes are in the store into tracks of a new version.
struct Cataloguer {
    let session: Session
    let request: AddRequest
    let owner: PersonID?
    let recollection: Recollection

    /// What became of a file.
    enum Placement {
        case added(TrackSummary)
        case present(TrackID)
        case failed(Failure)

        /// The track that it is now.
        var track: TrackID? {
            switch self {
            case .added(let track): track.id
            case .present(let id): id
            case .failed: nil
            }
        }
    }

    /// Places the files, in their order, and remembers where; nothing is written where all of them are known.
    func place(_ intake: Intake.Outcome, at version: inout Version) throws -> [Placement] {
        let files = intake.taken
        let known = files.compactMap { $0.track.map(Placement.present) }
        if known.count == files.count { return known }
        do {
            return try write(intake, &version)
        } catch {
            recollection.remember(files.map { $0.sighting() }, readAfter: intake.moment ?? .distantFuture)
            throw error
        }
    }

    private func write(_ intake: Intake.Outcome, _ version: inout Version) throws -> [Placement] {
        let files = intake.taken
        let settling = try intake.settling()
        var placements: [Placement] = []
        var changed: Set<TrackID> = []
        version = try session.store.write(by: session.person) { draft in
            changed = try recollection.tracks(changedIn: draft.base.version)
            let page = try Page(draft, View(draft.base, for: session), changed, files, idOwner: idOwner)
            placements = try files.map { try place($0, page) }
            // Files first, then git's objects, then the head.
            try settling?.wait()
            return subject(placements)
        }
        remember(intake, placements, at: version, changed)
        return placements
    }

    private func subject(_ placements: [Placement]) -> String {
        let added = placements.count { if case .added = $0 { true } else { false } }
        return added == 1 ? "Add 1 track" : "Add \(added) tracks"
    }

    private func remember(
        _ intake: Intake.Outcome, _ placements: [Placement], at version: Version, _ changed: Set<TrackID>
    ) {
        let sightings = zip(intake.taken, placements).compactMap { file, placement in
            file.track == nil || file.track != placement.track ? file.sighting(as: placement.track) : nil
        }
        // Where none was read, all of them were known before, and known to be settled.
        recollection.remember(
            sightings, readAfter: intake.moment ?? .distantFuture, asOf: version, changing: changed)
    }

    /// Where people's tracks are kept apart, the same file is another track for each of them.
    private var idOwner: PersonID? { session.sharing == .workspaces ? owner : nil }

    /// What is placed on, and what is known of it.
    private struct Page {
        let draft: Draft
        let view: View
        /// Tracks of which a recollection holds no more.
        let changed: Set<TrackID>
        /// Tracks that got their audio by a replacement, which are not found under the id that the audio would give.
        let moved: [ContentHash: TrackID]

        /// Only audio that some version knew is looked for, so that new files cost no walk.
        init(
            _ draft: Draft, _ view: View, _ changed: Set<TrackID>, _ files: [Intake.Taken], idOwner: PersonID?
        ) throws {
            (self.draft, self.view, self.changed) = (draft, view, changed)
            let suspects = try files.map(\.pointer).filter { pointer in
                guard draft.mayHold(pointer) else { return false }
                let id = TrackID.of(audio: pointer.oid, owner: idOwner)
                return try view.readable(id)?.audio?.pointer.oid != pointer.oid
            }
            let found = suspects.isEmpty ? [:] : try draft.tracks(holding: suspects)
            moved = try found.compactMapValues { ids in try ids.first { try view.readable($0) != nil } }
        }
    }

    private func place(_ file: Intake.Taken, _ page: Page) throws -> Placement {
        if let track = file.track, !page.changed.contains(track) { return .present(track) }
        let oid = file.pointer.oid
        if let id = page.moved[oid] { return .present(id) }
        for salt in 0... {
            let id = TrackID.of(audio: oid, owner: idOwner, salt: salt)
            if let added = page.draft.addedAudio(of: id) {
                if added == oid { return .present(id) }
                continue
            }
            switch try page.draft.base.read(id) {
            case nil: return try add(file, as: id, page)
            case .track(let folder)?:
                if folder.audio?.pointer.oid == oid, page.view.maySee(folder.track) { return .present(id) }
            case .unreadable(let record)?:
                return .failed(
                    Failure(.damaged, "\(file.path) is a track whose record cannot be read: \(record.path)"))
            }
        }
        return .failed(Failure(.io, "\(file.path) finds no free id"))
    }

    private func add(_ file: Intake.Taken, as id: TrackID, _ page: Page) throws -> Placement {
        let contents: Intake.Contents
        do { contents = try file.readContents() } catch { return .failed(Failure(error)) }
        let stamp = page.draft.stamp()
        var track = Track(
            id: id, audio: file.reference, facts: contents.facts(of: file.pointer), owner: owner, created: stamp)
        for fact in facts(of: file, contents.tags) { try set(fact, of: &track, at: stamp) }
        for tag in request.tags { try track.add(tag, to: "tags", at: stamp) }
        let audio = contents.audioFile(file.pointer)
        try page.draft.put(track, audio: audio)
        let folder = TrackFolder(id: id, track: track, audio: audio, stems: [])
        return .added(TrackSummary(folder, isHere: true, in: page.view))
    }
}

// MARK: What is known of a new track

extension Cataloguer {
    private typealias Fact = (field: String, value: JSON?, isSaid: Bool)

    /// What the person says goes before what the file says of itself; a file without a title is called by its name.
    private func facts(of file: Intake.Taken, _ tags: AudioTags) -> [Fact] {
        [
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
    /// What a record says of the file.
    var reference: AudioReference {
        AudioReference(oid: pointer.oid, size: pointer.size, name: path.lastComponent?.string)
    }
}

extension Intake.Contents {
    /// The file's place in a track's folder.
    func audioFile(_ pointer: Pointer) -> TrackFolder.AudioFile {
        TrackFolder.AudioFile(pointer: pointer, fileExtension: fileExtension)
    }

    /// What a record knows of the audio.
    func facts(of pointer: Pointer) -> Facts {
        Facts(
            of: pointer.oid, format: facts.format, frames: facts.frames, sampleRate: facts.sampleRate,
            channels: facts.channels, bits: facts.bits)
    }
}
