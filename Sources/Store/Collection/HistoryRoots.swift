import Files
import Git

/// Where the history of a repository hangs: everything by which git can still be asked for a version.
struct HistoryRoots {
    /// A place in a repository that names an object.
    struct Root {
        /// `refs/heads/main`, or the path of a reflog.
        let name: String
        let id: ObjectID
    }

    /// Branches, tags, what remotes were last seen at, `HEAD`, and those of other work trees.
    private(set) var references: [Root] = []
    /// What reflogs remember, most of it again and again.
    private(set) var remembered: [Root] = []

    private let repository: Repository
    private var path: FilePath { repository.path }

    /// Throws `.damaged` where one of them cannot be read.
    init(of repository: Repository) throws(StoreError) {
        self.repository = repository
        references = try StoreError.wrapping("read", "the branches of \(repository.path)") { () throws(GitError) in
            try repository.references().map { Root(name: $0.name, id: $0.id) }
        }
        let heads = try StoreError.wrapping("read", "HEAD") { () throws(GitError) in try repository.resolve("HEAD")
        }
        if let heads { references.append(Root(name: "HEAD", id: heads)) }
        do throws(FileError) { try addWorkTreesAndLogs() } catch { throw StoreError(error) }
    }

    private mutating func addWorkTreesAndLogs() throws(FileError) {
        try addLogs(in: "logs")
        for tree in try Self.names(in: path.appending("worktrees")) {
            let folder = FilePath("worktrees").appending(tree)
            let head = folder.appending("HEAD")
            if let id = ObjectID(hexBytes: (try text(of: head)).prefix(40)) {
                references.append(Root(name: head.string, id: id))
            }
            try addLogs(in: folder.appending("logs"))
        }
    }

    private mutating func addLogs(in folder: FilePath) throws(FileError) {
        guard FileSystem.exists(path.appending(folder)) else { return }
        let prefix = path.bytes.count + 1
        for item in DirectoryWalk(path.appending(folder)) {
            switch item {
            case .file(let file): try addLog(FilePath(bytes: file.bytes.dropFirst(prefix)))
            case .unreadable(_, let error): throw error
            case .other: break
            }
        }
    }

    /// Each line begins with two ids, from and to.
    private mutating func addLog(_ name: FilePath) throws(FileError) {
        var seen: Set<ObjectID> = [.zero]
        for line in try text(of: name).split(separator: UInt8(ascii: "\n")) {
            for start in [0, 41] {
                guard let id = ObjectID(hexBytes: line.dropFirst(start).prefix(40)), seen.insert(id).inserted else {
                    continue
                }
                remembered.append(Root(name: name.string, id: id))
            }
        }
    }

    private func text(of name: FilePath) throws(FileError) -> [UInt8] {
        try FileSystem.readIfExists(path.appending(name)) ?? []
    }

    private static func names(in folder: FilePath) throws(FileError) -> [FilePath] {
        guard FileSystem.exists(folder) else { return [] }
        return try FileSystem.list(folder).filter { $0.kind == .directory }.map(\.name)
    }

    /// The guests' stores over this one: each has branches and imports of its own.
    static func guests(of store: FilePath) throws(StoreError) -> [FilePath] {
        do throws(FileError) { return try ScratchFolder.stores(over: store) } catch { throw StoreError(error) }
    }
}
