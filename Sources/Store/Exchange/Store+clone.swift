import Blobs
public import Files
public import Git

extension Store {
    /// Makes a store at a place with all versions that a remote holds; files are still to be fetched.
    ///
    /// All of it is built aside and then moved into place, so what is cut off leaves no half store.
    ///
    /// - Parameter furnish: what is still to be done with it before it appears at its place.
    /// - Throws: `.exists` for a place that is taken; what ``receive(_:from:)`` throws of what arrives.
    public static func clone(
        _ heads: RemoteHeads, of source: Repository, as remote: Remote, to path: FilePath, seed: CloneSeed,
        context: StoreContext, furnish: (Store) throws -> Void = { _ in }
    ) throws -> Store {
        guard let main = heads.main else {
            throw StoreError(
                .refused, "nothing was ever pushed to \(remote.url)", hint: "clone it when something was")
        }
        let site = try BuildingSite(for: path)
        try StoreError.wrapping("create", path.string) { () throws(GitError) in
            try Repository.create(at: site.building, template: seed.template, initialHead: "main")
        }
        _ = try BlobStore.create(at: files(in: site.building))
        let store = try Store(at: site.building, home: site.home, context: context)
        do throws(GitError) { try store.repository.fill(from: source) } catch {
            throw cannotFetch(from: remote.url, error)
        }
        try store.checkArrival(Version(main), over: nil)
        if let analyses = heads.analyses { try store.checkAnalysesArrival(Version(analyses), over: nil) }
        try store.begin(at: heads, of: remote)
        try store.put(remote, endpoint: seed.endpoint)
        for (name, value) in seed.settings { try store.set(name, to: value) }
        try furnish(store)
        try site.moveIn()
        return try Store(at: path, context: context)
    }

    /// Lets the branches begin where those of the remote are.
    private func begin(at heads: RemoteHeads, of remote: Remote) throws {
        let temporary = try TemporaryDirectory(in: temporaryParent)
        let replica = try Replica.load(in: path, home: home, context: context)
        try persist(ObjectWriter(repository: repository, temporary: temporary), replica: replica, temporary)
        let author = signature(of: nil, at: Int64(context.now() / 1000))
        try StoreError.wrapping("make", "the branches") { () throws(GitError) in
            if let analyses = heads.analyses {
                try repository.note(Self.analyses, at: analyses, temporary: temporary)
            }
        }
        guard let main = heads.main else { return }
        try exclusively { writer in
            try writer.advance(from: nil, to: Version(main), because: "clone \(remote.url)", by: author)
        }
        try remember(heads, of: remote.name)
    }
}

/// What a clone gets on this computer beside what it copies.
public struct CloneSeed: Sendable {
    /// The git template that is laid down.
    public var template: FilePath?
    /// Settings of this computer, by name.
    public var settings: [String: String]
    /// Where git-lfs's server is, if git-lfs would not find it by itself.
    public var endpoint: String?

    /// Describes it.
    public init(template: FilePath? = nil, settings: [String: String] = [:], endpoint: String? = nil) {
        self.template = template
        self.settings = settings
        self.endpoint = endpoint
    }
}
