public import Blobs
import Files
import Synchronization

extension FolderFiles {
    /// Brings files from the remote into the store: its bytes are read here once, and hashed, whether they were copied or
    /// share the remote's blocks.
    ///
    /// Nothing at the remote is believed: what is no plain file of the right size is told as damaged.
    public func download(
        _ files: [Pointer], to blobs: BlobStore, report: TransferReport
    ) throws(SyncError) -> Download {
        let wanted = files.worthMoving.filter { !blobs.contains($0) }
        guard !wanted.isEmpty else { return Download() }
        try requireRemote()
        var download = Download()
        let found = try look(for: wanted, &download)
        if !download.missing.isEmpty { try requireRemote() }
        try requireRoom(for: found, in: blobs)
        report.plan(found)
        var denied: SyncError?
        for portion in found.portions {
            denied = try fetch(Array(portion), to: blobs, report, &download) ?? denied
        }
        if !download.missing.isEmpty { try requireRemote() }
        if let denied { throw denied }
        return download
    }

    private func look(for files: [Pointer], _ download: inout Download) throws(SyncError) -> [Pointer] {
        guard FileSystem.exists(there.directory.appending("objects")) else {
            download.missing = files
            return []
        }
        let verdicts: [(Pointer, BlobStore.Verdict)]
        do throws(BlobError) {
            let lookup = try BlobLookup(in: there)
            verdicts = try Parallel.map(files, inPortionsOf: 64, workers: Self.workers) {
                portion throws(BlobError) in
                try portion.map { file throws(BlobError) in (file, try lookup.look(at: file)) }
            }.flatMap(\.self)
        } catch { throw problem(error) }
        download.missing = verdicts.filter { $0.1 == .missing }.map(\.0)
        download.damaged = verdicts.filter { $0.1 != .missing && $0.1 != .sound }.map(\.0)
        return verdicts.filter { $0.1 == .sound }.map(\.0)
    }

    /// On the same disk a file may take no room a second time; whether it does is seen as it comes.
    private func requireRoom(for files: [Pointer], in blobs: BlobStore) throws(SyncError) {
        if files.isEmpty { return }
        do throws(FileError) {
            let devices = try [there.directory, blobs.directory].map { path throws(FileError) in
                try FileSystem.status(of: path).device
            }
            if devices[0] != devices[1] { try FileSystem.requireRoom(for: files.totalSize, at: blobs.directory) }
        } catch { throw problem(error) }
    }

    /// Fetches a portion; what has come stays, whatever happens to the rest. Gives the reason why some may not be read.
    private func fetch(
        _ files: [Pointer], to blobs: BlobStore, _ report: TransferReport, _ download: inout Download
    ) throws(SyncError) -> SyncError? {
        let fates = Mutex<[Fate: [Pointer]]>([:])
        let denied = Mutex<BlobError?>(nil)
        do throws(BlobError) {
            let batch = try blobs.beginBatch()
            let result = Result { () throws(BlobError) in
                try Parallel.forEach(count: files.count, workers: Self.workers) { number throws(BlobError) in
                    let fate = try fetch(files[number], into: batch, denied)
                    fates.withLock { $0[fate, default: []].append(files[number]) }
                    report.done(1, files[number].size)
                }
            }
            let committed = Result { () throws(BlobError) in try batch.commit() }
            try result.get()
            try committed.get()
        } catch { throw problem(error) }
        let found = fates.withLock { $0 }
        download.missing += found[.missing] ?? []
        download.damaged += found[.damaged] ?? []
        download.files += found[.came]?.count ?? 0
        download.bytes += found[.came]?.totalSize ?? 0
        return denied.withLock { $0 }.map(problem)
    }

    /// What became of a file.
    private enum Fate { case came, missing, damaged, denied }

    private func fetch(
        _ file: Pointer, into batch: BlobBatch, _ denied: borrowing Mutex<BlobError?>
    ) throws(BlobError) -> Fate {
        for attempt in 1... {
            do throws(BlobError) {
                _ = try batch.put(there.open(file), expecting: file)
                return .came
            } catch {
                switch fate(of: file, after: error) {
                // Somebody gave it another name meanwhile, perhaps: the file's status tells no more.
                case .damaged? where error.code == .changed && attempt < 5: continue
                case .denied?:
                    denied.withLock { $0 = $0 ?? error }
                    return .denied
                case let fate?: return fate
                case nil: throw error
                }
            }
        }
        return .damaged
    }

    /// What an error says of the file at the remote; nil where something else is the matter.
    private func fate(of file: Pointer, after error: BlobError) -> Fate? {
        guard let cause = error.fileError else { return error.code == .damaged ? .damaged : nil }
        guard cause.path == there.path(of: file.oid) else { return nil }
        if cause.isAbsent { return .missing }
        if cause.isDenied { return .denied }
        return [.changed, .tooManyLinks, .noDevice, .io, .truncated].contains(cause.code) ? .damaged : nil
    }
}
