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
    let exported: ExportedFolders
    let decoding: Decoding

    /// What became of a file.
    enum Placement {
        // Kept apart, since mostly there are many files that are present.
        indirect case added(TrackSummary)
        indirect case replaced(TrackSummary)
        case present(TrackID)
        case failed(Failure)

        /// The track that it is now.
        var track: TrackID? {
            switch self {
            case .added(let track), .replaced(let track): track.id
            case .present(let id): id
            case .failed: nil
            }
        }
    }

    /// Places the files, in their order, and remembers where; nothing is written where all of them are known.
    func place(_ intake: Intake.Outcome, at version: inout Version) throws -> [Placement] {
        let files = intake.taken
        let known = files.compactMap { exported.agrees(with: $0) ? $0.track.map(Placement.present) : nil }
        if known.count == files.count { return known }
        do {
            return try write(intake, &version)
        } catch {
            recollection.remember(files.compactMap { $0.sighting() }, readAfter: intake.moment ?? .distantFuture)
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
            let unlisted = files.filter { exported.origin(of: $0) == nil }
            let page = try Page(draft, View(draft.base, for: session), changed, unlisted, idOwner: idOwner)
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
        let replaced = placements.count { if case .replaced = $0 { true } else { false } }
        func tracks(_ count: Int) -> String { count == 1 ? "1 track" : "\(count) tracks" }
        if replaced == 0 { return "Add \(tracks(added))" }
        let replacing = "eplace the audio of \(tracks(replaced))"
        return added == 0 ? "R\(replacing)" : "Add \(tracks(added)) and r\(replacing)"
    }

    private func remember(
        _ intake: Intake.Outcome, _ placements: [Placement], at version: Version, _ changed: Set<TrackID>
    ) {
        let sightings = zip(intake.taken, placements).compactMap { file, placement in
            file.track == nil || file.track != placement.track ? file.sighting(as: placement.track) : nil
        }
        // Files elsewhere may have been known for the audio that was replaced.
        let replaced = placements.compactMap { if case .replaced(let track) = $0 { track.id } else { nil } }
        // Where none was read, all of them were known before, and known to be settled.
        recollection.remember(
            sightings, readAfter: intake.moment ?? .distantFuture, asOf: version,
            changing: changed.union(replaced))
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
        if let track = file.track, !page.changed.contains(track), exported.agrees(with: file) {
            return .present(track)
        }
        if let placement = try placeListed(file, page) { return placement }
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
                if folder.audio?.pointer.oid == oid, try page.view.maySee(folder.track) { return .present(id) }
            case .unreadable(let record)?:
                return .failed(
                    Failure(.damaged, "\(file.path) is a track whose record cannot be read: \(record.path)"))
            }
        }
        return .failed(Failure(.io, "\(file.path) finds no free id"))
    }

    /// Places a file by the list of its folder; nil where the list does not know it, or only by a track that is gone or
    /// hidden.
    private func placeListed(_ file: Intake.Taken, _ page: Page) throws -> Placement? {
        if let origin = exported.origin(of: file), try page.view.readable(origin.id) != nil {
            return .present(origin.id)
        }
        guard let entry = exported.entry(of: file.candidate) else { return nil }
        let folder: TrackFolder
        do {
            guard let found = try page.view.track(entry.id) else { return nil }
            folder = found
        } catch { return .failed(Failure(error)) }
        let present = page.draft.addedAudio(of: entry.id) ?? folder.audio?.pointer.oid
        if present == file.pointer.oid { return .present(entry.id) }
        guard present == entry.oid else {
            let id = String(entry.id.hex.prefix(8))
            return .failed(
                Failure(
                    .wrongState,
                    "\(file.path) was changed, and so was the audio of its track \(id) since the export",
                    hint: "`offbeat replace \(id) FILE` takes this one; under another name it is a track of its own"
                ))
        }
        return try replace(file, folder, page)
    }

    private func replace(_ file: Intake.Taken, _ folder: TrackFolder, _ page: Page) throws -> Placement {
        let contents: Intake.Contents
        do { contents = try file.readContents(decoding) } catch { return .failed(Failure(error)) }
        guard let replaced = try session.replaceAudio(of: folder, with: file, contents, page.draft) else {
            return .present(folder.id)
        }
        return .replaced(TrackSummary(replaced, isHere: true, in: page.view))
    }

    private func add(_ file: Intake.Taken, as id: TrackID, _ page: Page) throws -> Placement {
        let contents: Intake.Contents
        do { contents = try file.readContents(decoding) } catch { return .failed(Failure(error)) }
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
