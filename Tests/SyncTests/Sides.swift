import Blobs
import Digest
import Files
import Store
import Sync
import Synchronization
import TestSupport
import Testing

/// A store's files, and a remote in a folder.
struct Sides {
    let folder: FilePath
    let ours: BlobStore
    let remote: FilePath

    var there: BlobStore { BlobStore(directory: remote.appending("lfs")) }

    init(_ folder: FilePath, remoteIn place: FilePath? = nil) throws {
        self.folder = folder
        ours = try BlobStore.create(at: folder.appending("store/lfs"))
        remote = (place ?? folder).appending("band.git")
        try FolderRemote(at: remote).make()
    }

    func transport(_ sharing: String? = nil) -> FolderFiles {
        FolderFiles(at: remote, modes: SharedModes(configValue: sharing))
    }

    /// Puts files into a store, ours if none is said.
    @discardableResult
    func put(_ texts: String..., in store: BlobStore? = nil) throws -> [Pointer] {
        let batch = try (store ?? ours).beginBatch(durable: false)
        let files = try texts.map { try batch.put(bytes: Array($0.utf8)).pointer }
        try batch.commit()
        return files
    }

    /// Gives the remote files as git-lfs does.
    func give(_ texts: String...) throws -> [Pointer] {
        try texts.map { text in
            let file = pointer(text)
            let path = there.path(of: file.oid)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.write(text, to: path)
            return file
        }
    }

    func pointer(_ text: String) -> Pointer {
        Pointer(oid: ContentHash(of: Array(text.utf8)), size: Int64(text.utf8.count))
    }

    /// The names that are left over at the remote: half-written files and leases.
    func leftovers() throws -> [FilePath] {
        try ["tmp", "leases"].flatMap { name -> [FilePath] in
            let folder = there.directory.appending(name)
            return FileSystem.exists(folder) ? try FileSystem.list(folder).map(\.name) : []
        }
    }
}

/// Whether disks in memory can be mounted here, for remotes that are full, read-only or gone.
let canMount: Bool =
    (try? withTemporaryDirectory { place in try SmallDisk.with(at: place, size: "1m") { _ in true } }) ?? false

func withSides(_ body: (Sides) throws -> Void) throws {
    try withTemporaryDirectory { folder in try body(Sides(folder)) }
}

/// Adds up what a transfer tells.
final class Tally: Sendable {
    struct Sums: Equatable { var planned: [Int64] = [], files = 0, bytes: Int64 = 0 }
    private let sums = Mutex(Sums())

    var told: Sums { sums.withLock { $0 } }
    var report: TransferReport {
        TransferReport(
            planned: { files, bytes in self.sums.withLock { $0.planned = [Int64(files), bytes] } },
            done: { files, bytes in
                self.sums.withLock {
                    $0.files += files
                    $0.bytes += bytes
                }
            })
    }
}
