public import Files
import Trace

/// Collects the new objects of one command, and writes them into the caller's one flush.
///
/// A few objects become loose files. Many become one pack, which is streamed into a temporary file as they come,
/// so memory holds little more than their ids. Nothing is visible to anyone before the batch is published, and
/// nothing of it is read by this process before `Repository.refresh()`.
///
/// Not for two threads at once.
public final class ObjectWriter {
    /// Up to so many objects are written as loose files, beyond that as a pack. With the limits at which stores
    /// are consolidated (50 packs, 2,000 loose objects) either way fills up about as fast.
    public static let looseLimit = 40
    /// As many objects, or bytes of them, are held in memory before a pack is begun on disk.
    private static let memoryLimit = (objects: 256, bytes: 4 << 20)

    private let repository: Repository
    private let temporary: TemporaryDirectory
    private let checksExisting: Bool
    private let looseLimit: Int
    private let naming = ObjectNaming()
    private var known: Set<ObjectID> = []
    private var held: [PendingObject] = []
    private var heldBytes = 0
    private var pack: PackWriter?

    /// How many objects were new and have been, or will be, written.
    public private(set) var objectsWritten = 0
    /// How many bytes the files of `finish` have, index included.
    public private(set) var bytesWritten = 0
    /// How many packs `finish` added to the repository.
    public private(set) var packsWritten = 0

    /// Prepares to write objects for this repository, with half-written files in `temporary`.
    ///
    /// - Parameter checksExisting: whether objects that the repository has are left out. Asking costs a look at
    ///   each pack and at a file for every object, so an import of what cannot be there says no.
    /// - Parameter looseLimit: with more objects than this a pack is made of them.
    public init(
        repository: Repository, temporary: TemporaryDirectory, checksExisting: Bool = true,
        looseLimit: Int = ObjectWriter.looseLimit
    ) {
        self.repository = repository
        self.looseLimit = looseLimit
        self.temporary = temporary
        self.checksExisting = checksExisting
    }

    /// Takes an object in, unless it is known already, and tells its id.
    @discardableResult
    public func write(_ kind: ObjectKind, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        let id = naming.id(of: kind, bytes)
        guard known.insert(id).inserted else { return id }
        if checksExisting, repository.contains(id) { return id }
        objectsWritten += 1
        let object = PendingObject(id: id, kind: kind, bytes: bytes)
        if let pack {
            try pack.add(object)
        } else {
            held.append(object)
            heldBytes += bytes.count
            if held.count > Self.memoryLimit.objects || heldBytes > Self.memoryLimit.bytes { try beginPack() }
        }
        return id
    }

    /// Takes a file in.
    @discardableResult
    public func write(blob bytes: [UInt8]) throws(GitError) -> ObjectID { try write(.blob, bytes) }

    /// Takes a folder in.
    @discardableResult
    public func write(_ tree: Tree) throws(GitError) -> ObjectID { try write(.tree, tree.encoded()) }

    /// Takes a commit in.
    @discardableResult
    public func write(_ commit: Commit) throws(GitError) -> ObjectID { try write(.commit, commit.encoded()) }

    /// Adds the files of all objects to the batch, which the caller then flushes and publishes.
    ///
    /// The writer is empty afterwards and may be used for more. After the batch is published,
    /// `Repository.refresh()` lets the objects be found.
    public func finish(into batch: WriteBatch) throws(GitError) {
        if pack == nil, held.count > looseLimit { try beginPack() }
        let form = pack == nil ? "each as a file" : "as a pack"
        let count = pack?.count ?? held.count
        try repository.trace.measure(.git, "wrote \(count) objects \(form)") { () throws(GitError) in
            try writeFiles(into: batch)
        }
    }

    /// Puts all objects into one pack in the temporary directory, to be sent somewhere, and tells where it is; nil where there
    /// are none. The writer is empty afterwards and may be used for more.
    public func finishPack() throws(GitError) -> FilePath? {
        guard pack != nil || !held.isEmpty else { return nil }
        if pack == nil { try beginPack() }
        let path = try pack?.finish()
        pack = nil
        return path
    }

    private func writeFiles(into batch: WriteBatch) throws(GitError) {
        if let pack {
            bytesWritten += try pack.finish(into: batch, in: repository.packsPath).size
            packsWritten += 1
        } else {
            let loose = LooseWriter(objects: repository.objectsPath, temporary: temporary)
            for object in held { bytesWritten += try loose.add(object, to: batch) }
        }
        pack = nil
        held = []
        heldBytes = 0
    }

    private func beginPack() throws(GitError) {
        let pack = try PackWriter(temporary: temporary)
        for object in held { try pack.add(object) }
        held = []
        heldBytes = 0
        self.pack = pack
    }
}
