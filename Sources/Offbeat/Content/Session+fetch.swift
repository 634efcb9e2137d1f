import Blobs
import Catalog
import Store
import Sync

extension Session {
    /// Brings the files of tracks from the remotes that have them: what one lacks is asked of the next.
    ///
    /// The outcome's changed tracks are those of which a file came, its bytes those that came. A track of which a file is
    /// nowhere is refused. Throws `.offline` where that is because no remote can be reached.
    public func fetch(_ words: [String], progress: Progress = .none) throws(Failure) -> ContentOutcome {
        do {
            try library.refuseGuests("fetch files")
            let view = try view()
            let targets = try someTargets(words, in: view)
            let ids = targets.tracks.map(\.id)
            if try !library.pins.dropped.isDisjoint(with: ids) {
                try library.changePins { $0.dropped.subtract(ids) }
            }
            let files = try ids.map { id in (id, try view.snapshot.files(of: .track(id)).filter(isAbsent)) }
            return try fetch(files, progress)
        } catch { throw Failure(error) }
    }

    private func isAbsent(_ file: Pointer) -> Bool { !store.blobs.contains(file) }

    private func fetch(_ wanted: [(id: TrackID, files: [Pointer])], _ progress: Progress) throws -> ContentOutcome {
        var outcome = ContentOutcome()
        var absent = Array(Set(wanted.flatMap(\.files)))
        var faults: [SyncError] = []
        for remote in absent.isEmpty ? [] : try library.remoteFiles() where !absent.isEmpty {
            do throws(SyncError) {
                _ = try remote.files.download(
                    absent, to: store.blobs, report: progress.transfer("Fetching files"))
            } catch {
                // A disk that is full here is no reason to ask the next.
                if error.code == .noSpace { throw error }
                faults.append(error)
            }
            // Also where the remote went in the middle.
            outcome.bytes += absent.reduce(0) { isAbsent($1) ? $0 : $0 + $1.size }
            absent.removeAll { !isAbsent($0) }
        }
        let reason = try reason(for: faults)
        for (id, files) in wanted where !files.isEmpty {
            if files.contains(where: isAbsent) { outcome.refused.append((id, reason)) }
            if files.contains(where: { !isAbsent($0) }) { outcome.changed.append(id) }
        }
        if outcome.changed.isEmpty, !outcome.refused.isEmpty, let fault = faults.first { throw fault }
        return outcome
    }

    private func reason(for faults: [SyncError]) throws(StoreError) -> String {
        if let fault = faults.first { return fault.message }
        return try store.remotes().isEmpty ? "there is no remote to fetch it from" : "no remote has its files"
    }
}
