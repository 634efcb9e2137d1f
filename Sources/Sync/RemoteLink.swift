public import Store

/// How one remote is reached: its versions, its files, and the references beside its branches.
public struct RemoteLink: Sendable {
    /// Its versions.
    public let versions: any VersionTransport
    /// Its files.
    public let files: any FileTransport
    /// What stands there beside its branches.
    public let references: any ReferenceTransport

    /// Reaches a remote that is a folder; `name` is what the store calls it.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is something else than this store's remote.
    public init(to remote: FolderRemote, called name: String, of store: Store) throws {
        self.init(through: try FolderVersions(at: remote, called: name, of: store), to: remote)
    }

    /// Reaches a folder that holds a store, which is to be cloned.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is no store.
    public init(cloning remote: FolderRemote) throws(SyncError) {
        self.init(through: try FolderVersions(cloning: remote), to: remote)
    }

    private init(through versions: FolderVersions, to remote: FolderRemote) {
        self.versions = versions
        files = FolderFiles(at: remote.path, modes: versions.modes)
        references = FolderReferences(of: versions)
    }
}
