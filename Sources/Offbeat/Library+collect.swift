import Blobs
public import Store
import Sync

extension Library {
    /// Sets aside the files that nothing needs any more, and deletes those that were set aside long enough ago.
    ///
    /// How long history and quarantine keep files is set by `keepHistory` and `keepQuarantine`.
    public func collect(isDryRun: Bool = false, progress: Progress = .none) throws(Failure) -> CollectionOutcome {
        do {
            var request = CollectionRequest()
            request.keepHistory = try settings.retention(.keepHistory)
            request.keepQuarantine = try settings.retention(.keepQuarantine)
            request.isDryRun = isDryRun
            request.report = { what, done in progress.report(what, done: Int64(done), of: nil, .items) }
            let remotes = try remoteFiles(progress)
            // What they hold, they hold until it is over.
            defer { for remote in remotes { remote.files.release() } }
            request.copies = { files in try self.copies(of: files, at: remotes) }
            return guest == nil ? try store.collect(request) : try collectForGuest(request)
        } catch { throw Failure(error) }
    }

    /// Of a guest's own files only those stay that its present version names, and the others are deleted at once: its
    /// versions are nobody's past, and their bytes take a part of its quota.
    private func collectForGuest(_ request: CollectionRequest) throws -> CollectionOutcome {
        var request = request
        request.keepsPast = false
        request.keepQuarantine = .milliseconds(0)
        let first = try store.collect(request)
        if request.isDryRun || first.quarantined == 0 { return first }
        // One run never deletes what it has set aside itself.
        return try store.collect(request)
    }

    /// Asks each remote for the files that none before it holds. One that does not answer holds nothing, as far as is known.
    private func copies(of files: [Pointer], at remotes: [RemoteFiles]) throws(SyncError) -> OtherCopies {
        var copies = OtherCopies()
        // Those that are near cost nothing.
        for remote in remotes.filter({ !$0.isFar }) + remotes.filter(\.isFar) {
            let open = files.filter { !copies.held.contains($0) }
            if open.isEmpty { break }
            do throws(SyncError) {
                copies.held.formUnion(try remote.files.confirmed(open, apart: store.blobs, verifying: false))
            } catch {
                if error.code == .stopped { throw error }
                copies.silent.append(.init(of: remote.remote.name, because: error.message))
            }
        }
        return copies
    }
}
