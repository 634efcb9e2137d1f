import CGit2
public import Files
import Synchronization
public import Trace

/// A bare repository.
///
/// May be used from any thread: libgit2's objects are behind a lock, and everything returned is a value. Calls
/// block. Readers that must not wait for one another open a repository each.
public final class Repository: Sendable {
    /// Where the repository is.
    public let path: FilePath
    /// Who wants to know what happens inside.
    let trace: Trace
    private let handles: Mutex<Handles>

    /// What libgit2 holds for one open repository. The database is freed before the repository that owns it.
    struct Handles: ~Copyable {
        let database: Handle<DatabaseHandle>
        let repository: Handle<RepositoryHandle>
    }

    /// Opens a bare repository.
    ///
    /// Neither the repository's owner nor the environment matters, and no configuration but the repository's own.
    ///
    /// - Throws: `notARepository` when there is none.
    ///
    /// - Parameter borrows: whether objects are also read from the folders that it names as lending them. A repository
    ///   that belongs to others must not be able to name folders of this computer.
    public init(at path: FilePath, borrows: Bool = true, trace: Trace = .off) throws(GitError) {
        try Libgit2.start()
        self.path = path
        self.trace = trace
        let handle = try Self.open(path)
        let database = try Self.openDatabase(of: path, borrows: borrows)
        try Libgit2.check(
            "git_repository_set_odb", about: path.string, git_repository_set_odb(handle.raw, database.raw))
        handles = Mutex(Handles(database: database, repository: handle))
    }

    /// Opens the objects alone, whatever has become of `HEAD`, the references and the configuration: for looking at
    /// what is damaged, or belongs to others. References and settings are not to be had from it.
    public init(objectsOf path: FilePath, borrows: Bool = true) throws(GitError) {
        try Libgit2.start()
        self.path = path
        trace = .off
        let database = try Self.openDatabase(of: path, borrows: borrows)
        let handle = try Handle<RepositoryHandle>("git_repository_wrap_odb", about: path.string) {
            git_repository_wrap_odb(&$0, database.raw)
        }
        handles = Mutex(Handles(database: database, repository: handle))
    }

    /// Which pack holds an object, and what loose objects say, is found out by us, for the reasons that `PackShelf` and
    /// `LooseReader` give. Borrowed folders come after the own one, of each kind: whoever reads through a repository that
    /// borrows nearly all finds it in a large pack as fast as in the lender, before any file is looked for.
    private static func openDatabase(
        of path: FilePath, borrows: Bool = true
    ) throws(GitError) -> Handle<DatabaseHandle> {
        let database = try Handle<DatabaseHandle>("git_odb_new") { git_odb_new(&$0) }
        let folders = try borrows ? ObjectFolders.all(of: path) : [path.appending("objects")]
        // There are none where the repository was taken away in this moment.
        let count = Int32(folders.count)
        for (folder, place) in zip(folders, 0...) {
            let rank = count - Int32(place)
            let shelf = PackShelf(folder: folder.appending("pack"))
            try add(PackBackend.make(.large, of: shelf), to: database, priority: 2 * count + rank)
            try add(LooseBackend.make(objects: folder), to: database, priority: count + rank)
            try add(PackBackend.make(.small, of: shelf), to: database, priority: rank)
        }
        return database
    }

    private static func add(
        _ backend: UnsafeMutablePointer<git_odb_backend>?, to database: borrowing Handle<DatabaseHandle>,
        priority: Int32
    ) throws(GitError) {
        let status = git_odb_add_backend(database.raw, backend, priority)
        // The database owns it only when it took it.
        if status < 0, let backend { backend.pointee.free(backend) }
        try Libgit2.check("git_odb_add_backend", status)
    }

    private static func open(_ path: FilePath) throws(GitError) -> Handle<RepositoryHandle> {
        do throws(GitError) {
            return try Handle("git_repository_open_bare", about: path.string) { pointer in
                path.withCString { git_repository_open_bare(&pointer, $0) }
            }
        } catch  where error.code == .notFound {
            throw GitError(
                .notARepository, "not a bare git repository", call: error.call, subject: path.string,
                status: error.status, category: error.category)
        }
    }

    /// Makes a bare repository, durably.
    ///
    /// What the template folder holds is copied in first, settings included, as `git init --template` does.
    ///
    /// - Throws: `exists` when there is a repository already.
    public static func create(
        at path: FilePath, template: FilePath? = nil, initialHead: String = "main"
    ) throws(GitError) {
        try Libgit2.start()
        var options = git_repository_init_options()
        try Libgit2.check(
            "git_repository_init_options_init",
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)))
        options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
            | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        if template != nil { options.flags |= GIT_REPOSITORY_INIT_EXTERNAL_TEMPLATE.rawValue }
        _ = try Handle<RepositoryHandle>("git_repository_init_ext", about: path.string) { pointer in
            path.withCString { place in
                initialHead.withCString { head in
                    options.initial_head = head
                    guard let template else { return git_repository_init_ext(&pointer, place, &options) }
                    return template.withCString { folder in
                        options.template_path = folder
                        return git_repository_init_ext(&pointer, place, &options)
                    }
                }
            }
        }
        // libgit2 flushes what it writes itself, but neither the template's copies nor the new folders.
        try GitError.translating("create", about: path.string) { () throws(FileError) in
            // libgit2 passes over it where its own lock cannot be removed, and git would wait for that for ever.
            _ = try FileSystem.remove(path.appending("HEAD.lock"))
            try FileSystem.syncFileSystem(containing: path)
        }
    }

    /// Lends libgit2's handles for one call that cannot be interrupted.
    func withHandles<R: Sendable>(_ body: (borrowing Handles) throws(GitError) -> R) throws(GitError) -> R {
        try handles.withLock { (handles) throws(GitError) -> R in try body(handles) }
    }

    /// Looks again at which packs and loose objects there are.
    ///
    /// Needed after new packs were published, for `contains`; reading an object that is not found does it itself.
    public func refresh() throws(GitError) {
        try withHandles { (handles) throws(GitError) in
            _ = try Libgit2.check("git_odb_refresh", about: path.string, git_odb_refresh(handles.database.raw))
        }
    }
}
