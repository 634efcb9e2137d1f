import Blobs
import Files
import Git
public import Store

/// A look at a remote on another computer, from outside: whether its branches stand where they should, lead to what can be
/// read, and name files that are there.
///
/// What this store was told to be there by its last sync counts as being there; a deep check has everything come once more, and
/// reads every byte of every file. Nothing is written there but what `run` is told to bring again: branches that are missing,
/// and files. What is damaged at a server only its owner can put aside.
public struct NetworkCheck {
    private let store: Store
    private let name: String
    private let place: String
    private let versions: any VersionTransport
    private let files: any FileTransport
    private let request: CheckRequest
    private let watch: CheckWatch
    private let seen: RemoteHeads

    private var counts = RemoteCheckCounts()
    private var problems: [Problem] = []
    /// The files that the versions name which the branches stand at.
    private var named: Set<Pointer> = []

    private static let advice =
        "`offbeat fsck --remote --repair` brings it again if it is here; else say that on a laptop that has it"

    /// Prepares to look.
    ///
    /// - Parameters:
    ///   - name: what the remote is called here.
    ///   - place: where it is, for a person.
    public init(
        of store: Store, at link: RemoteLink, called name: String, place: String, _ request: CheckRequest,
        watch: CheckWatch
    ) throws {
        self.store = store
        self.name = name
        self.place = place
        versions = link.versions
        files = link.files(of: store)
        self.request = request
        self.watch = watch
        seen = try store.lastSeen(of: name)
        // Who asks in vain need not wait for the rest.
        _ = try versions.heads()
    }

    /// Looks, and brings again what is missing there and here, if `repairing`.
    public consuming func run(repairing: Bool, transfers: TransferReport) throws -> RemoteCheckReport {
        var check = self
        let heads = try check.lookAtBranches(repairing)
        try check.lookAtObjects(heads)
        try check.lookAtFiles(repairing, transfers)
        return RemoteCheckReport(counts: check.counts, problems: check.problems)
    }

    // MARK: Branches

    private mutating func lookAtBranches(_ repairing: Bool) throws -> RemoteHeads {
        watch.report("Asking the remote for its branches", 0, nil, false)
        let heads = try versions.heads()
        var missing = RemoteHeads()
        if heads.main == nil { missing.main = seen.main }
        if heads.analyses == nil { missing.analyses = seen.analyses }
        if missing.all.isEmpty { return heads }
        var failure: (any Error)?
        if repairing {
            // By compare-and-swap: who has pushed one meanwhile has what it needs.
            do { try versions.prepare(missing, over: heads, from: store).send() } catch { failure = error }
        }
        for (branch, id) in [("main", missing.main), ("analyses", missing.analyses)] {
            guard let id else { continue }
            let problem = Problem(
                .ref, "refs/heads/\(branch) at \(name)",
                saying:
                    "the branch \(branch) is missing at \(place); it was last seen at version \(Version(id).short)",
                advising: "`offbeat fsck --remote --repair` brings it back")
            note(
                problem, repairing, isMended: failure == nil,
                failure.map { "it could not be brought back: \($0)" } ?? "it was brought back")
        }
        return repairing && failure == nil ? try versions.heads() : heads
    }

    // MARK: Objects

    private mutating func lookAtObjects(_ heads: RemoteHeads) throws {
        watch.report("Reading what the remote's branches lead to", 0, nil, false)
        try watch.checkStopped()
        do {
            if request.isDeep {
                // What is lacking is told, piece by piece.
                try versions.lend(heads, whole: false, in: request.scratch) { objects in
                    try read(heads, in: objects, wholly: true)
                }
            } else {
                // What is new there is brought here to be read; no branch of ours moves.
                if !heads.all.allSatisfy(try (seen.all + store.heads().all).contains) {
                    _ = try versions.fetch(heads, into: store)
                }
                try read(heads, in: store.objects, wholly: false)
            }
        } catch let error as StoreError where error.code == .damaged || error.code == .refused {
            problems.append(unreadable(error.message))
        } catch let error as SyncError where error.code == .damaged {
            problems.append(unreadable(error.message))
        }
    }

