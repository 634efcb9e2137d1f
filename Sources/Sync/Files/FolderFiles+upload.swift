public import Blobs
import Files
import Synchronization

extension FolderFiles {
    /// Brings to the remote those of these files that it lacks, and holds a lease on all of them until ``release()``.
    ///
    /// They are judged by name, kind and size. A file shares its blocks with ours where it can, else it is ours under a
    /// second name, else a copy.
    public func upload(
        _ files: [Pointer], from blobs: BlobStore, report: TransferReport
    ) throws(SyncError) -> Upload {
        let wanted = files.worthMoving
        guard !wanted.isEmpty else { return Upload() }
        try requireRemote()
        let lease = try lease(wanted)
        do throws(BlobError) {
            try prepare()
            let lacking = try look(for: wanted)
            let portable = lacking.filter(blobs.contains)
            try requireRoom(for: portable, from: blobs)
            report.plan(portable)
            var gone = Set(lacking).subtracting(portable)
            for portion in portable.portions {
                gone.formUnion(try bring(Array(portion), from: blobs, report))
                try lease.renew()
            }
            // What somebody else brought may have its name already, and not yet durably.
            if lacking.count < wanted.count { try makeDurable() }
            return Upload(portable.filter { !gone.contains($0) }, missing: lacking.filter(gone.contains))
        } catch { throw problem(error) }
    }

    func prepare() throws(BlobError) {
        do throws(FileError) {
            let objects = there.directory.appending("objects")
            let made = try FileSystem.makeDirectories(objects, inside: remote, modes: modes)
            for directory in made { try FileSystem.syncDirectory(directory.parent) }
            _ = try? TemporaryDirectory.sweep(shared: there.directory.appending("tmp"))
        } catch { throw BlobError(error) }
        // Of a push that was cut off long ago nothing needs to stay.
        _ = try? Lease.current(in: there.directory)
    }

    /// Those that do not lie at the remote as plain files of the right size.
    public func lacking(_ files: [Pointer]) throws(SyncError) -> [Pointer] {
        let wanted = files.worthMoving
        guard !wanted.isEmpty else { return [] }
        try requireRemote()
        do throws(BlobError) { return try look(for: wanted) } catch { throw problem(error) }
    }

    private func look(for files: [Pointer]) throws(BlobError) -> [Pointer] {
        let lookup = try BlobLookup(in: there)
        let lacking = try Parallel.map(files, inPortionsOf: 64, workers: Self.workers) {
            portion throws(BlobError) in
            var lacking: [Pointer] = []
            for file in portion where try lookup.look(at: file) != .sound { lacking.append(file) }
            return lacking
        }
        return Array(lacking.joined())
    }

    /// Waits until all that was written there, by anyone, is on the disk.
    func makeDurable() throws(BlobError) {
        do throws(FileError) {
            try FileSystem.syncFileSystem(containing: there.directory.appending("objects"))
        } catch { throw BlobError(error) }
    }

    /// On the same disk a file takes no room a second time.
    func requireRoom(for files: [Pointer], from blobs: BlobStore) throws(BlobError) {
        do throws(FileError) {
            let place = there.directory.appending("objects")
            guard try FileSystem.status(of: place).device != FileSystem.status(of: blobs.directory).device else {
                return
            }
            try FileSystem.requireRoom(for: files.totalSize, at: place)
        } catch { throw BlobError(error) }
    }

    /// Brings a portion, and answers which of it are not here.
    private func bring(
        _ files: [Pointer], from blobs: BlobStore, _ report: TransferReport
    ) throws(BlobError) -> Set<Pointer> {
        let delivery = try BlobDelivery(to: there, modes: modes)
        let gone = Mutex<Set<Pointer>>([])
        try Parallel.forEach(count: files.count, workers: Self.workers) { number throws(BlobError) in
            let file = files[number]
            do throws(BlobError) {
                _ = try delivery.deliver(file, from: blobs)
                report.done(1, file.size)
            } catch {
                // It was here a moment ago, and is no more, or others than its name says.
                guard !blobs.contains(file) || error.code == .damaged else { throw error }
                gone.withLock { _ = $0.insert(file) }
            }
        }
        try delivery.commit()
        return gone.withLock { $0 }
    }
}
