public import Files

/// A bare repository that others write to as well, perhaps on another computer's disk.
///
/// It is not trusted: its configuration includes nothing, it borrows objects from nowhere, and what should be a plain file
/// and is a pipe is not waited for. Its branches are moved here and not by libgit2, whose push overwrites what somebody else
/// has just pushed.
public final class SharedRepository: Sendable {
    /// Where it is.
    public let path: FilePath
    /// Its objects; it knows nothing of the branches.
    public let objects: Repository
    /// What `core.sharedRepository` says: who but its owner may use what is written there.
    public let sharing: String?
    /// Whether a branch may only be moved to what was made from where it stands.
    public let deniesNonFastForwards: Bool

    /// Opens it.
    ///
    /// - Throws: `notARepository` where there is no bare repository, `invalid` for one that is kept in a way that only newer
    ///   programs know.
    public init(at path: FilePath) throws(GitError) {
        let hasParts = try GitError.translating("open", about: path.string) { () throws(FileError) in
            try Self.requireParts(of: path)
        }
        let configuration = hasParts ? try PlainConfiguration(of: path) : nil
        guard let configuration, configuration.flag("core.bare") != false else {
            throw GitError(.notARepository, "not a bare git repository", call: "open", subject: path.string)
        }
        try Self.requireKnownForm(configuration, at: path)
        self.path = path
        objects = try Repository(objectsOf: path, borrows: false)
        sharing = configuration["core.sharedrepository"]
        deniesNonFastForwards = configuration.flag("receive.denynonfastforwards") == true
    }

    private static func requireParts(of path: FilePath) throws(FileError) -> Bool {
        let parts: [(FilePath, FileKind)] = [("HEAD", .regular), ("objects", .directory), ("refs", .directory)]
        for (part, kind) in parts {
            guard try FileSystem.statusIfExists(of: path.appending(part))?.kind == kind else { return false }
        }
        return true
    }

    private static func requireKnownForm(_ configuration: PlainConfiguration, at path: FilePath) throws(GitError) {
        let known = [("extensions.objectformat", "sha1"), ("extensions.refstorage", "files")]
        for (key, form) in known {
            guard let value = configuration[key], value.lowercased() != form else { continue }
            throw GitError(
                .invalid, "its \(key) is \(value), and only \(form) can be used", call: "open", subject: path.string
            )
        }
    }

    /// What a branch stands at now; nil where there is none of that name.
    ///
    /// - Throws: `corrupt` where its file holds no id, `invalid` where it leads to another branch.
    public func head(_ name: String) throws(GitError) -> ObjectID? {
        guard let bytes = try content(of: name) else { return try packedHead(name) }
        switch ReferenceReading.Content(bytes) {
        case .id(let id): return id
        case .symbolic(let other):
            throw GitError(.invalid, "it leads on to \(other)", call: "head", subject: path.appending(name).string)
        case .unreadable(let why):
            throw GitError(.corrupt, why, call: "head", subject: path.appending(name).string)
        }
    }

    /// Whether it has any branches at all.
    public func hasBranches() throws(GitError) -> Bool {
        try ReferenceNames(path: path).all().contains { $0.hasPrefix("refs/heads/") }
    }

    private func content(of name: String) throws(GitError) -> [UInt8]? {
        do throws(FileError) {
            return try FileSystem.readIfExists(path.appending(name), limit: 4096)
        } catch {
            guard error.code == .notRegular || error.code == .overLimit else {
                throw GitError(error, call: "head", subject: name)
            }
            throw GitError(.corrupt, "\(error)", call: "head", subject: path.appending(name).string)
        }
    }

    func packedHead(_ name: String) throws(GitError) -> ObjectID? {
        for line in try PackedReferences(at: path).lines {
            switch line.content {
            case .reference(name, let id): return id
            case .garbage:
                throw GitError(
                    .corrupt, "line \(line.number) is no reference", call: "head",
                    subject: path.appending("packed-refs").string)
            default: continue
            }
        }
        return nil
    }
}
