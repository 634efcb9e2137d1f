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
        let first = try Store.check(at: path, request, context: context, watch: watch)
        guard !first.problems.isEmpty else { return first }
        try PartsRepair(self).run(first.problems)
        let second = try checkAgain(after: [first])
        let store = try Store(at: path, context: context)
        try BranchRepair(self, store).run(second.problems)
        let third = try checkAgain(after: [first, second])
        try ContentRepair(self, store).run(third.problems)
        return merged([first, second, third], last: try checkAgain(after: [first, second, third]))
    }

    /// Notes what was done about a problem.
    func note(_ problem: Problem, _ text: String) {
        notes[problem.key] = notes[problem.key].map { "\($0); \(text)" } ?? text
    }

    /// Checks as asked for, but hashes only the files that were found damaged.
    private func checkAgain(after reports: [CheckReport]) throws -> CheckReport {
        var request = request
        request.hashedAlone = Set(
            reports.flatMap(\.problems).compactMap {
                if case .file(let pointer) = $0.remedy { pointer.oid } else { nil }
            })
        return try Store.check(at: path, request, context: context, watch: watch)
    }

    private func merged(_ reports: [CheckReport], last: CheckReport) -> CheckReport {
        let left = Set(last.problems.map(\.key))
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
