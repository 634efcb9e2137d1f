public import Blobs
import Store

/// What a round would do; the files that would go are in the report.
public struct RoundPlan: Sendable {
    /// What would become of the versions.
    public internal(set) var report: RoundReport
    /// The files that the new head would name and that are not here.
    public internal(set) var lacking: [Pointer] = []
}

extension Round {
    /// Finds out what ``run()`` would do. What is new at the remote is brought here, since nobody can tell otherwise; but no
    /// branch moves, here or there.
    public consuming func plan() throws -> RoundPlan {
        let (theirs, ours) = (try versions.heads(), try store.heads())
        let seen = try store.lastSeen(of: remote)
        if theirs.main == nil, seen.main != nil { throw emptied() }
        report.rounds = 1
        var plan = RoundPlan(report: report)
        if let main = theirs.main.map({ Version($0) }), theirs != ours {
            try fetch(theirs, seen)
            if case .rewritten(let gone) = try store.history(of: remote, at: main) { throw rewritten(gone) }
            let taken = try store.preview(of: main)
            let sides = try store.aheadBehind(taken.from, main)
            plan.report.to = taken.to
            plan.report.isMerge = taken.isMerge
            plan.report.merges = taken.report
            plan.report.pulled = sides.behind
            plan.report.pushed = sides.ahead + (taken.isMerge ? 1 : 0)
            plan.lacking = try store.files(namedBy: main, andNotBy: taken.from).filter { !store.blobs.contains($0) }
        }
        let push = try versions.prepare(ours, over: theirs, from: store)
        if theirs.main == nil { plan.report.pushed = push.commits }
        let upload = try files.lacking(push.files)
        plan.report.uploaded = (upload.count, upload.reduce(0) { $0 + $1.size })
        return plan
    }
}
