public import Blobs
import Files

extension FolderFiles {
    /// Those of these files that lie at the remote as plain files of the right size, and not as the same file on the disk as
    /// ours; the empty file needs nobody to hold it.
    public func confirmed(
        _ files: [Pointer], apart from: BlobStore, verifying: Bool
    ) throws(SyncError) -> Set<Pointer> {
        try requireRemote()
        let wanted = files.worthMoving
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
        } catch { throw problem(error) }
        try requireRemote()
        return Set(held).union(files.filter { $0 == .empty })
    }

    private func isApart(_ file: Pointer, from ours: BlobStore) throws(BlobError) -> Bool {
        do throws(FileError) {
            let copy = try FileSystem.statusIfExists(of: there.path(of: file.oid), followingLinks: false)
            guard let copy, copy.kind == .regular, copy.size == file.size else { return false }
            guard let own = try FileSystem.statusIfExists(of: ours.path(of: file.oid), followingLinks: false) else {
                return true
            }
            return !copy.mayBeSameFile(as: own)
        } catch { throw BlobError(error) }
    }
}

extension FileStatus {
    /// Whether both may be the same file. A network mount of a disk of this computer shows it under another device.
    fileprivate func mayBeSameFile(as other: FileStatus) -> Bool {
        isSameFile(as: other) || inode == other.inode && modified == other.modified
    }
}
