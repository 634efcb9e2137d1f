import Files
import Sync

/// The remotes that are folders of this computer.
struct RemoteFolders: Sendable {
    /// Where each may have its objects and files: in itself, or where a work tree keeps them.
    let places: [FilePath]

    /// Finds them among these addresses; relative ones begin at `base`.
    init(_ addresses: [String], from base: FilePath) {
        places = addresses.compactMap { RemoteAddress($0, from: base).folder }.flatMap {
            [$0, $0.appending(".git")]
        }
    }
}
