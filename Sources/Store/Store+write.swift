public import Catalog
import Files
import Git
import Trace

/// Why a version is made, and by whom.
public struct Operation: Sendable {
    /// What was done, in plain words: the first line of the commit.
    public var subject: String
    /// Who did it; nobody, where the store has no people yet.
    public var person: Person?
    /// The operation that it takes back, if it is an undo.
    var undoes: Stamp?
    /// The version of a scratch store whose work it takes in, and the replica by which that was stamped.
    var absorbs: (version: Version, replica: ReplicaID)?

    /// Describes an operation.
    public init(_ subject: String, by person: Person?) {
        self.subject = subject
        self.person = person
    }

    /// The subject on one line: a title with line ends in it must not pass for a trailer.
    var line: String {
        String(subject.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }
}

extension Store {
    /// Makes a new version: runs the edit on a draft of the head, commits what it changed and takes the door.
    ///
    /// An edit that changes nothing makes no version and gives the current one. Whatever the edit throws leaves the
    /// store as it was, and so does a file that is gone though the edit names it (`.fileGone`). The subject may be
    /// decided by the edit, which knows what came of it.
    @discardableResult
    public func write(
        by person: Person?, _ edit: (Draft) throws -> String
    ) throws -> Version {
        try write { draft in Operation(try edit(draft), by: person) }
    }

    /// Makes a new version; which operation it is, the edit decides.
    func write(_ edit: (Draft) throws -> Operation) throws -> Version {
        try context.trace.measure(.store, "wrote a version") { try makeVersion(edit) }
    }

    private func makeVersion(_ edit: (Draft) throws -> Operation) throws -> Version {
        try exclusively { writer in
            let base = try writer.snapshot()
            let temporary = try wrappingFiles { () throws(FileError) in
                try TemporaryDirectory(in: temporaryParent)
            }
            // Nearly all of it is new, and asking costs more than writing an object twice: with many packs, far more.
            let objects = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
            let replica = try wrappingFiles { () throws(FileError) in
                try Replica.load(in: path, home: home, context: context)
            }
            let draft = Draft(base: base, replica: replica, context: context, writer: objects)
            let operation = try edit(draft)
            if draft.isEmpty { return base.version }
            try requireQuota(for: draft)
            try writer.requireFiles(of: draft, temporary)
            let root = try draft.writeTrees(over: base.root, reading: repository)
            if root == base.root { return base.version }
            // By its first stamp an operation is known; one that only removes has given none yet.
            let first = draft.firstStamp ?? draft.stamp()
            let author = signature(of: operation.person, at: try commitTime(after: base.version))
            let version = try commit(
                root, parents: [base.version], operation: operation, first: first, author: author, objects)
            try persist(objects, replica: draft.replica, temporary, removing: draft.onlyRemoves)
            try writer.advance(from: base.version, to: version, because: operation.subject, by: author)
            consolidate(temporary, addedPacks: objects.packsWritten > 0)
            return version
        }
    }

    /// Puts small packs and loose objects together where they have become many. The change is made already, so a
    /// failure here is no failure of it; the next writer tries again.
    ///
    /// Who adds a pack clears up behind itself. Who adds a few loose objects leaves the packs of others alone, up to as
    /// many as there may be loose objects: finding things among them costs little (`PackShelf`), and one small change
    /// should not pay for a thousand pushes.
    func consolidate(_ temporary: TemporaryDirectory, addedPacks: Bool) {
        let limit = addedPacks ? Self.packLimit : Self.looseLimit
        context.trace.measure(.git, "looked for packs to put together") {
            guard (try? repository.mayNeedConsolidation(packLimit: limit, looseLimit: Self.looseLimit)) ?? true
            else {
                return
            }
            _ = try? repository.consolidate(temporary: temporary, packLimit: limit, looseLimit: Self.looseLimit)
        }
    }

    private static let packLimit = 50
    private static let looseLimit = 2000

    /// Writes a commit object; nothing names it yet.
    func commit(
        _ root: ObjectID, parents: [Version], operation: Operation, first: Stamp?, author: Signature,
        _ objects: ObjectWriter
    ) throws(StoreError) -> Version {
        let trailers = [
            first.flatMap { Trailer(key: Trailer.operation, value: $0.description) },
            operation.person.flatMap { Trailer(key: Trailer.person, value: $0.id.description) },
            operation.undoes.flatMap { Trailer(key: Trailer.undoes, value: $0.description) },
            operation.absorbs.flatMap {
                Trailer(key: Trailer.absorbs, value: "\($0.version.id.hex) \($0.replica)")
            },
        ]
        let message = Trailer.adding(trailers.compactMap { $0 }, to: operation.line + "\n")
        let commit = Commit(
            tree: root, parents: parents.map(\.id), author: author, committer: author, message: message)
        return try StoreError.wrapping("write", "the commit") { () throws(GitError) in
            Version(try objects.write(.commit, commit.encoded()))
        }
    }

    /// Makes objects durable and gives them their names, and remembers the clock. The ref comes after.
    ///
    /// - Parameter isRemoval: whether the version only removes, as one may whose quota is used up.
    func persist(
        _ objects: ObjectWriter, replica: Replica?, _ temporary: TemporaryDirectory,
        removing isRemoval: Bool = false
    ) throws(StoreError) {
        let batch = WriteBatch(temporary: temporary)
        try StoreError.wrapping("write", "git objects") { () throws(GitError) in try objects.finish(into: batch) }
        if !isRemoval { try requireQuota(for: objects) }
        try wrappingFiles { () throws(FileError) in
            if let replica {
                let file = temporary.newPath()
                let descriptor = try FileDescriptor.open(file, .write, create: .exclusive, mode: 0o644)
                try descriptor.write(all: replica.encoded)
                try batch.add(descriptor, at: file, to: Replica.file(in: path), mode: 0o644, replacing: true)
            }
            try context.trace.measure(.files, "made objects and clock durable") { () throws(FileError) in
                try batch.commit()
            }
        }
        try StoreError.wrapping("read", "git objects") { () throws(GitError) in try repository.refresh() }
    }

    /// The later of now and the parent's time; a parent more than a day ahead is not believed.
    func commitTime(after parent: Version) throws(StoreError) -> Int64 {
        let now = Int64(context.now() / 1000)
        let parent = try commit(of: parent).committer.seconds
        return parent > now && parent - now <= 86_400 ? parent : now
    }

    /// Whom git's history names.
    func signature(of person: Person?, at seconds: Int64) -> Signature {
        let offset = context.utcOffset(UInt64(max(0, seconds)) * 1000)
        guard let person else {
            return Signature(name: "Offbeat", email: "offbeat@invalid", seconds: seconds, offsetMinutes: offset)
        }
        let email = person.email ?? "\(person.handle?.text ?? person.id.hex)@invalid"
        let name = person.name ?? person.handle?.text ?? person.id.hex
        return Signature(name: name, email: email, seconds: seconds, offsetMinutes: offset)
    }

    func wrappingFiles<R: ~Copyable>(_ step: () throws(FileError) -> R) throws(StoreError) -> R {
        do { return try step() } catch { throw StoreError(error) }
    }
}
