import Files
import Git

/// Brings the branch, and other references, back to a version that can be read.
struct BranchRepair {
    private let repair: Repair
    private let store: Store

    init(_ repair: Repair, _ store: Store) {
        self.repair = repair
        self.store = store
    }

    /// Taking the lock clears what dead writers left, whatever else there is to do.
    func run(_ problems: [Problem]) throws {
        try store.exclusively { writer in
            for problem in problems {
                if case .reference(let name) = problem.remedy { try attempt(name, problem, writer) }
            }
            try mendHead(problems, writer)
        }
    }

    /// The branch may be sound, and what it names be damaged.
    private func mendHead(_ problems: [Problem], _ writer: borrowing Writer) throws {
        guard let id = try? store.repository.resolve(Store.head), !isReadable(id) else { return }
        let tree = try? store.repository.readCommit(id).tree
        let problem = problems.first {
            if case .object(let damaged, _) = $0.remedy { damaged == id || damaged == tree } else { false }
        }
        if let problem { try attempt(Store.head, problem, writer) }
    }

    /// What git cannot do to one reference keeps nothing else from being mended.
    private func attempt(_ name: String, _ problem: Problem, _ writer: borrowing Writer) throws {
        do { try mend(name, problem, writer) } catch let error as GitError where error.code == .corrupt {
            repair.note(problem, "it could not be moved: \(error.message)")
        }
    }

    private func mend(_ name: String, _ problem: Problem, _ writer: borrowing Writer) throws {
        let file = repair.path.appending(name)
        let old: ObjectID?
        do throws(GitError) { old = try store.repository.resolve(name) } catch {
            // What holds no id cannot be compared with, and libgit2 would not replace it.
            try FileSystem.moveAside(file, to: repair.bad)
            old = try store.repository.resolve(name)
        }
        if let old, isReadable(old) { return repair.note(problem, "it is at \(Version(old).short) again") }
        let logged = try store.repository.logged(name)
        guard let choice = try logged.first(where: isReadable) ?? (name == Store.head ? newest() : nil) else {
            return repair.note(problem, "no version that it may have been at can be read")
        }
        try move(name, from: old, to: choice, writer)
        let lost = logged.prefix { $0 != choice }.filter { !isReadable($0) }
        repair.note(problem, Self.words(name, choice, lost: lost, isLogged: logged.contains(choice)))
    }

    private static func words(_ name: String, _ choice: ObjectID, lost: [ObjectID], isLogged: Bool) -> String {
        let why = isLogged ? "the latest in its log that can be read" : "the latest version that can be found"
        let list = lost.prefix(5).map { Version($0).short }.joined(separator: ", ")
        let loss =
            lost.isEmpty
            ? ""
            : "; what \(lost.count == 1 ? "version" : "versions") \(list)\(lost.count > 5 ? " and more" : "") changed is lost"
        return "\(name) is at \(Version(choice).short) now, \(why)\(loss)"
    }

    private func move(_ name: String, from old: ObjectID?, to new: ObjectID, _ writer: borrowing Writer) throws {
        let author = store.signature(of: nil, at: Int64(store.context.now() / 1000))
        let reason = "repair: back to what can be read"
        let (from, to) = (old.map(Version.init), Version(new))
        switch name {
        case Store.head: try writer.advance(from: from, to: to, because: reason, by: author)
        case Store.analyses: try writer.moveAnalyses(from: from, to: to, because: reason, by: author)
        default: try store.repository.moveReference(name, from: old, to: new, message: reason, by: author)
        }
    }

    private func isReadable(_ id: ObjectID) -> Bool {
        guard let commit = try? store.repository.readCommit(id) else { return false }
        return (try? store.repository.readTree(commit.tree)) != nil
    }

    /// The latest version of a library that is stored, whether or not anything names it.
    private func newest() throws -> ObjectID? {
        var best: (id: ObjectID, seconds: Int64)?
        for id in try store.repository.storedObjects(of: .commit) {
            guard let commit = try? store.repository.readCommit(id),
                let tree = try? store.repository.readTree(commit.tree),
                EntryName("offbeat.json").flatMap({ tree[$0] }) != nil
            else { continue }
            let seconds = commit.committer.seconds
            // Of two of one second it is the one that came from the other.
            if let found = best, found.seconds > seconds || found.seconds == seconds && !leads(id, to: found.id) {
                continue
            }
            best = (id, seconds)
        }
        return best?.id
    }

    private func leads(_ id: ObjectID, to ancestor: ObjectID) -> Bool {
        (try? store.repository.isAncestor(ancestor, of: id)) ?? false
    }
}
