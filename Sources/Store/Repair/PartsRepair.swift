import Files
import Git

/// Mends the parts without which a store cannot be opened or its objects not be read: settings, `HEAD`, packed
/// references, packs, and objects' own files.
struct PartsRepair {
    private let repair: Repair
    private var path: FilePath { repair.path }

    init(_ repair: Repair) { self.repair = repair }

    func run(_ problems: [Problem]) throws {
        let lock = try Writer.acquireLock(of: path, repair.context)
        if Writer.Intent(note: try lock.note()) == .packedReferences {
            try Repository.clearDeadPackedReferencesLock(at: path)
            try lock.setNote([])
        }
        let temporary = try TemporaryDirectory(in: Store.temporaryParent(in: path))
        for problem in problems { try mendFile(problem, temporary, lock) }
        let repository = try Repository(objectsOf: path)
        for problem in problems { try mendPack(problem, repository, temporary) }
        try mendObjects(problems, repository, temporary)
        // Held to the end of this step, and let go of for the next, which takes it in the usual way.
        extendLifetime(lock)
    }

    private func mendFile(
        _ problem: Problem, _ temporary: TemporaryDirectory, _ lock: borrowing FileLock
    ) throws {
        switch problem.remedy {
        case .head:
            try Repository.mendHead(at: path, branch: Store.head)
            repair.note(problem, "it names \(Store.head) again")
        case .packedReferences:
            try mendPackedReferences(problem, lock)
        case .configuration:
            let lost = try Repository.mendConfiguration(
                at: path, adding: Self.settings, temporary: temporary, movingTo: repair.bad)
            repair.note(problem, "\(lost) lines were left out, all of it lies in lfs/bad")
        case .lock(let name): try removeLock(name, problem)
        default: break
        }
    }

    /// Says in the lock what it does, so that git's own lock does not stay if this program is killed.
    private func mendPackedReferences(_ problem: Problem, _ lock: borrowing FileLock) throws {
        let note = try lock.note()
        try lock.setNote(Writer.Intent.packedReferences.note)
        // What a dead writer left there the next one has still to see to.
        defer { try? lock.setNote(note) }
        let isDone = try Repository.mendPackedReferences(at: path)
        repair.note(problem, isDone ? "such lines were left out" : "another program has packed-refs locked")
    }

    /// What every store has in its settings, as its template lays it down.
    private static let settings = [
        Setting(name: "core.repositoryformatversion", value: "0"), Setting(name: "core.bare", value: "true"),
        Setting(name: "core.logallrefupdates", value: "always"), Setting(name: "gc.auto", value: "0"),
        Setting(name: "receive.autogc", value: "false"),
        Setting(name: "receive.denynonfastforwards", value: "true"),
        Setting(name: "receive.denydeletes", value: "true"),
    ]

    /// Only what is older than this run of the computer is surely nobody's; what a writer left by its own note the next
    /// writer clears.
    private func removeLock(_ name: FilePath, _ problem: Problem) throws {
        let lock = path.appending(name)
        guard let bootTime = repair.context.bootTime,
            let status = try FileSystem.statusIfExists(of: lock, followingLinks: false),
            status.changed.seconds < bootTime
        else { return }
        _ = try FileSystem.remove(lock)
        repair.note(problem, "it was removed")
    }

    private func mendPack(
        _ problem: Problem, _ repository: Repository, _ temporary: TemporaryDirectory
    ) throws {
        guard case .pack(let reading) = problem.remedy,
            let mending = try repository.mendPack(reading.name, temporary: temporary, movingTo: repair.bad)
        else { return }
        switch mending {
        case .indexed(let count): repair.note(problem, "the index of its \(count) objects was made anew")
        case .salvaged(let kept, let all):
            repair.note(
                problem,
                "\(kept) of its \(max(kept, all)) objects are kept in a new pack, the old one lies in lfs/bad")
        case .gone: repair.note(problem, "the index alone is of no use and lies in lfs/bad")
        }
    }

    /// Clears away damaged files of objects, and gets the objects from where else they may be.
    private func mendObjects(
        _ problems: [Problem], _ repository: Repository, _ temporary: TemporaryDirectory
    ) throws {
        let writer = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
        var wanted: [(problem: Problem, id: ObjectID)] = []
        for problem in problems {
            guard case .object(let id, _) = problem.remedy else { continue }
            if try repository.moveDamagedFile(of: id, to: repair.bad, writing: writer) {
                repair.note(problem, "the damaged file lies in lfs/bad")
            }
            wanted.append((problem, id))
        }
        guard !wanted.isEmpty else { return }
        try publish(writer, repository, temporary)
        let sources = ObjectSources(of: path, otherCopies: repair.means.otherCopies())
        for (problem, id) in wanted where (try? repository.readObject(id)) == nil {
            guard let found = sources.find(id) else { continue }
            try writer.write(found.kind, found.bytes)
            repair.note(problem, found.origin)
        }
        try publish(writer, repository, temporary)
    }

    private func publish(
        _ writer: ObjectWriter, _ repository: Repository, _ temporary: TemporaryDirectory
    ) throws {
        let batch = WriteBatch(temporary: temporary)
        try writer.finish(into: batch)
        try batch.commit()
        try repository.refresh()
    }
}

extension Problem {
    /// Whether it is one of what this step mends.
    var isOfParts: Bool {
        switch remedy {
        case .head, .packedReferences, .configuration, .lock, .pack, .object: true
        default: false
        }
    }
}
