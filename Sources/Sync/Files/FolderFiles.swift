import Blobs
public import Files
import Synchronization

/// The files of a remote that is a folder, where git-lfs's own transfer looks for them: `<remote>/lfs/objects`.
///
/// The folder may be a disk's, a stick's or a network mount's, other users and computers use it at the same time, and it
/// may be gone at any moment. Nothing is made where it is not there. If the remote is a store itself, its journal
/// learns of what comes.
public final class FolderFiles: FileTransport {
    /// The folder.
    let remote: FilePath
    let modes: SharedModes
    let there: BlobStore
    private let leases = Mutex<[Lease]>([])

    /// More than there are processors: with a network mount they wait for each other's answers.
    static let workers = max(4, Parallel.processors)

    /// Takes the folder of a remote; `modes` are those that its configuration asks for. Nothing is looked at.
    public init(at remote: FilePath, modes: SharedModes) {
        self.remote = remote
        self.modes = modes
        there = BlobStore(directory: remote.appending("lfs"))
    }

    /// Lets go of what was uploaded or confirmed; so does whoever drops this.
    public func release() {
        for lease in leases.withLock({ leases in exchange(&leases) }) { lease.release() }
    }

    private func exchange(_ leases: inout [Lease]) -> [Lease] {
        defer { leases = [] }
        return leases
    }

    /// Says that these files are needed there, before it is asked which of them there are.
    func lease(_ files: [Pointer]) throws(SyncError) -> Lease {
        do throws(BlobError) {
            let lease = try Lease(on: files.map(\.oid), in: there.directory, modes: modes)
            leases.withLock { $0.append(lease) }
            return lease
        } catch { throw problem(error) }
    }

    // MARK: Trouble

    /// Throws where there is no remote: a disk that is not mounted leaves no folder, or an empty one.
    func requireRemote() throws(SyncError) {
        guard !FileSystem.exists(remote.appending("HEAD")) else { return }
        throw SyncError(
            .offline, "the remote \(remote) is not there",
            hint: "try again when its disk is mounted; what was done so far stays")
    }

    /// What a failure means: as the remote is perhaps gone by now.
    func problem(_ error: BlobError) -> SyncError {
        do throws(SyncError) { try requireRemote() } catch { return error }
        return SyncError(error, inside: remote)
    }

    /// The same for what the file system says.
    func problem(_ error: FileError) -> SyncError {
        do throws(SyncError) { try requireRemote() } catch { return error }
        return SyncError(error, inside: remote)
    }
}
