import Blobs
import Files
import Store
import Synchronization

/// Takes away the originals of files whose bytes are safe in the store.
///
/// Each stored file is read back first and must be what its name says; each original must be what it was when it was
/// read. Only a plain file's own name goes, never what a link leads to, and never what lies in the store.
struct Originals {
    let store: Store
    let progress: Progress

    /// What became of the originals.
    struct Outcome {
        var moved: [Intake.Taken] = []
        var failed: [(path: FilePath, failure: Failure)] = []
    }

    /// A file whatever its names.
    private struct Identity: Hashable {
        let inode: UInt64
        let device: UInt64

        init(_ status: FileStatus) { (inode, device) = (status.inode, status.device) }
    }

    /// Removes the originals; the names are gone for good when this returns.
    func remove(_ files: [Intake.Taken]) throws -> Outcome {
        let unsound = try verify(Array(Set(files.map(\.pointer))))
        let home = try FileSystem.realPath(store.path)
        var outcome = Outcome()
        var gone: Set<Identity> = []
        for file in files {
            do {
                if let verdict = unsound[file.pointer] { throw Self.refusal(file.path, verdict) }
                try requireOutside(home, file.path)
                guard try isRemovable(file, after: gone) else { continue }
                try FileSystem.remove(file.path)
                gone.insert(Identity(file.status))
                outcome.moved.append(file)
            } catch { outcome.failed.append((file.path, Failure(error))) }
        }
        for folder in Set(outcome.moved.map(\.path.parent)).sorted() { try FileSystem.syncDirectory(folder) }
        return outcome
    }

    /// Reads stored files back; answers with those that are not what their names say.
    private func verify(_ pointers: [Pointer]) throws -> [Pointer: BlobStore.Verdict] {
        let unsound = Mutex<[Pointer: BlobStore.Verdict]>([:])
        let done = Atomic(0)
        try Parallel.forEach(count: pointers.count, workers: max(1, min(8, Parallel.processors))) { index in
            try progress.checkStopped("interrupted; the files were added, and the originals stay")
            let verdict = try store.blobs.verify(pointers[index])
            if verdict != .sound { unsound.withLock { $0[pointers[index]] = verdict } }
            let count = done.add(1, ordering: .relaxed).newValue
            progress.report("Verifying", done: Int64(count), of: Int64(pointers.count), .items)
        }
        return unsound.withLock { $0 }
    }

    private static func refusal(_ path: FilePath, _ verdict: BlobStore.Verdict) -> Failure {
        let hint = "look at the library with `offbeat fsck --deep`"
        if verdict == .missing {
            return Failure(.damaged, "\(path) stays: the library does not hold it", hint: hint)
        }
        return Failure(.damaged, "\(path) stays: what the library holds of it is damaged", hint: hint)
    }

    private func requireOutside(_ home: FilePath, _ path: FilePath) throws {
        let folder = try FileSystem.realPath(path.parent)
        guard folder != home, !folder.bytes.starts(with: home.bytes + [UInt8(ascii: "/")]) else {
            throw Failure(.notAllowed, "\(path) stays: it lies in the library itself")
        }
    }

    /// Whether an original is what was read; false where this call has already removed it under another path.
    private func isRemovable(_ file: Intake.Taken, after gone: Set<Identity>) throws -> Bool {
        let isTouched = gone.contains(Identity(file.status))
        guard let now = try FileSystem.statusIfExists(of: file.path, followingLinks: false) else {
            if isTouched { return false }
            throw Failure(.notFound, "\(file.path) is gone already")
        }
        guard now.kind == .regular else {
            throw Failure(.notAllowed, "\(file.path) stays: it is \(now.kind.words)")
        }
        // Of a file with several names, removing the first one changes the time of its last change.
        let isSame =
            isTouched
            ? now.isSameFile(as: file.status) && now.size == file.status.size
                && now.modified == file.status.modified
            : now.isUnchanged(since: file.status)
        guard isSame else {
            throw Failure(.changed, "\(file.path) stays: it was changed meanwhile", hint: "add it again")
        }
        return true
    }
}
