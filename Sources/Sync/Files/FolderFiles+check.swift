public import Blobs
import Files
public import Store
import Synchronization

extension FolderFiles {
    /// What is the matter with those of these files that are not sound at the remote, judged by name, kind and size; those
    /// in `hashed` are read and hashed as well. Nothing is written.
    public func unsound(
        _ files: [Pointer], hashing hashed: Set<Pointer>, watch: CheckWatch
    ) throws -> [Pointer: BlobStore.Verdict] {
        let wanted = files.worthMoving
        guard !wanted.isEmpty else { return [:] }
        try requireRemote()
        let found = Mutex<[Pointer: BlobStore.Verdict]>([:])
        let done = Atomic(0)
        do {
            try Parallel.forEach(count: (wanted.count + 63) / 64, workers: Self.workers) { number in
                let verifier = BlobVerifier(of: there)
                for file in wanted[(number * 64)..<min(wanted.count, (number + 1) * 64)] {
                    try watch.checkStopped()
                    let verdict = try verdict(on: file, hashed.contains(file) ? verifier : nil)
                    if verdict != .sound { found.withLock { $0[file] = verdict } }
                    let count = done.add(1, ordering: .relaxed).newValue
                    watch.report("Checking files at the remote", Int64(count), Int64(wanted.count), false)
                }
            }
        } catch let error as BlobError { throw problem(error) }
        // Of a disk that went away meanwhile nothing can be said.
        try requireRemote()
        return found.withLock { $0 }
    }

    /// Looked at twice before it counts: somebody may be putting a sound one in its place.
    func verdict(on file: Pointer, _ verifier: BlobVerifier?) throws(BlobError) -> BlobStore.Verdict {
        let first = try look(at: file, verifier)
        return first == .sound ? first : try look(at: file, verifier)
    }

    private func look(at file: Pointer, _ verifier: BlobVerifier?) throws(BlobError) -> BlobStore.Verdict {
        guard let verifier else { return try there.look(at: file) }
        do throws(BlobError) { return try verifier.verify(file) } catch {
            guard error.code == .changed || error.code == .missing || error.code == .damaged else { throw error }
            return try there.look(at: file)
        }
    }
}
