import Catalog
import Store

extension Session {
    /// Frees the space of tracks whose files a remote holds a second time, and of which it has seen a version.
    ///
    /// What is pinned, not pushed or held by nobody else is refused; a file that another track names stays. Where all files
    /// are wanted, no sync brings these back until somebody fetches or pins them.
    ///
    /// - Parameter isReading: whether the remote's bytes are read; else their name and size are believed.
    public func drop(
        _ words: [String], reading isReading: Bool = true, progress: Progress = .none
    ) throws(Failure) -> ContentOutcome {
        do {
            try library.refuseGuests("drop files")
            let view = try view()
            let targets = try someTargets(words, in: view)
            progress.report("Asking the remotes", done: 0, of: nil, .items)
            var drop = try TrackDrop(of: targets.tracks.map(\.id), from: library, view.snapshot)
            defer { drop.release() }
            try drop.confirm(reading: isReading)
            try store.exclusively { writer in try drop.carryOut(writer) }
            return drop.outcome
        } catch { throw Failure(error) }
    }
}
