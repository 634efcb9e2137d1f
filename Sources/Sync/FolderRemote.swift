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
    public func state() throws(SyncError) -> State { try look().state }

    /// What lies there, opened if it is a repository.
    ///
    /// - Parameter known: versions of the store `own`: a remote that stands at one of them is that store's, and nothing of it
    ///   is read.
    private func look(
        known: [ObjectID] = [], of own: StoreID? = nil
    ) throws(SyncError) -> (state: State, repository: SharedRepository?) {
        let status: FileStatus?
        let isEmpty: Bool
        do throws(FileError) {
            status = try FileSystem.statusIfExists(of: path)
            isEmpty = status?.kind == .directory ? try FileSystem.list(path).isEmpty : false
        } catch { throw SyncError(error) }
        guard let status else { return (.missing, nil) }
        guard status.kind == .directory else { return (.somethingElse, nil) }
        if isEmpty { return (.empty, nil) }
        do throws(GitError) {
            let repository = try SharedRepository(at: path)
            if let own, let head = try repository.head("refs/heads/main"), known.contains(head) {
                return (.store(own), repository)
            }
            return (try Self.state(of: repository), repository)
        } catch {
            if error.code == .notARepository { return (.somethingElse, nil) }
            throw SyncError(error, at: path)
        }
    }

    private static func state(of repository: SharedRepository) throws(GitError) -> State {
        guard let head = try repository.head("refs/heads/main") else {
            return try repository.hasBranches() ? .otherRepository : .fresh
        }
        let objects = repository.objects
        let root = try objects.readTree(objects.readCommit(head).tree)
        guard let name = EntryName(RecordPath.store.text), let entry = root[name],
            let bytes = try Self.record(entry.id, in: objects),
            let id = (try? JSON.parse(bytes))?["id"]?.asString.flatMap({ StoreID($0) })
        else { return .otherRepository }
        return .store(id)
    }

    /// What is missing or damaged is thrown; nil stands for what never was a record.
    private static func record(_ id: ObjectID, in objects: Repository) throws(GitError) -> [UInt8]? {
        do throws(GitError) { return try objects.readBlob(id, limit: Catalog.recordLimit) } catch {
            if error.code == .notFound || error.code == .corrupt { throw error }
            return nil
        }
    }

    /// Opens the remote of a store, whether or not anything was pushed there yet.
    ///
    /// - Throws: `.offline` where there is nothing now: its disk may come back. `.refused` where there is something else.
    func open(for store: StoreID, knowing versions: [ObjectID]) throws(SyncError) -> SharedRepository {
        let (state, repository) = try look(known: versions, of: store)
        switch state {
        case .fresh, .store(store): if let repository { return repository }
        case .missing:
            throw SyncError.missing(path)
        case .empty:
            throw SyncError(
                .offline, "the folder \(path) is empty, which should be a remote",
                hint: "mount its disk and try again")
        case .store:
            throw SyncError(
                .refused, "\(path) is the remote of another store",
                hint:
                    "`offbeat remote set-url` says where this store's is; `offbeat clone` makes a copy of that one")
        case .otherRepository: throw otherRepository()
        case .somethingElse: break
        }
        throw somethingElse()
    }

    /// Opens the remote of a store however damaged it is, as long as something tells that it is that store's.
    ///
    /// Where a branch is missing or cannot be read, that is a version of the store which lies there: one of these, or an
    /// earlier one.
    func openForChecking(
        for store: StoreID, knowing versions: [ObjectID], orEarlier isEarlier: (ObjectID) -> Bool
    ) throws(SyncError) -> SharedRepository {
        do throws(SyncError) { return try open(for: store, knowing: versions) } catch {
            guard error.code == .damaged || error.code == .refused,
                let repository = try? SharedRepository(at: path),
                error.code == .damaged || !Self.hasMain(repository),
                versions.contains(where: { repository.objects.hasVersion($0) })
                    || repository.objects.storedVersions().contains(where: isEarlier)
            else { throw error }
            return repository
        }
    }

    private static func hasMain(_ repository: SharedRepository) -> Bool {
        do throws(GitError) { return try repository.head("refs/heads/main") != nil } catch { return false }
    }

    /// Opens whatever store is there.
    func openForCloning() throws(SyncError) -> SharedRepository {
        let (state, repository) = try look()
        switch state {
        case .store: if let repository { return repository }
        case .missing, .empty:
            throw SyncError(
                .offline, "there is no store at \(path)",
                hint: "mount its disk and try again, or say where it is; `offbeat init --remote` makes a new one")
        case .fresh:
            throw SyncError(
                .refused, "nothing was ever pushed to \(path)",
                hint: "sync the laptop that has the store first, or make a new one with `offbeat init --remote`")
        case .otherRepository: throw otherRepository()
        case .somethingElse: break
        }
        throw somethingElse()
    }

    /// Somebody may have taken the store's record away with plain git.
    private func otherRepository() -> SyncError {
        SyncError(
            .refused, "the branch main of \(path) holds no store: offbeat.json is missing there, or cannot be read",
            hint: "if somebody took it away with git, `git revert` brings it back; else check the URL")
    }

    private func somethingElse() -> SyncError {
        SyncError(
            .refused, "\(path) is no bare git repository with a store in it",
            hint: "check the URL; `offbeat remote add` makes a new remote, at a place where there is nothing yet")
    }

    /// Makes the remote: it is there whole, or not at all.
    public func make() throws(SyncError) {
        do {
            let parent = path.parent
            try FileSystem.makeDirectories(parent)
            _ = try? TemporaryDirectory.sweep(in: parent)
            let building = try TemporaryDirectory(in: parent)
            try Repository.create(at: building.path)
            try FileSystem.makeDirectories(building.path.appending("lfs/objects"))
            try FileSystem.syncFileSystem(containing: building.path)
            // A folder that is empty gives way to the remote.
            try building.become(path)
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

extension Repository {
    fileprivate func hasVersion(_ id: ObjectID) -> Bool { (try? readCommit(id)) != nil }

    /// Every version that lies there, as far as that can be read.
    fileprivate func storedVersions() -> [ObjectID] { (try? storedObjects(of: .commit)) ?? [] }
}
