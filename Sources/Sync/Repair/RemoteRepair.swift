import Blobs
public import Files
import Git
import Store

/// What a repair of a remote needs to know beside the store: where else things may be.
public struct RemoteRepairMeans: Sendable {
    /// Folders of this computer with objects of the same store.
    public var otherCopies: [FilePath] = []
    /// Where files may be that are not here.
    public var relays: [any FileTransport] = []
    /// Who is told how far an upload is.
    public var transfers = TransferReport.none

    /// There is nothing but the store.
    public init() {}
}

/// Mends what a check has found at a remote with what this store has, and checks again: only what is seen to be mended
/// counts as that.
///
/// Objects come first, then the branches, then files. Nothing is taken away before what can be had of it is there, durably;
/// what is damaged is moved to `lfs/bad` at the remote and never deleted. So a repair that is cut off is finished by the
/// next one, and of two at once each finds done what the other did.
public final class RemoteRepair {
    let check: RemoteCheck
    let means: RemoteRepairMeans
    /// What was done about a finding, as the end of what is said of it.
    private var notes: [String: String] = [:]
    /// The findings that were seen to, each once.
    private var tried: Set<String> = []

    var modes: SharedModes { check.files.modes }
    /// Where damaged things go.
    var bad: FilePath { check.path.appending("lfs/bad") }

    /// Prepares to mend what a check finds.
    public init(_ check: RemoteCheck, with means: RemoteRepairMeans) {
        self.check = check
        self.means = means
    }

    /// So long is waited for those who push.
    private static let turnPatience = 10.0

    /// Checks, mends, and checks again.
    ///
    /// - Throws: `.readOnly` where there is something to mend and nothing may be written.
    public func run() throws -> RemoteCheckReport {
        let scaffold = RemoteScaffold(in: check.repository)
        defer { scaffold.clearAway() }
        let first = try check.look(hashing: nil)
        if first.findings.isEmpty { return RemoteCheckReport(counts: first.counts, problems: []) }
        let turn = Turn.wait(at: check.path.appending("lfs/turn"), atMost: Self.turnPatience, modes: modes)
        defer { withExtendedLifetime(turn) {} }
        var looks = [first]
        try mendParts(&looks, scaffold)
        let files = looks.flatMap(\.findings).compactMap { finding in
            if case .file(let pointer) = finding.remedy { (finding, pointer) } else { nil }
        }
        try RemoteFileRepair(self).run(files)
        looks.append(try check.look(hashing: Set(files.map(\.1))))
        return merged(looks)
    }

    /// Mends objects and branches until nothing new comes to light.
    private func mendParts(_ looks: inout [RemoteInspection], _ scaffold: RemoteScaffold) throws {
        let temporary = try scaffold.temporaryDirectory()
        while let last = looks.last {
            let new = last.findings.filter { $0.isOfParts && tried.insert($0.key).inserted }
            if new.isEmpty { return }
            do { try RemotePartsRepair(self, last, temporary).run(new) } catch let error as GitError {
                throw SyncError(error, at: check.path)
            } catch let error as FileError { throw SyncError(error) }
            // Files that no version named before, as none could be read, are looked at as was asked for.
            let again = try check.look(hashing: [])
            let isAllKnown = again.named.keys.allSatisfy { looks[0].named[$0] != nil }
            looks.append(isAllKnown ? again : try check.look(hashing: nil))
        }
    }

    /// Notes what was done about a finding.
    func note(_ finding: RemoteFinding, _ text: String) {
        notes[finding.key] = notes[finding.key].map { "\($0); \(text)" } ?? text
    }

    private func merged(_ looks: [RemoteInspection]) -> RemoteCheckReport {
        let left = Set(looks.last?.findings.map(\.key) ?? [])
        var seen: Set<String> = []
        let problems = looks.flatMap(\.findings).filter { seen.insert($0.key).inserted }.map { finding in
            let isMended = !left.contains(finding.key)
            let outcome = notes[finding.key] ?? (isMended ? "mended" : "it could not be mended")
            return finding.problem.seenTo(outcome, isMended: isMended)
        }
        var counts = looks.last?.counts ?? RemoteCheckCounts()
        (counts.hashed, counts.bytes) =
            looks.map { ($0.counts.hashed, $0.counts.bytes) }.max { $0.0 < $1.0 } ?? (0, 0)
        return RemoteCheckReport(counts: counts, problems: problems)
    }
}

extension RemoteFinding {
    /// Whether it is of git's, and not of the files.
    fileprivate var isOfParts: Bool {
        switch remedy {
        case .head, .branch, .object, .pack: true
        case .none, .file: false
        }
    }
}
