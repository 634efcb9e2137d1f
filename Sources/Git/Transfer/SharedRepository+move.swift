public import Files

extension SharedRepository {
    /// Moves a branch from one commit to another, if it still is where the caller thinks.
    ///
    /// It is compared under the lock that git itself takes, so of two that move it at once one wins. When this returns, the
    /// file and its name are on the disk. The commit and all that it leads to must be there before.
    ///
    /// - Parameters:
    ///   - from: where it stands; nil when there must be no such branch.
    ///   - temporary: a directory in the repository, of this process. The lock is a second name of a file in it, so whoever
    ///     finds the lock later can tell whose it was.
    /// - Throws: `moved` when it stands elsewhere, `locked` when another holds the lock.
    public func move(
        _ name: String, from: ObjectID?, to: ObjectID, temporary: TemporaryDirectory, modes: SharedModes
    ) throws(GitError) {
        try replace(name, with: to, temporary, modes) { () throws(GitError) in
            guard try head(name) != from else { return }
            throw GitError(
                .moved, from.map { "no longer at \($0)" } ?? "exists already", call: "move", subject: name)
        }
    }

    /// Gives a branch a version again that is missing, or whose file holds no id; that is moved to the folder `bad`.
    ///
    /// As with ``move(_:from:to:temporary:modes:)``, it is looked at under git's own lock.
    ///
    /// - Throws: `moved` when it stands somewhere after all, `locked` when another holds the lock.
    public func restore(
        _ name: String, to: ObjectID, movingTo bad: FilePath, temporary: TemporaryDirectory, modes: SharedModes
    ) throws(GitError) {
        try replace(name, with: to, temporary, modes) { () throws(GitError) in
            if isReadable(name) { throw GitError(.moved, "exists already", call: "restore", subject: name) }
            let file = path.appending(name)
            try GitError.translating("restore", about: name) { () throws(FileError) in
                guard try FileSystem.statusIfExists(of: file, followingLinks: false) != nil else { return }
                try FileSystem.moveAside(file, to: bad, inside: path, modes: modes)
            }
        }
    }

    private func isReadable(_ name: String) -> Bool {
        do throws(GitError) { return try head(name) != nil } catch { return false }
    }

    /// Takes the lock and gives the branch its new file, unless `check` throws under the lock.
    private func replace(
        _ name: String, with to: ObjectID, _ temporary: TemporaryDirectory, _ modes: SharedModes,
        if check: () throws(GitError) -> Void
    ) throws(GitError) {
        try Repository.check(name)
        try locked(name, with: to, temporary, modes) { (lock) throws(GitError) in
            try check()
            try GitError.translating("move", about: name) { () throws(FileError) in
                try FileSystem.rename(lock, to: path.appending(name))
            }
        }
        try GitError.translating("move", about: name) { () throws(FileError) in
            try FileSystem.syncDirectory(path.appending(name).parent)
        }
    }

    /// Runs a step while nobody else changes a reference. The lock holds an id, as git's own do; it is gone afterwards, or
    /// has become what the step made of it.
    func locked(
        _ name: String, with id: ObjectID, _ temporary: TemporaryDirectory, _ modes: SharedModes,
        _ step: (_ lock: FilePath) throws(GitError) -> Void
    ) throws(GitError) {
        let lock = lockPath(of: name)
        let draft = temporary.newPath()
        try GitError.translating("lock", about: name) { () throws(FileError) in
            try makeFolder(of: path.appending(name), modes)
            let file = try FileDescriptor.open(draft, .write, create: .exclusive)
            try file.write(all: Array("\(id.hex)\n".utf8))
            try file.setMode(modes.file(0o644))
            try file.sync()
        }
        guard try take(lock, with: draft, name) else {
            _ = try? FileSystem.remove(draft)
            throw GitError(
                .locked, "another program is changing this branch: \(lock) exists", call: "lock", subject: name,
                path: lock.string)
        }
        do throws(GitError) { try step(lock) } catch {
            _ = try? FileSystem.remove(lock)
            _ = try? FileSystem.remove(draft)
            throw error
        }
        _ = try? FileSystem.remove(draft)
    }

    /// The file whose existence keeps others from moving a branch.
    public func lockPath(of name: String) -> FilePath { path.appending(name + ".lock") }

    /// What the lock of a branch is now; nil where nobody holds it.
    public func lockStatus(of name: String) throws(GitError) -> FileStatus? {
        try GitError.translating("look at the lock of", about: name) { () throws(FileError) in
            try FileSystem.statusIfExists(of: lockPath(of: name), followingLinks: false)
        }
    }

    /// Takes away the lock of somebody who is gone, if it still is the one that was looked at.
    ///
    /// It is moved aside first and looked at again there: were it meanwhile another's, it is given back.
    public func breakLock(
        of name: String, lookedAt: FileStatus, temporary: TemporaryDirectory
    ) throws(GitError) {
        try GitError.translating("break the lock of", about: name) { () throws(FileError) in
            let lock = lockPath(of: name)
            let aside = temporary.newPath()
            do throws(FileError) { try FileSystem.rename(lock, to: aside) } catch {
                if error.isAbsent { return }
                throw error
            }
            let moved = try FileSystem.status(of: aside, followingLinks: false)
            if !(moved.isSameFile(as: lookedAt) && moved.modified == lookedAt.modified) {
                _ = try FileSystem.renameIfFree(aside, to: lock)
            }
            _ = try FileSystem.remove(aside)
        }
    }

    private func makeFolder(of file: FilePath, _ modes: SharedModes) throws(FileError) {
        for made in try FileSystem.makeDirectories(file.parent, inside: path, modes: modes) {
            try FileSystem.syncDirectory(made.parent)
        }
    }

    /// Gives the draft the lock's name; false where that is taken.
    private func take(_ lock: FilePath, with draft: FilePath, _ name: String) throws(GitError) -> Bool {
        try GitError.translating("lock", about: name) { () throws(FileError) in
            do throws(FileError) {
                try FileSystem.link(draft, to: lock)
                return true
            } catch {
                if error.code == .exists { return false }
                guard error.isOfLinking else { throw error }
            }
            // Without second names, as on a stick: then only its age can tell whether its owner is gone.
            return try FileSystem.renameIfFree(draft, to: lock)
        }
    }
}
