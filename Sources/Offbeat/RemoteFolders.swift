import Blobs
import Files
import Store
import Sync

/// The remotes that are folders of this computer, and which files they hold.
///
/// A file there counts only if it is a second copy: with remotes on the same disk git-lfs gives one file two names, and
/// then the bytes are gone when the disk block is.
struct RemoteFolders: Sendable {
    /// Where each may have its objects and files: in itself, or where a work tree keeps them.
    let places: [FilePath]
    private let files: [BlobStore]

    /// Finds them among these addresses; relative ones begin at `base`.
    init(_ addresses: [String], from base: FilePath) {
        places = addresses.compactMap { RemoteAddress($0, from: base).folder }.flatMap {
            [$0, $0.appending(".git")]
        }
        files = places.map { BlobStore(directory: $0.appending("lfs")) }
    }

    /// Whether one of them holds the bytes that lie at `path` a second time, judged by name, size and inode.
    func hold(_ file: Pointer, beside path: FilePath) throws(FileError) -> Bool {
        let own = try FileSystem.status(of: path)
        for remote in files {
            guard let copy = try? FileSystem.status(of: remote.path(of: file.oid)) else { continue }
            if copy.kind == .regular, copy.size == file.size, !copy.mayBeSameFile(as: own) { return true }
        }
        return false
    }
}
