import CGit2
public import Files

/// A branch or tag: a name and the object that it stands for.
public struct Reference: Hashable, Sendable {
    /// The whole name, such as `refs/heads/main`.
    public let name: String
    /// The object that it stands for.
    public let id: ObjectID

    /// Creates a reference.
    public init(name: String, id: ObjectID) {
        self.name = name
        self.id = id
    }
}

extension Repository {
    /// What a reference stands for, symbolic ones followed; nil when there is none of that name.
    ///
    /// - Throws: `invalid` for what is no reference's name, `corrupt` when the file holds no id.
    public func resolve(_ name: String) throws(GitError) -> ObjectID? {
        try Self.check(name)
        let id = try withHandles { (handles) throws(GitError) in try Self.resolve(name, in: handles) }
        if id == nil { try ReferenceNames(path: path).packed() }
        return id
    }

    /// The references whose names begin so, sorted by name.
    ///
    /// - Throws: `corrupt` when one of them holds no id; it is named, not left out.
    public func references(prefix: String = "refs/") throws(GitError) -> [Reference] {
        var references: [Reference] = []
        for name in try ReferenceNames(path: path).all() where name.utf8.starts(with: prefix.utf8) {
            // What git would not take for a reference, such as a file manager's notes, is not one. One that is gone
            // by now was deleted in between.
            guard try Self.isValid(name), let id = try resolve(name) else { continue }
            references.append(Reference(name: name, id: id))
        }
        return references
    }

    /// The branch that `HEAD` points at, whether or not the branch exists; nil when `HEAD` is an object itself.
    public func headReference() throws(GitError) -> String? {
        try withHandles { (handles) throws(GitError) in
            let head = try Handle<ReferenceHandle>("git_reference_lookup", about: "HEAD") {
                git_reference_lookup(&$0, handles.repository.raw, "HEAD")
            }
            return git_reference_symbolic_target(head.raw).map { String(cString: $0) }
        }
    }

    /// Refuses what is no reference's name, before it becomes a path: `../x`, or a name that C would cut short.
    static func check(_ name: String) throws(GitError) {
        guard try isValid(name) else {
            throw GitError(
                .invalid, "not a reference's name", call: "git_reference_name_is_valid", subject: name)
        }
    }

    static func isValid(_ name: String) throws(GitError) -> Bool {
        var isValid: Int32 = 0
        try Libgit2.check(
            "git_reference_name_is_valid", about: name, git_reference_name_is_valid(&isValid, name))
        return isValid == 1 && !name.utf8.contains(0)
    }

    private static func resolve(_ name: String, in handles: borrowing Handles) throws(GitError) -> ObjectID? {
        var oid = git_oid()
        let status = git_reference_name_to_id(&oid, handles.repository.raw, name)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        try Libgit2.check("git_reference_name_to_id", about: name, status)
        return ObjectID(oid)
    }

    /// Moves a reference from one object to another, if it still is where the caller thinks.
    ///
    /// The value is compared under the reference's lock, so of two that move it at once one wins and the other
    /// gets `moved`. When this returns, the file and its folder are on the disk.
    ///
    /// - Parameters:
    ///   - from: what the reference stands for now; nil when it must not exist.
    ///   - message: the line for the reflog.
    ///   - person: who the reflog names.
    /// - Throws: `moved` when the reference stands elsewhere, `locked` (with the lock file as `path`) when another
    ///   holds its lock, `notFound` when the object does not exist, `invalid` for what is no reference's name.
    public func moveReference(
        _ name: String, from: ObjectID?, to: ObjectID, message: String, by person: Signature
    ) throws(GitError) {
        try Self.check(name)
        if let from {
            let move = LooseReferenceMove(name: name, from: from, to: to, message: message, person: person)
            if try move.attempt(in: self) { return }
        }
        if from == nil { try ReferenceNames(path: path).packed() }
        let newFolders = missingFolders(for: name)
        try withHandles { (handles) throws(GitError) in
            try Libgit2.check(
                "git_repository_set_ident", about: name,
                git_repository_set_ident(handles.repository.raw, person.cleanName, person.cleanEmail))
            var new = to.oid
            // All zeros is libgit2's way to say that there must be none; comparing happens under the lock.
            var old = (from ?? .zero).oid
            do throws(GitError) {
                _ = try Handle<ReferenceHandle>("git_reference_create_matching", about: name) {
                    git_reference_create_matching(&$0, handles.repository.raw, name, &new, 1, &old, message)
                }
            } catch {
                throw explain(error, moving: name, from: from, in: handles)
            }
        }
        removeLockLeftBeside(name)
        try GitError.translating("moveReference", about: name) { () throws(FileError) in
            // Without a reflog, which the configuration decides, its folders were not made.
            for folder in newFolders where FileSystem.exists(folder) {
                try FileSystem.syncDirectory(folder.parent)
            }
        }
    }

    /// Writes down what a reference stands for, whatever it stood for before: for one that only remembers something.
    ///
    /// There is no lock that a killed program could leave behind, and no reflog. The caller sees to it that no other
    /// process of its kind is at it.
    public func note(_ name: String, at id: ObjectID, temporary: TemporaryDirectory) throws(GitError) {
        try Self.check(name)
        let batch = WriteBatch(temporary: temporary)
        try GitError.translating("note", about: name) { () throws(FileError) in
            let draft = temporary.newPath()
            let file = try FileDescriptor.open(draft, .write, create: .exclusive)
            try file.write(all: Array("\(id.hex)\n".utf8))
            try batch.add(file, at: draft, to: path.appending(name), mode: 0o644, replacing: true)
            try batch.commit()
        }
    }

    /// A new reference's file is its lock under a second name, of which libgit2 removes the first, and does not look
    /// whether that was done. A lock that is another file is somebody else's.
    private func removeLockLeftBeside(_ name: String) {
        let lock = lockPath(of: name)
        guard let left = try? FileSystem.statusIfExists(of: lock, followingLinks: false),
            let file = try? FileSystem.statusIfExists(of: path.appending(name), followingLinks: false),
            left.isSameFile(as: file)
        else { return }
        _ = try? FileSystem.remove(lock)
    }

    /// Where libgit2 makes the file that locks a reference.
    public func lockPath(of name: String) -> FilePath {
        path.appending(name + ".lock")
    }

    private func explain(
        _ error: GitError, moving name: String, from: ObjectID?, in handles: borrowing Handles
    ) -> GitError {
        switch error.code {
        case .locked:
            let lock = lockPath(of: name).string
            return GitError(
                .locked, "another program is changing this reference: \(lock) exists", call: error.call,
                subject: name, path: lock, status: error.status, category: error.category)
        case .moved: return moved(error, name, from: from)
        // A reference that has vanished has moved, too; otherwise it is the new object that was not found.
        case .notFound where from != nil && (try? Self.resolve(name, in: handles)) != from:
            return moved(error, name, from: from)
        default: return error
        }
    }

    private func moved(_ error: GitError, _ name: String, from: ObjectID?) -> GitError {
        let message = from.map { "no longer at \($0)" } ?? "exists already"
        return GitError(
            .moved, message, call: error.call, subject: name, status: error.status, category: error.category)
    }

    /// The folders that moving this reference will make, as libgit2 flushes those that it writes a file into but
    /// not the ones above them.
    private func missingFolders(for name: String) -> [FilePath] {
        var missing: [FilePath] = []
        for file in [path.appending(name), path.appending("logs").appending(name)] {
            var folder = file.parent
            while folder.bytes.count > path.bytes.count, !FileSystem.exists(folder) {
                missing.append(folder)
                folder = folder.parent
            }
        }
        return missing
    }
}
