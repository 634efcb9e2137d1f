import Blobs
import Files

extension FolderFiles {
    /// Brings files to the remote in whose place there is something else, or nothing, and holds a lease on them until
    /// ``release()``. They must be sound here.
    ///
    /// What was in their place is kept in `lfs/bad`, since a part of it may be all that is left: nothing is deleted, and the
    /// place is never empty where the file system knows second names.
    ///
    /// - Returns: those in whose place there was something.
    func replace(
        _ files: [Pointer], from blobs: BlobStore, report: TransferReport
    ) throws(SyncError) -> Set<Pointer> {
        try requireRemote()
        let lease = try lease(files)
        var kept: Set<Pointer> = []
        do throws(BlobError) {
            try prepare()
            try requireRoom(for: files, from: blobs)
            report.plan(files)
            for portion in files.portions {
                let delivery = try BlobDelivery(to: there, modes: modes)
                for file in portion {
                    _ = try delivery.deliver(file, from: blobs, replacing: true)
                    report.done(1, file.size)
                }
                for file in portion where try keepAside(file) { kept.insert(file) }
                try delivery.commit()
                try lease.renew()
            }
        } catch { throw problem(error) }
        return kept
    }

    /// It is looked at once more before, and read: somebody may have put the right one there.
    private func keepAside(_ file: Pointer) throws(BlobError) -> Bool {
        let verdict = try verdict(on: file, BlobVerifier(of: there))
        if verdict == .sound || verdict == .missing { return false }
        do throws(FileError) {
            try FileSystem.keepAside(
                there.path(of: file.oid), in: there.directory.appending("bad"), inside: remote, modes: modes)
            return true
        } catch {
            if error.isAbsent { return false }
            throw BlobError(error)
        }
    }
}
