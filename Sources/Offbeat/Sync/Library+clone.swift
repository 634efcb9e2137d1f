import Blobs
public import Catalog
public import Files
public import Store
import Sync

/// What a clone is to be like.
public struct CloneRequest: Sendable {
    /// Where it comes from, as git writes it.
    public var url: String
    /// What a relative URL begins at.
    public var base: FilePath
    /// The git template that is laid down.
    public var template: FilePath?
    /// Who uses it: the person of that handle, made if there is none.
    public var handle: Handle?
    /// Which files it fetches; nil for all if they fit, else those that are pinned.
    public var content: ContentPolicy?
    /// Where git-lfs's server is, if git-lfs would not find it by itself.
    public var endpoint: String?
    /// Whether to make it even where a store does not belong.
    public var isInsisting = false

    /// Asks for a clone of what is at a URL.
    public init(of url: String, from base: FilePath) {
        self.url = url
        self.base = base
    }
}

/// What came of a clone.
public struct CloneOutcome: Sendable {
    /// The new library.
    public let library: Library
    /// How many tracks it holds.
    public let tracks: Int
    /// Files that came, and their bytes.
    public internal(set) var fetched = (files: 0, bytes: Int64(0))
    /// Files that are wanted and that the remote does not have, or not as they should be.
    public internal(set) var absent = 0
    /// Whether not all files would have fitted, so that only those of pinned tracks are fetched.
    public internal(set) var isTooLarge = false
}

extension Library {
    /// Makes a copy of a shared library on this computer, with the remote that it came from.
    public static func clone(
        _ request: CloneRequest, to path: FilePath, context: StoreContext, progress: Progress = .none
    ) throws(Failure) -> CloneOutcome {
        do {
            if !request.isInsisting { try Site(path).refuseUnsuitable() }
            let place = try place(of: request.url, from: request.base)
            let link = try link(cloning: place, context, progress)
            var settings: [String: String] = [:]
            settings[StoreSettings.Key.user.rawValue] = request.handle?.text
            settings[StoreSettings.Key.content.rawValue] = request.content?.rawValue
            let heads = try link.versions.heads()
            let seed = CloneSeed(template: request.template, settings: settings, endpoint: request.endpoint)
            let store = try link.versions.lend(heads, whole: true, in: path.parent) { objects in
                try Store.clone(
                    heads, of: objects, as: Remote(name: "origin", url: place.url), to: path, seed: seed,
                    context: context
                ) { store in
                    // Before anybody finds the store: it acts for this person.
                    if let handle = request.handle { try Library(store: store).addIfMissing(handle) }
                }
            }
            let library = Library(store: store)
            var outcome = CloneOutcome(library: library, tracks: try store.snapshot().trackCount())
            var wanted = try library.wantedFiles(at: place.url)
            if request.content == nil, try library.limitContent(unlessAllFits: wanted) {
                outcome.isTooLarge = true
                wanted = try library.wantedFiles(at: place.url)
            }
            // Where another place was named for files, the new store's settings say so.
            let files =
                try request.endpoint == nil ? link : library.link(to: library.remoteToSync(named: nil), progress)
            let (came, absent) = try library.fetch(wanted, from: files.files(of: store), at: place.url, progress)
            outcome.fetched = (came.files, came.bytes)
            outcome.absent = absent + came.damaged.count
            return outcome
        } catch { throw Failure(error) }
    }

    private static func link(
        cloning place: Place, _ context: StoreContext, _ progress: Progress
    ) throws -> RemoteLink {
        guard let folder = place.folder else {
            let remote = try networkRemote(at: place.url, called: "origin", context, store: nil, progress)
            return RemoteLink(to: remote, arriving: progress.arriving) { progress.isStopped }
        }
        return try RemoteLink(cloning: FolderRemote(at: folder))
    }

    /// A disk that all files would fill up gets only those that somebody asks for.
    private func limitContent(unlessAllFits wanted: WantedFiles) throws -> Bool {
        let bytes = wanted.files.reduce(0) { $0 + $1.size }
        if bytes <= (try FileSystem.freeSpace(at: path)) { return false }
        try settings.set(.content, to: ContentPolicy.pinned.rawValue)
        return true
    }

    private func addIfMissing(_ handle: Handle) throws {
        let snapshot = try store.snapshot()
        if try snapshot.people().contains(where: { $0.handle == handle }) { return }
        let nobody = Session(library: self, person: nil, sharing: try snapshot.info().sharing, isOneOfMany: false)
        _ = try nobody.addPerson(handle, name: nil, email: nil)
    }
}
