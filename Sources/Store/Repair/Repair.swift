import Blobs
import Catalog
import Digest
public import Files
import Git

/// Mends what a check has found, and checks again: only what is seen to be mended counts as that.
///
/// First the files without which nothing can be opened, then the branch, then what the present version says and which
/// files are here. Each step holds the writer's lock, begins from what it finds, and takes nothing away before what
/// stands in its place is on the disk; so a repair that is cut off is finished by the next one. What is damaged is
/// moved to `lfs/bad` and never deleted.
final class Repair {
    let path: FilePath
    let context: StoreContext
    let request: CheckRequest
    let means: RepairMeans
    let watch: CheckWatch
    /// What was done about a problem, as the end of what is said of it.
    private var notes: [Problem.Key: String] = [:]
    /// The problems that a later check does not see any more though they are not mended.
    private var lost: Set<Problem.Key> = []
    /// The problems of parts that were seen to, each once.
    private var tried: Set<Problem.Key> = []

    init(at path: FilePath, context: StoreContext, request: CheckRequest, means: RepairMeans, watch: CheckWatch) {
        self.path = path
        self.context = context
        self.request = request
        self.means = means
        self.watch = watch
    }

    /// Where damaged things go.
    var bad: FilePath { Store.files(in: path).appending("bad") }

    func run() throws -> CheckReport {
        var last = try Store.check(at: path, request, context: context, watch: watch)
        guard !last.problems.isEmpty else { return last }
        var reports = [last]
        let checkAgain = {
            last = try self.checkAgain(after: reports)
            reports.append(last)
        }
        try mendParts(last: { last }, checkAgain)
        let store = try Store(at: path, context: context)
        try BranchRepair(self, store).run(last.problems)
        try checkAgain()
        // Only from the right version is it seen what that one lacks.
        try mendParts(last: { last }, checkAgain)
        try ContentRepair(self, store).run(last.problems)
        return merged(reports, last: try self.checkAgain(after: reports, isLast: true))
    }

    /// Mends parts until nothing new comes to light: behind an object that was missing, others may be.
    private func mendParts(last: () -> CheckReport, _ checkAgain: () throws -> Void) throws {
        while true {
            let new = last().problems.filter { $0.isOfParts && tried.insert($0.key).inserted }
            guard !new.isEmpty else { return }
            try PartsRepair(self).run(new)
            try checkAgain()
        }
    }

    /// Notes what was done about a problem.
    func note(_ problem: Problem, _ text: String) {
        notes[problem.key] = notes[problem.key].map { "\($0); \(text)" } ?? text
    }

    /// Notes that something is lost, which counts as not mended whatever a later check makes of it.
    func noteLoss(_ problem: Problem, _ text: String) {
        note(problem, text)
        lost.insert(problem.key)
    }

    /// Checks as asked for, but hashes only the files that were found damaged.
    private func checkAgain(after reports: [CheckReport], isLast: Bool = false) throws -> CheckReport {
        var request = request
        request.hashedAlone = Set(
            reports.flatMap(\.problems).compactMap {
                if case .file(let pointer) = $0.remedy { pointer.oid } else { nil }
            })
        let isJournalWrong = reports.last?.problems.contains { $0.remedy == .journal } ?? false
        request.isPatient = isLast || !isJournalWrong
        return try Store.check(at: path, request, context: context, watch: watch)
    }

    private func merged(_ reports: [CheckReport], last: CheckReport) -> CheckReport {
        let left = Set(last.problems.map(\.key)).union(lost)
        var seen: Set<Problem.Key> = []
        var merged = last
        merged.problems = (reports.flatMap(\.problems) + last.problems).filter { seen.insert($0.key).inserted }.map
        {
            var problem = $0
            problem.repaired = !left.contains(problem.key)
            let note = notes[problem.key] ?? (problem.repaired ? "mended" : "it could not be mended")
            problem.detail = "\(problem.statement); \(note)"
            return problem
        }
        merged.counts.hashed = reports[0].counts.hashed
        merged.counts.bytes = reports[0].counts.bytes
        return merged
    }
}

extension Store {
    /// Checks the store at a place and mends what can be mended, holding the writer's lock for it.
    ///
    /// Nothing that somebody made is given up silently: what is lost is told.
    public static func repair(
        at path: FilePath, _ request: CheckRequest, with means: RepairMeans, context: StoreContext,
        watch: CheckWatch = CheckWatch()
    ) throws -> CheckReport {
        try Repair(at: path, context: context, request: request, means: means, watch: watch).run()
    }
}
