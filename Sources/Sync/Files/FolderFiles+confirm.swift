public import Blobs
import Files

extension FolderFiles {
    /// Those of these files that lie at the remote as plain files of the right size, and not as the same file on the disk as
    /// ours; the empty file needs nobody to hold it.
    ///
    /// They are on its disk then, whoever brought them. A lease on them stands there until ``release()``: two stores that are
    /// each other's remotes must not both let go of a file because the other has it.
    public func confirmed(
        _ files: [Pointer], apart from: BlobStore, verifying: Bool
    ) throws(SyncError) -> Set<Pointer> {
        try requireRemote()
        let wanted = files.worthMoving
        try leaseWhereSomebodyWorks(wanted)
        let held: [Pointer]
        do throws(BlobError) {
            held = try Parallel.map(wanted, inPortionsOf: 16, workers: Self.workers) { portion throws(BlobError) in
                let verifier = verifying ? BlobVerifier(of: there) : nil
                var held: [Pointer] = []
                for file in portion where try isApart(file, from: from) {
                    if let verifier, try verifier.verify(file) != .sound { continue }
                    held.append(file)
                }
                return held
            }.flatMap(\.self)
            // Not every program that brings files waits for the disk.
            if !held.isEmpty { try makeDurable() }
        } catch { throw problem(error) }
        try requireRemote()
        return Set(held).union(files.filter { $0 == .empty })
    }

    /// Who may not write to a remote believes it, if nobody works in it who could let go of files.
    private func leaseWhereSomebodyWorks(_ files: [Pointer]) throws(SyncError) {
        guard !files.isEmpty else { return }
        do throws(SyncError) { _ = try lease(files) } catch {
            let isWorkedIn = FileSystem.exists(there.directory.appending("journal"))
            guard error.code == .readOnly, !isWorkedIn else { throw error }
        }
    }

    private func isApart(_ file: Pointer, from ours: BlobStore) throws(BlobError) -> Bool {
        guard let copy = try status(of: there.path(of: file.oid)), copy.kind == .regular, copy.size == file.size
        else { return false }
        if let own = try status(of: ours.path(of: file.oid)) { return !copy.mayBeSameFile(as: own) }
        // What is set aside has that name no more, and may be the same file all the same.
        guard let aside = try ours.quarantine.find(file.oid), let own = try status(of: aside.path) else {
            return true
        }
        return !copy.mayBeSameFile(as: own)
    }

    private func status(of path: FilePath) throws(BlobError) -> FileStatus? {
        do throws(FileError) { return try FileSystem.statusIfExists(of: path, followingLinks: false) } catch {
            throw BlobError(error)
        }
    }
}
