import Blobs
public import Catalog
public import Files
import Git

/// What a new store starts with.
public struct StoreSeed: Sendable {
    /// The library's name.
    public var name: String
    /// Who sees what.
    public var sharing: Sharing
    /// The first person's handle, if there is one.
    public var handle: Handle?
    /// The git template that is laid down.
    public var template: FilePath?
    /// Settings of this computer that it has from the beginning, by name.
    public var settings: [String: String] = [:]

    /// Describes a new store.
    public init(name: String, sharing: Sharing = .everyone, handle: Handle? = nil, template: FilePath? = nil) {
        self.name = name
        self.sharing = sharing
        self.handle = handle
        self.template = template
    }
}

extension Store {
    /// Makes a store at a place that does not exist, or is an empty directory.
    ///
    /// Throws `.exists` for a place that is taken, and `.notFound` for a template that is not there. All of it is built
    /// aside and then moved into place, so a creation that is cut off leaves no half store.
    public static func create(
        at path: FilePath, seed: StoreSeed, context: StoreContext
    ) throws -> (store: Store, person: Person?) {
        if let template = seed.template, !FileSystem.exists(template) {
            throw StoreError(.notFound, "there is no template at \(template)", hint: "name another with --template")
        }
        let site = try BuildingSite(for: path)
        try StoreError.wrapping("create", path.string) { () throws(GitError) in
            try Repository.create(at: site.building, template: seed.template, initialHead: "main")
        }
        _ = try BlobStore.create(at: files(in: site.building))
        let store = try Store(at: site.building, context: context)
        let person = try lay(seed, in: store, home: site.home)
        for (name, value) in seed.settings { try store.set(name, to: value) }
        try site.moveIn()
        return (try Store(at: path, context: context), person)
    }

    /// Makes the first version.
    private static func lay(_ seed: StoreSeed, in store: Store, home: FilePath) throws -> Person? {
        let temporary = try TemporaryDirectory(in: store.temporaryParent)
        let objects = ObjectWriter(repository: store.repository, temporary: temporary)
        let replica = try Replica.load(in: store.path, home: home, context: store.context)
        let draft = Draft(
            base: Snapshot.empty(in: store.repository), replica: replica, context: store.context,
            writer: objects)
        let stamp = draft.stamp()
        try draft.put(
            StoreRecord(id: draft.newID(), name: seed.name, sharing: seed.sharing, created: stamp))
        try draft.putAttributes()
        let person = seed.handle.map {
            Person(id: draft.newID(), handle: $0, created: draft.stamp())
        }
        if let person { try draft.put(person) }
        let root = try draft.writeTrees(over: nil, reading: store.repository)
        let author = store.signature(of: person, at: Int64(store.context.now() / 1000))
        let operation = Operation("Create the library \(seed.name)", by: person)
        let version = try store.commit(
            root, parents: [], operation: operation, first: draft.firstStamp, author: author, objects)
        try store.persist(objects, replica: draft.replica, temporary)
        try store.exclusively { writer in
            try writer.advance(from: nil, to: version, because: operation.subject, by: author)
        }
        return person
    }
}

extension Snapshot {
    /// What a draft of the very first version starts from: the tree without entries, which git knows unwritten.
    static func empty(in repository: Repository) -> Snapshot {
        Snapshot(version: Version(.zero), root: ObjectID(ofTree: []), repository: repository)
    }
}
