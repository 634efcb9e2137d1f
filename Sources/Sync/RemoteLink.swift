import Blobs
public import Network
public import Store

/// How one remote is reached: its versions, its files, and the references beside its branches.
public struct RemoteLink: Sendable {
    private enum Way {
        case folder(FolderVersions, FolderRemote)
        case network(NetworkVersions, NetworkRemote, isStopped: @Sendable () -> Bool)
    }

    private let way: Way

    /// Reaches a remote that is a folder; `name` is what the store calls it.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is something else than this store's remote.
    public init(to remote: FolderRemote, called name: String, of store: Store) throws {
        way = .folder(try FolderVersions(at: remote, called: name, of: store), remote)
    }

    /// Reaches a folder that holds a store, which is to be cloned.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is no store.
    public init(cloning remote: FolderRemote) throws(SyncError) {
        way = .folder(try FolderVersions(cloning: remote), remote)
    }

    /// Reaches a remote on another computer. Nothing is asked of it yet.
    ///
    /// - Parameters:
    ///   - arriving: is told of versions that come: how many objects there are already, and how many there are to be.
    ///   - isStopped: asked several times a second, on any thread, whether somebody wants an end.
    public init(
        to remote: NetworkRemote, arriving: @escaping NetworkVersions.Arriving = { _, _ in },
        isStopped: @escaping @Sendable () -> Bool
    ) {
        way = .network(NetworkVersions(at: remote, arriving: arriving), remote, isStopped: isStopped)
    }

    /// Where it is now, if it was asked and has led to another place.
    public var newPlace: String? {
        switch way {
        case .folder: nil
        case .network(_, let remote, _): remote.newPlace
        }
    }

    /// Its versions.
    public var versions: any VersionTransport {
        switch way {
        case .folder(let versions, _): versions
        case .network(let versions, _, _): versions
        }
    }

    /// Its files, for a store that it is a remote of.
    public func files(of store: Store) -> any FileTransport {
        switch way {
        case .folder(let versions, let remote): FolderFiles(at: remote.path, modes: versions.modes)
        case .network(_, let remote, let isStopped):
            NetworkFiles(at: remote, lfsconfig: { store.lfsconfig() }, isStopped: isStopped)
        }
    }

    /// What stands there beside its branches.
    public func references(for store: Store) -> any ReferenceTransport {
        switch way {
        case .folder(let versions, _): FolderReferences(of: versions)
        case .network(_, let remote, _): NetworkReferences(at: remote, for: store)
        }
    }
}

extension Store {
    /// What `.lfsconfig` of the newest version says; nothing where there is none.
    func lfsconfig() -> LFSConfig {
        let bytes = try? snapshot().file(atRoot: ".lfsconfig", limit: LFSConfig.sizeLimit)
        return LFSConfig(bytes.flatMap(\.self) ?? [])
    }
}
