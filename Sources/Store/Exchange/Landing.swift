public import Files
public import Git

extension Store {
    /// The store's own objects, for whoever reads what the branches of a remote lead to.
    public var objects: Repository { repository }
}

/// Where objects lie that have come from another computer, until they are believed: a folder of objects over those of the
/// store, which does not see them. It goes with its last reference.
public final class Landing: Sendable {
    private let temporary: TemporaryDirectory
    /// Where packs and their indexes are put.
    public let packs: FilePath

    /// Makes one for what a store is to take in.
    public convenience init(over store: Store) throws(StoreError) {
        try self.init(in: store.temporaryParent, over: store.path.appending("objects"))
    }

    /// Makes one in a folder, for a store that is not there yet.
    public convenience init(in folder: FilePath) throws(StoreError) { try self.init(in: folder, over: nil) }

    private init(in folder: FilePath, over objects: FilePath?) throws(StoreError) {
        do throws(FileError) {
            temporary = try TemporaryDirectory(in: folder)
            packs = temporary.path.appending("objects/pack")
            try FileSystem.makeDirectories(packs)
            guard let objects else { return }
            let info = temporary.path.appending("objects/info")
            try FileSystem.makeDirectory(info)
            let place = try objects.absolute()
            try FileSystem.replaceAtomically(
                info.appending("alternates"), with: place.bytes + [0x0A], durable: false)
        } catch { throw StoreError(error) }
    }

    /// Opens what has come, with the store's own objects behind it.
    public func objects() throws(GitError) -> Repository { try Repository(objectsOf: temporary.path) }
}
