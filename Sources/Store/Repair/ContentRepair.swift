import Blobs
import Catalog
import Files
import Git

/// Mends what the present version says, which files are here, the journal of them and the copy's own id: all that
/// changes the tree makes one version, of nobody's name, so that no undo takes it back.
struct ContentRepair {
    let repair: Repair
    let store: Store

    init(_ repair: Repair, _ store: Store) {
        self.repair = repair
        self.store = store
    }

    func run(_ problems: [Problem]) throws {
        try store.exclusively { writer in
            // First of all, since by it the next repair knows what this one has moved away if it is cut off.
            try mendJournal(problems)
            try FileRepair(repair, store).run(problems)
            try mendTree(problems, writer)
            for problem in problems where problem.remedy == .replica { try mendReplica(problem) }
        }
    }

    // MARK: The present version

    private func mendTree(_ problems: [Problem], _ writer: borrowing Writer) throws {
        let wanted = problems.filter(\.isOfTree)
        guard !wanted.isEmpty, let version = try? store.version(), let commit = try? store.commit(of: version)
        else { return }
        let temporary = try TemporaryDirectory(in: store.temporaryParent)
        let objects = ObjectWriter(repository: store.repository, temporary: temporary, checksExisting: false)
        let root = try salvage(commit.tree, of: version, wanted, objects, temporary)
        let base = Snapshot(version: version, root: root, repository: store.repository)
        let draft = Draft(
            base: base, replica: try Replica.load(in: store.path, context: store.context), context: store.context,
            writer: objects)
        let content = DraftRepair(repair, store, draft: draft, temporary: temporary)
        let batch = try store.blobs.beginBatch(temporary: temporary)
        for problem in wanted { try content.mend(problem, batch) }
        // Files first, then git's objects, then the head.
        try batch.commit()
        let mended = try draft.writeTrees(over: root, reading: store.repository)
        guard mended != commit.tree else { return }
        try publish(mended, over: version, draft, objects, temporary, writer)
    }

    /// Leaves out of a tree what cannot be read; what is made for that is readable when this returns.
    private func salvage(
        _ root: ObjectID, of version: Version, _ problems: [Problem], _ objects: ObjectWriter,
        _ temporary: TemporaryDirectory
    ) throws -> ObjectID {
        let damaged = problems.compactMap { problem -> (Problem, ObjectID)? in
            if case .object(let id, _) = problem.remedy { (problem, id) } else { nil }
        }
        guard !damaged.isEmpty else { return root }
        var salvage = TreeSalvage(from: version, in: store.repository, writing: objects)
        let mended = try salvage.mend(root) ?? objects.write(.tree, [])
        try store.persist(objects, replica: nil, temporary)
        for (problem, id) in damaged {
            repair.note(problem, salvage.outcomes[id] ?? "it is lost; the present version does not need it")
        }
        return mended
    }

    private func publish(
        _ root: ObjectID, over version: Version, _ draft: Draft, _ objects: ObjectWriter,
        _ temporary: TemporaryDirectory, _ writer: borrowing Writer
    ) throws {
        let author = store.signature(of: nil, at: try store.commitTime(after: version))
        let operation = Operation("Repair the library", by: nil)
        // Without a first stamp it is no operation of anybody's, so that an undo passes it over.
        let new = try store.commit(
            root, parents: [version], operation: operation, first: nil, author: author, objects)
        try store.persist(objects, replica: draft.replica, temporary)
        try writer.advance(from: version, to: new, because: operation.subject, by: author)
    }

    // MARK: The journal and the replica

    private func mendJournal(_ problems: [Problem]) throws {
        let wanted = problems.filter { $0.remedy == .journal }
        guard !wanted.isEmpty else { return }
        try store.blobs.journal.rebuild()
        for problem in wanted { repair.note(problem, "it was made anew from the files") }
    }

    private func mendReplica(_ problem: Problem) throws {
        let replica = try Replica.load(in: store.path, context: store.context)
        try FileSystem.replaceAtomically(Replica.file(in: store.path), with: replica.encoded)
        repair.note(problem, "its id is \(replica.id) now")
    }
}

extension Problem {
    /// Whether mending it changes the tree of the present version.
    fileprivate var isOfTree: Bool {
        switch remedy {
        case .object, .pointer, .rawFile, .attributes, .facts, .storeRecord: true
        default: false
        }
    }
}
