public import Files

extension SharedRepository {
    /// The references whose names begin so, sorted by name; what is no reference is left out.
    public func references(below prefix: String) throws(GitError) -> [Reference] {
        var found: [Reference] = []
        for name in try ReferenceNames(path: path).all(below: prefix) where try Repository.isValid(name) {
            if let id = try head(name) { found.append(Reference(name: name, id: id)) }
        }
        return found
    }

    /// Takes a reference away, if it still stands for what the caller thinks.
    ///
    /// It is compared under git's own lock. When this returns, its name is gone from the disk, also where git had packed
    /// it.
    ///
    /// - Throws: `moved` when it stands elsewhere or is gone, `locked` when another holds its lock.
    public func remove(
        _ name: String, at id: ObjectID, temporary: TemporaryDirectory, modes: SharedModes
    ) throws(GitError) {
        try locked(name, with: id, temporary, modes) { (lock) throws(GitError) in
            guard try head(name) == id else {
                throw GitError(.moved, "no longer at \(id)", call: "remove", subject: name)
            }
            // First where it is packed: the file stands before that, so nobody sees an older one meanwhile.
            try removePacked(name, at: id, temporary, modes)
            try GitError.translating("remove", about: name) { () throws(FileError) in
                _ = try FileSystem.remove(path.appending(name))
                _ = try FileSystem.remove(lock)
                try FileSystem.syncDirectory(lock.parent)
            }
        }
    }

    private func removePacked(
        _ name: String, at id: ObjectID, _ temporary: TemporaryDirectory, _ modes: SharedModes
    ) throws(GitError) {
        guard try packedHead(name) != nil else { return }
        try locked("packed-refs", with: id, temporary, modes) { (lock) throws(GitError) in
            // Read again: now nobody else may write it.
            let kept = try PackedReferences(at: path).bytes(without: name)
            try GitError.translating("remove", about: name) { () throws(FileError) in
                let file = try FileDescriptor.open(lock, .write, create: .never)
                try file.truncate(to: 0)
                try file.write(all: kept)
                try file.setMode(modes.file(0o644))
                try file.sync()
                try FileSystem.rename(lock, to: path.appending("packed-refs"))
                try FileSystem.syncDirectory(path)
            }
        }
    }
}
