import Files
import Git
import Store

/// Brings objects to a remote that it lacks, puts damaged ones aside, and gives branches their versions again.
struct RemotePartsRepair {
    private let repair: RemoteRepair
    private let look: RemoteInspection
    private let temporary: TemporaryDirectory
    private let sources: [Repository]
    private var check: RemoteCheck { repair.check }
    private var objects: Repository { check.repository.objects }

    /// - Parameter look: the look at the remote that found what is to be mended.
    init(_ repair: RemoteRepair, _ look: RemoteInspection, _ temporary: TemporaryDirectory) {
        self.repair = repair
        self.look = look
        self.temporary = temporary
        sources =
            [repair.check.store.path].compactMap { try? Repository(objectsOf: $0) }
            + repair.means.otherCopies.compactMap { try? Repository(objectsOf: $0, borrows: false) }
    }

    func run(_ findings: [RemoteFinding]) throws {
        try mendObjects(findings)
        for finding in findings {
            if case .pack(let name) = finding.remedy { try mendPack(name, finding) }
        }
        for finding in findings {
            switch finding.remedy {
            case .head: try mendHead(finding)
            case .branch(let name): try mendBranch(name, finding)
            default: break
            }
        }
    }

    // MARK: Objects

    /// What can be had is written before anything is taken away.
    private func mendObjects(_ findings: [RemoteFinding]) throws {
        let wanted = findings.compactMap { finding in
            if case .object(let id) = finding.remedy { (finding, id) } else { nil }
        }
        guard !wanted.isEmpty else { return }
        let lacking = try bring(wanted.map(\.1))
        let writer = objectWriter()
        for (finding, id) in wanted {
            if try objects.moveDamagedFile(of: id, to: repair.bad, writing: writer, modes: repair.modes) {
                repair.note(finding, "the damaged file lies in lfs/bad at the remote")
            }
            repair.note(
                finding,
                lacking.contains(id)
                    ? "it is not here either: say that on the laptop that pushed it" : "it was brought again")
        }
        try publish(writer)
    }

    /// Brings versions, or parts of them, with all that they lead to; answers what is nowhere to be had.
    private func bring(_ ids: [ObjectID]) throws -> Set<ObjectID> {
        let writer = objectWriter()
        var patch = ObjectPatch(of: objects, from: sources, writer: writer)
        try patch.bring(ids, endingAt: look.isBelieved)
        try publish(writer)
        return patch.lacking
    }

    /// As one pack, whatever their number: a file of its own might lie there already, damaged.
    private func objectWriter() -> ObjectWriter {
        ObjectWriter(repository: objects, temporary: temporary, checksExisting: false, looseLimit: 0)
    }

    private func publish(_ writer: ObjectWriter) throws {
        let batch = WriteBatch(temporary: temporary, modes: repair.modes, inside: check.path)
        try writer.finish(into: batch)
        try batch.commit()
        try objects.refresh()
    }

    private func mendPack(_ name: String, _ finding: RemoteFinding) throws {
        let mending = try objects.mendPack(name, temporary: temporary, movingTo: repair.bad, modes: repair.modes)
        switch mending {
        case .indexed(let count): repair.note(finding, "the index of its \(count) objects was made anew")
        case .salvaged(let kept, let all):
            repair.note(
                finding,
                "\(kept) of its \(max(kept, all)) objects are kept in a new pack, the old one lies in lfs/bad at the remote"
            )
        case .gone: repair.note(finding, "it is of no use and lies in lfs/bad at the remote")
        case nil: break
        }
    }

    // MARK: Branches

    private func mendHead(_ finding: RemoteFinding) throws {
        let draft = temporary.newPath()
        let file = try FileDescriptor.open(draft, .write, create: .exclusive)
        try file.write(all: Array("ref: \(RemoteCheck.main)\n".utf8))
        let batch = WriteBatch(temporary: temporary, modes: repair.modes, inside: check.path)
        try batch.add(file, at: draft, to: check.path.appending("HEAD"), mode: 0o644, replacing: true)
        try batch.commit()
        repair.note(finding, "it names \(RemoteCheck.main) again")
    }

    /// A branch gets back what it was last seen at, or what was pushed there since and still lies there.
    private func mendBranch(_ name: String, _ finding: RemoteFinding) throws {
        let seen = name == RemoteCheck.main ? look.seen.main : look.seen.analyses
        guard let seen else {
            return repair.note(finding, "where it stood was never seen here: \(Self.byHand(name))")
        }
        let stored = try objects.storedObjects(of: .commit)
        guard try stored.contains(where: { try isPart($0, of: seen) }) else {
            return repair.note(
                finding,
                "no version of this store lies there any more: if the remote was made anew on purpose, "
                    + "`offbeat remote rm \(check.name)` and `offbeat remote add` make it known")
        }
        let choices = try latest(of: stored, after: seen)
        guard let choice = choices.first, choices.count == 1 else {
            let list = choices.prefix(5).map { Version($0).short }.joined(separator: ", ")
            return repair.note(
                finding, "several versions may have been pushed there last, \(list): \(Self.byHand(name))")
        }
        guard try bring([choice]).isEmpty else {
            return repair.note(
                finding, "not all of version \(Version(choice).short) is here: say that on another laptop")
        }
        do throws(GitError) {
            try check.repository.restore(
                name, to: choice, movingTo: repair.bad, temporary: temporary, modes: repair.modes)
        } catch {
            guard error.code == .moved else { throw error }
            return repair.note(finding, "somebody else has moved it meanwhile")
        }
        let why = choice == seen ? "where it was last seen" : "the latest version that lies there"
        repair.note(finding, "it is at \(Version(choice).short) again, \(why)")
    }

    private static func byHand(_ name: String) -> String {
        "`git update-ref \(name) VERSION` there says which it is"
    }

    /// Whether one version led to another, or is it, as far as is known here.
    private func isPart(_ id: ObjectID, of later: ObjectID) throws -> Bool {
        try check.store.leads(from: Version(id), to: Version(later))
    }

    /// Those of the stored versions that lead on from one and from which no other leads on; that one itself, if there are
    /// none.
    private func latest(of stored: [ObjectID], after seen: ObjectID) throws -> [ObjectID] {
        let later = try stored.filter { try !isPart($0, of: seen) && leads(from: seen, to: $0) }
        let last = later.filter { id in !later.contains { $0 != id && leads(from: id, to: $0) } }
        return last.isEmpty ? [seen] : last
    }

    /// Where the history there is damaged, nothing leads on.
    private func leads(from earlier: ObjectID, to later: ObjectID) -> Bool {
        (try? objects.isAncestor(earlier, of: later)) ?? false
    }
}
