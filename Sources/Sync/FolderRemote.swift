public import Catalog
public import Files
import Git
import Store

/// A remote that is a folder: a bare git repository, with files where git-lfs's own transfer looks for them.
public struct FolderRemote: Sendable {
    /// The folder.
    public let path: FilePath

    /// Takes a folder. Nothing is looked at.
    public init(at path: FilePath) { self.path = path }

    /// What lies in the folder.
    public enum State: Equatable, Sendable {
        /// Nothing, not even the folder.
        case missing
        /// A folder with nothing in it, as one is that a disk will be mounted at.
        case empty
        /// A bare repository to which nothing was ever pushed.
        case fresh
        /// A store of this id.
        case store(StoreID)
        /// A repository whose branch main holds something else than a store.
        case otherRepository
        /// A folder or file that is no bare repository.
        case somethingElse
    }

    /// Looks what lies there now.
    ///
    /// - Throws: where it cannot be told, as without permission to read.
    public func state() throws(SyncError) -> State {
        let status: FileStatus?
        let isEmpty: Bool
        do throws(FileError) {
            status = try FileSystem.statusIfExists(of: path)
            isEmpty = status?.kind == .directory ? try FileSystem.list(path).isEmpty : false
        } catch { throw SyncError(error) }
        guard let status else { return .missing }
        guard status.kind == .directory else { return .somethingElse }
        if isEmpty { return .empty }
        do throws(GitError) {
            return try state(of: Repository(at: path))
        } catch {
            if error.code == .notARepository { return .somethingElse }
            throw SyncError(error, at: path)
        }
    }

    private func state(of repository: Repository) throws(GitError) -> State {
        guard let head = try repository.resolve("refs/heads/main") else {
            return try repository.references(prefix: "refs/heads/").isEmpty ? .fresh : .otherRepository
        }
        let root = try repository.readTree(repository.readCommit(head).tree)
        guard let name = EntryName(RecordPath.store.text), let entry = root[name],
            let bytes = try? repository.readBlob(entry.id, limit: Catalog.recordLimit),
            let id = (try? JSON.parse(bytes))?["id"]?.asString.flatMap({ StoreID($0) })
        else { return .otherRepository }
        return .store(id)
    }

    /// Makes the remote: it is there whole, or not at all.
    public func make() throws(SyncError) {
        do {
            let parent = path.parent
            try FileSystem.makeDirectories(parent)
            _ = try? TemporaryDirectory.sweep(in: parent)
            let building = try TemporaryDirectory(in: parent)
            let repository = building.path.appending("remote")
            try Repository.create(at: repository)
            try FileSystem.makeDirectories(repository.appending("lfs/objects"))
            try FileSystem.syncFileSystem(containing: repository)
            // A folder that is empty gives way to the remote.
            try FileSystem.rename(repository, to: path)
            try FileSystem.syncDirectory(parent)
        } catch let error as FileError {
            throw SyncError(error)
        } catch let error as GitError {
            throw SyncError(error, at: path)
        } catch {
            throw SyncError(.io, "\(error)")
        }
    }
}
