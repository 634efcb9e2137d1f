public import Blobs
import Digest
import Files

extension Writer {
    /// Removes the bytes of files for good, durably, and answers which are gone.
    ///
    /// Versions go on naming them: whoever calls this knows another place that holds them. What somebody at work has put, or
    /// has a lease on, stays; and who puts one in this moment finds that it is gone before a version names it.
    public func free(_ files: [Pointer]) throws(StoreError) -> Set<Pointer> {
        do {
            let claimed = try NeedsSurvey.claims(of: store.blobs)
            let free = files.filter { !claimed.contains($0.oid) && store.blobs.keeps($0) }
            if free.isEmpty { return [] }
            let temporary = try TemporaryDirectory(in: store.temporaryParent)
            try store.blobs.journal.removing(free.map(\.oid), owner: temporary) {
                for file in free {
                    try FileSystem.rename(store.blobs.path(of: file.oid), to: place(of: file, temporary))
                }
                // As with a collection: of one who pushes, and still found a file here, the lease is here by now.
                let leased = try Lease.current(in: store.blobs.directory)
                for file in free where leased.contains(file.oid) {
                    try FileSystem.rename(place(of: file, temporary), to: store.blobs.path(of: file.oid))
                }
                let folders = Set(free.map { store.blobs.path(of: $0.oid).parent })
                try FileSystem.syncDirectories(folders.sorted())
            }
            return Set(free.filter { !store.blobs.keeps($0) })
        } catch let error as BlobError {
            throw StoreError(error)
        } catch let error as FileError {
            throw StoreError(error)
        } catch { throw StoreError(.io, "\(error)") }
    }

    private func place(of file: Pointer, _ temporary: TemporaryDirectory) -> FilePath {
        temporary.path.appending(file.oid.hex)
    }
}
