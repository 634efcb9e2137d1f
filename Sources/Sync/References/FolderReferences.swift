public import Files
import Git

/// References at a repository that is a folder: a remote's, or a store's own.
public struct FolderReferences: ReferenceTransport {
    private let repository: SharedRepository
    private let scaffold: RemoteScaffold

    /// A file is no larger than this.
    private static let limit = 1 << 16
    /// Who holds a reference's lock lets go of it at once; so many seconds are waited for that.
    private static let patience = 10.0

    /// Takes the references of a remote.
    public init(of versions: FolderVersions) {
        repository = versions.repository
        scaffold = versions.scaffold
    }

    /// Takes the references of a store on this computer.
    public init(ofStoreAt path: FilePath) throws(SyncError) {
        do throws(GitError) { repository = try SharedRepository(at: path) } catch {
            throw SyncError(error, at: path)
        }
        scaffold = RemoteScaffold(in: repository)
    }

    /// Where it is, for a person.
    public var place: String { repository.path.string }

    /// The references whose names begin so, sorted by name.
    public func references(below prefix: String) throws -> [NamedFile] {
        try wrapping { () throws(GitError) in
            try repository.objects.refresh()
            return try repository.references(below: prefix).map { file($0.name, $0.id) }
        }
    }

    /// One reference; nil where there is none of that name.
    public func reference(_ name: String) throws -> NamedFile? {
        try wrapping { () throws(GitError) in
            guard let id = try repository.head(name) else { return nil }
            try repository.objects.refresh()
            return file(name, id)
        }
    }

    private func file(_ name: String, _ id: ObjectID) -> NamedFile {
        NamedFile(name: name, id: id, bytes: try? repository.objects.readBlob(id, limit: Self.limit))
    }

    /// Makes a reference. False where there is one already.
    public func create(_ name: String, standingFor bytes: [UInt8]) throws -> Bool {
        try changing(name) { temporary in
            // Who is too late already need not write anything.
            if try repository.head(name) != nil { return false }
            let objects = ObjectWriter(
                repository: repository.objects, temporary: temporary, checksExisting: false)
            let id = try objects.write(blob: bytes)
            let batch = WriteBatch(temporary: temporary, modes: scaffold.modes, inside: repository.path)
            try objects.finish(into: batch)
            try batch.commit()
            try repository.move(name, from: nil, to: id, temporary: temporary, modes: scaffold.modes)
            return true
        }
    }

    /// Takes a reference away. False where it stands for something else by now, or is gone.
    public func remove(_ reference: NamedFile) throws -> Bool {
        try changing(reference.name) { temporary in
            try repository.remove(reference.name, at: reference.id, temporary: temporary, modes: scaffold.modes)
            return true
        }
    }

    /// Makes a change once nobody else is making one. A lock that the dead have left is broken.
    private func changing(_ name: String, _ change: (TemporaryDirectory) throws -> Bool) throws -> Bool {
        do { return try changingInPlace(name, change) } catch {
            // Its disk may have been taken away since it was opened.
            throw FileSystem.exists(repository.path) ? error : SyncError.missing(repository.path)
        }
    }

    private func changingInPlace(
        _ name: String, _ change: (TemporaryDirectory) throws -> Bool
    ) throws -> Bool {
        let watch = Stopwatch()
        while true {
            let temporary = try scaffold.temporaryDirectory()
            do { return try change(temporary) } catch let error as GitError {
                if error.code == .moved { return false }
                // That somebody is at it says nothing of how it ends.
                guard error.code == .locked, watch.seconds < Self.patience else {
                    throw SyncError(error, at: repository.path)
                }
            } catch let error as FileError {
                throw SyncError(error)
            }
            SystemClock.sleep(seconds: 0.01)
        }
    }

    private func wrapping<R>(_ step: () throws(GitError) -> R) throws(SyncError) -> R {
        do throws(GitError) { return try step() } catch { throw SyncError(error, at: repository.path) }
    }
}
