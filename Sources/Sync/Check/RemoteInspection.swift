import Blobs
import Git
import Store

/// One look at a remote. References are read first, then what they lead to, then files: so what somebody pushes meanwhile
/// is not looked at, and what is missing is missing.
final class RemoteInspection {
    let check: RemoteCheck
    /// What its branches were last seen at.
    let seen: RemoteHeads
    var counts = RemoteCheckCounts()
    private(set) var findings: [RemoteFinding] = []
    private var known: Set<String> = []
    /// The branches that can be read, `main` first.
    var heads: [(branch: String, id: ObjectID)] = []
    /// The files that the versions name which the branches stand at, and where.
    var named: [Pointer: String] = [:]

    init(of check: RemoteCheck) throws {
        self.check = check
        seen = try check.store.lastSeen(of: check.name)
    }

    func run(hashing alone: Set<Pointer>?) throws {
        try inspectBranches()
        try inspectObjects()
        try inspectFiles(hashing: alone)
    }

    /// Notes a problem, unless it is known already.
    func add(
        _ kind: Problem.Kind, _ what: String, _ statement: String, _ advice: String,
        remedy: RemoteFinding.Remedy = .none
    ) {
        let problem = Problem(kind, "\(what) at \(check.name)", saying: statement, advising: advice)
        let finding = RemoteFinding(problem: problem, remedy: remedy)
        if known.insert(finding.key).inserted { findings.append(finding) }
    }

    /// Where it is, as the end of a sentence's subject.
    var place: String { "at the remote \(check.path)" }

    // MARK: Branches

    private func inspectBranches() throws {
        let readings: [ReferenceReading]
        do throws(GitError) { readings = try Repository.readReferences(at: check.path) } catch {
            throw SyncError(error, at: check.path)
        }
        for reading in readings where reading.name == "HEAD" || reading.name == "packed-refs" {
            guard case .unreadable(let reason) = reading.content else { continue }
            let isHead = reading.name == "HEAD"
            let advice = isHead ? Self.repairAdvice : "take that line away, as git cannot read the others either"
            add(
                .ref, reading.name, "\(reading.name) \(place) cannot be read: \(reason)", advice,
                remedy: isHead ? .head : .none)
        }
        for branch in RemoteCheck.branches { inspect(branch, readings.first { $0.name == branch }?.content) }
    }

    private func inspect(_ branch: String, _ content: ReferenceReading.Content?) {
        let last = branch == RemoteCheck.main ? seen.main : seen.analyses
        switch content {
        case .id(let id): heads.append((branch, id))
        case .symbolic(let other):
            add(
                .ref, branch, "\(branch) \(place) leads on to \(other), where a version belongs", Self.repairAdvice,
                remedy: .branch(branch))
        case .unreadable(let reason):
            add(
                .ref, branch, "\(branch) \(place) cannot be read: \(reason)", Self.repairAdvice,
                remedy: .branch(branch))
        case nil:
            guard let last else { return }
            add(
                .ref, branch, "\(branch) is missing \(place), and was last seen at version \(Version(last).short)",
                Self.repairAdvice, remedy: .branch(branch))
        }
    }

    static let repairAdvice = "`offbeat fsck --remote --repair` mends it if it can be told what it was"
}
