import Blobs
import Digest
import Files

/// Gets files back that are missing or damaged, from where else their bytes may be.
struct FileRepair {
    private let repair: Repair
    private let store: Store

    init(_ repair: Repair, _ store: Store) {
        self.repair = repair
        self.store = store
    }

    func run(_ problems: [Problem]) throws {
        for problem in problems {
            guard case .file(let pointer) = problem.remedy else { continue }
            try repair.watch.checkStopped()
            try mend(pointer, problem)
        }
    }

    private func mend(_ pointer: Pointer, _ problem: Problem) throws {
        if try store.blobs.verify(pointer) == .sound { return }
        let temporary = try TemporaryDirectory(in: store.temporaryParent)
        try setAside(pointer, problem)
        if try store.blobs.quarantine.takeBack([pointer], owner: temporary).contains(pointer) {
            return repair.note(problem, "its bytes were taken back from quarantine")
        }
        for source in sources() where source.verify(pointer, with: BlobVerifier(of: store.blobs)) {
            let batch = try store.blobs.beginBatch(temporary: temporary)
            // What was verified a moment ago is hashed again while it is copied, and goes by that name.
            guard try batch.put(source.path(of: pointer)).oid == pointer.oid else { continue }
            try batch.commit()
            return repair.note(problem, "its bytes were taken from \(source.name)")
        }
        // Only now: were this cut off earlier, a file that the journal does not list would count as never fetched.
        try store.blobs.journal.removing([pointer.oid], owner: temporary) {}
        // Where there is a remote, what is not here counts as being there, and nobody would hear of it again.
        repair.noteLoss(problem, "its bytes are lost here; add the file again, or take it from another copy")
    }

    /// Part of the sound may be in what is damaged, so it is kept.
    private func setAside(_ pointer: Pointer, _ problem: Problem) throws {
        let path = store.blobs.path(of: pointer.oid)
        guard try FileSystem.statusIfExists(of: path, followingLinks: false) != nil else { return }
        try FileSystem.moveAside(path, to: repair.bad)
        repair.note(problem, "the damaged bytes lie in lfs/bad")
    }

    private func sources() -> [FileSource] {
        [FileSource(name: "lfs/bad", flat: repair.bad)]
            + repair.means.otherCopies().map { FileSource(name: $0.string, store: $0.appending("lfs")) }
    }
}

/// A place that may have files under the names of their content.
private struct FileSource {
    let name: String
    private let path: (ContentHash) -> FilePath

    /// A folder with the files themselves.
    init(name: String, flat folder: FilePath) {
        self.name = name
        path = { folder.appending($0.hex) }
    }

    /// A folder laid out as git-lfs does.
    init(name: String, store folder: FilePath) {
        self.name = name
        path = { BlobStore(directory: folder).path(of: $0) }
    }

    func path(of pointer: Pointer) -> FilePath { path(pointer.oid) }

    /// Whether the bytes are there and right.
    func verify(_ pointer: Pointer, with verifier: BlobVerifier) -> Bool {
        (try? verifier.verify(pointer, at: path(pointer.oid))) == .sound
    }
}
