public import Blobs
public import Files
public import Git

/// What a remote lacks of some versions: gathered, and not sent yet.
///
/// Not for two threads at once.
public final class Outgoing {
    /// How much it is.
    public let outcome: ObjectTransfer.Outcome
    /// The files that any of the versions names, and the one that it was made from does not.
    public let files: [Pointer]
    private let objects: ObjectWriter

    init(_ outcome: ObjectTransfer.Outcome, _ files: [Pointer], _ objects: ObjectWriter) {
        self.outcome = outcome
        self.files = files
        self.objects = objects
    }

    /// Adds the files that hold the objects to a batch, which gives them their names in the remote's folder.
    public func write(into batch: WriteBatch) throws(GitError) { try objects.finish(into: batch) }
}

extension Store {
    /// Gathers what a repository lacks of some versions.
    ///
    /// - Parameters:
    ///   - tips: what its branches stand at.
    ///   - temporary: where the objects are written meanwhile, on the repository's own disk.
    public func gather(
        _ heads: [Version], lackedBy target: Repository, standingAt tips: [ObjectID],
        temporary: TemporaryDirectory
    ) throws(StoreError) -> Outgoing {
        let objects = ObjectWriter(
            repository: target, temporary: temporary, checksExisting: false, looseLimit: Self.looseLimit(at: target)
        )
        let (outcome, files) = try gather(heads, lackedBy: target, standingAt: tips, by: objects)
        return Outgoing(outcome, files, objects)
    }

    /// Gathers what a repository lacks of some versions that cannot be looked into from here, as one pack.
    ///
    /// - Parameter tips: what its branches stand at, as far as that is known here.
    public func pack(_ heads: [Version], lackedByWhatStandsAt tips: [ObjectID]) throws(StoreError) -> PackedVersions
    {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        let objects = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
        let (outcome, files) = try gather(heads, lackedBy: repository, standingAt: tips, by: objects)
        let pack = try StoreError.wrapping("pack", "what the remote lacks") { () throws(GitError) in
            try objects.finishPack()
        }
        return PackedVersions(outcome: outcome, files: files, pack: pack, temporary: temporary)
    }

    /// Packs one file, for a reference that is to stand for it.
    public func pack(file bytes: [UInt8]) throws(StoreError) -> PackedFile {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        return try StoreError.wrapping("pack", "a file") { () throws(GitError) in
            let objects = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
            let id = try objects.write(blob: bytes)
            return PackedFile(id: id, pack: try objects.finishPack(), temporary: temporary)
        }
    }

    private func gather(
        _ heads: [Version], lackedBy target: Repository, standingAt tips: [ObjectID], by objects: ObjectWriter
    ) throws(StoreError) -> (ObjectTransfer.Outcome, [Pointer]) {
        var files: Set<Pointer> = []
        let outcome = try StoreError.wrapping("gather", "what the remote lacks") { () throws(GitError) in
            var transfer = ObjectTransfer(from: repository, to: target, known: tips, writer: objects) { _, bytes in
                guard bytes.count <= Pointer.sizeLimit, let pointer = Pointer.parse(bytes)?.pointer else { return }
                if !pointer.isEmpty { files.insert(pointer) }
            }
            return try transfer.bring(heads.map(\.id))
        }
        return (outcome, files.sorted { $0.oid < $1.oid })
    }

    /// A pack is written faster than files of their own, but one that is young is not put together with others at a remote.
    /// So only the first of a day are packs.
    private static func looseLimit(at target: Repository) -> Int {
        let packs = (try? target.packCount()) ?? Int.max
        return packs < packsOfPushes ? looseWhenMerged : ObjectWriter.looseLimit
    }

    /// Below the number at which packs are put together, which large pushes add to as well.
    private static let packsOfPushes = 40
}

/// What a remote lacks of some versions, as one pack that lies in a temporary directory for as long as this lives.
public struct PackedVersions: Sendable {
    /// How much it is.
    public let outcome: ObjectTransfer.Outcome
    /// The files that any of the versions names, and the one that it was made from does not.
    public let files: [Pointer]
    /// The pack; nil where nothing is lacking.
    public let pack: FilePath?
    private let temporary: TemporaryDirectory

    init(outcome: ObjectTransfer.Outcome, files: [Pointer], pack: FilePath?, temporary: TemporaryDirectory) {
        self.outcome = outcome
        self.files = files
        self.pack = pack
        self.temporary = temporary
    }
}

/// One file as a pack that lies in a temporary directory for as long as this lives.
public struct PackedFile: Sendable {
    /// The file's object.
    public let id: ObjectID
    /// The pack.
    public let pack: FilePath?
    private let temporary: TemporaryDirectory

    init(id: ObjectID, pack: FilePath?, temporary: TemporaryDirectory) {
        self.id = id
        self.pack = pack
        self.temporary = temporary
    }
}
