import Catalog
import Files
import Store

extension Session {
    /// Adds audio files as tracks: all of them make one version.
    ///
    /// The bytes are durable before a record names them. One bad file does not stop the others. Files that were added
    /// before and that nobody touched since are not read again; an addition that was cut off goes on where it was.
    public func add(_ request: AddRequest, progress: Progress = .none) throws(Failure) -> AddOutcome {
        do {
            try requireWriter()
            let owner = try self.owner(for: request)
            return try store.takingAgain { try take(request, owner: owner, progress) }
        } catch { throw Failure(error) }
    }

    /// Adds audio that comes as bytes. The request names no files: what it says besides is said of this one.
    public func add(
        _ request: AddRequest, from arrival: ArrivingAudio, progress: Progress = .none
    ) throws(Failure) -> AddOutcome {
        do {
            try requireWriter()
            let owner = try self.owner(for: request)
            let intake = Intake(store: store, decoding: decoding(progress), progress: progress)
            let taken = try intake.take(arrival)
            defer { taken.end() }
            let recollection = try Recollection(
                of: store, sharing: sharing, settledAfter: request.pace.settledAfter)
            var outcome = AddOutcome(version: try recollection.version ?? store.version())
            let cataloguer = Cataloguer(
                session: self, request: request, owner: owner, recollection: recollection,
                exported: try ExportedFolders(of: FileSearch([], outside: library.fence)),
                decoding: intake.decoding)
            let placements = try taken.keepingQuota(of: store) {
                try cataloguer.place(taken, at: &outcome.version)
            }
            if case .failed(let failure)? = placements.first { throw failure }
            for (file, placement) in zip(taken.taken, placements) { outcome.count(placement, of: file) }
            return outcome
        } catch { throw Failure(error) }
    }

    private func take(_ request: AddRequest, owner: PersonID?, _ progress: Progress) throws -> AddOutcome {
        var search = try FileSearch(request.paths, outside: library.fence)
        let exported = try ExportedFolders(of: search)
        search.expect { exported.entry(of: $0) != nil }
        let count = search.candidates.count
        if request.title != nil, count > 1 {
            throw Failure(.usage, "--title is for one file, and these are \(count)", hint: "name one file")
        }
        let recollection = try Recollection(
            of: store, sharing: sharing, settledAfter: request.pace.settledAfter)
        let intake = Intake(
            store: store, decoding: decoding(progress), progress: progress, pace: request.pace,
            recollection: recollection)
        let taken = try intake.take(search)
        defer { taken.end() }
        var outcome = AddOutcome(version: try recollection.version ?? store.version())
        outcome.skipped = taken.skipped
        outcome.failed = taken.failed
        outcome.undecoded = intake.decoding.undecoded(among: taken.skipped)
        let cataloguer = Cataloguer(
            session: self, request: request, owner: owner, recollection: recollection, exported: exported,
            decoding: intake.decoding)
        let placements = try taken.keepingQuota(of: store) {
            try cataloguer.place(taken, at: &outcome.version)
        }
        for (file, placement) in zip(taken.taken, placements) { outcome.count(placement, of: file) }
        if !exported.isEmpty || request.movesOriginals {
            let results = zip(taken.taken, placements).map { (file: $0, track: $1.track) }
            try finish(request, results, exported, progress, &outcome)
        }
        return outcome
    }

    /// What is left when the tracks are there: the originals, and the lists of exported folders.
    private func finish(
        _ request: AddRequest, _ results: [ExportedFolders.Result], _ exported: ExportedFolders,
        _ progress: Progress, _ outcome: inout AddOutcome
    ) throws {
        var exported = exported
        if !exported.isEmpty {
            let view = try view()
            outcome.missing = try exported.missing(results) { try view.readable($0) != nil }
            try exported.settle(results)
        }
        // The lists are written before originals go, since that may be interrupted, and after it.
        outcome.failed += exported.write()
        guard request.movesOriginals else { return }
        let originals = Originals(store: store, progress: progress)
        let gone = try originals.remove(results.compactMap { $0.track == nil ? nil : $0.file })
        outcome.moved = gone.moved.map(\.path)
        outcome.failed += gone.failed
        exported.forget(gone.moved)
        outcome.failed += exported.write()
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

extension AddOutcome {
    fileprivate mutating func count(_ placement: Cataloguer.Placement, of file: Intake.Taken) {
        switch placement {
        case .added(let track): added.append(track)
        case .replaced(let track): replaced.append(track)
        case .present(let id):
            present.append(id)
            // A new file that comes twice was not here before, and not missing either.
            if !file.wasHere, !added.contains(where: { $0.id == id }) { returned.append(id) }
        case .failed(let failure): failed.append((file.path, failure))
        }
    }
}