    private mutating func read(_ heads: RemoteHeads, in objects: Repository, wholly: Bool) throws {
        var walk = ReachableObjects(in: objects)
        for head in heads.all {
            try walk.walk(from: head, of: name, endingAt: { _ in true }) { visit in
                tell(visit)
                if case .blob(_, let text?, _, _) = visit, let pointer = Pointer.parse(text)?.pointer,
                    !pointer.isEmpty
                {
                    named.insert(pointer)
                }
            }
        }
        for head in wholly ? heads.all : [] {
            for parent in (try? objects.readCommit(head))?.parents ?? [] {
                try walk.walk(from: parent, of: name) { tell($0) }
            }
        }
        counts.objects = walk.count
    }

    private mutating func tell(_ visit: ReachableObjects.Visit) {
        guard case .unreadable(let id, _, _, let error) = visit else { return }
        problems.append(unreadable("\(id): \(error.message)"))
    }

    private func unreadable(_ what: String) -> Problem {
        Problem(
            .object, "objects at \(name)", saying: "what the branches at \(place) lead to cannot be read: \(what)",
            advising: "ask who keeps it to run `git fsck` there")
    }

    // MARK: Files

    private mutating func lookAtFiles(_ repairing: Bool, _ transfers: TransferReport) throws {
        watch.report("Asking the remote for its files", 0, nil, false)
        let wanted = named.sorted { $0.oid < $1.oid }
        counts.files = wanted.count
        let lacking = Set(try files.lacking(wanted))
        let there = wanted.filter { !lacking.contains($0) }
        let hashed = chosen(of: there)
        counts.hashed = hashed.count
        counts.bytes = hashed.reduce(0) { $0 + $1.size }
        let sound = hashed.isEmpty ? [] : try files.confirmed(hashed, apart: store.blobs, verifying: true)
        for file in hashed where !sound.contains(file) {
            let problem = Problem(
                .file, "\(file.oid) at \(name)",
                saying: "the file \(file.oid) at \(place) has other bytes than its name says",
                advising:
                    "ask who keeps it to take that file away there, then `offbeat fsck --remote --repair` brings it"
            )
            note(problem, repairing, isMended: false, "only who keeps the remote can take it away there")
        }
        try bringAgain(wanted.filter(lacking.contains), repairing, transfers)
    }

    private mutating func bringAgain(_ files: [Pointer], _ repairing: Bool, _ transfers: TransferReport) throws {
        if files.isEmpty { return }
        let ready = repairing ? try files.filter { try store.blobs.verify($0) == .sound } : []
        let gone = Set(
            ready.isEmpty ? [] : try self.files.upload(ready, from: store.blobs, report: transfers).missing)
        defer { self.files.release() }
        let brought = Set(ready).subtracting(gone)
        for file in files {
            let problem = Problem(
                .file, "\(file.oid) at \(name)",
                saying: "the file \(file.oid), which a version names, is missing at \(place)",
                advising: Self.advice)
            let isMended = brought.contains(file)
            note(
                problem, repairing, isMended: isMended,
                isMended ? "it was brought again" : "it is not here either: say that on a laptop that has it")
        }
    }

    /// The share of the files that is asked for, by chance.
    private func chosen(of files: [Pointer]) -> [Pointer] {
        var random = store.context.random
        let count = (files.count * request.hashedPercent + 99) / 100
        return Array(files.shuffled(using: &random).prefix(count))
    }

    private mutating func note(_ problem: Problem, _ repairing: Bool, isMended: Bool, _ outcome: String) {
        problems.append(repairing ? problem.seenTo(outcome, isMended: isMended) : problem)
    }
}
