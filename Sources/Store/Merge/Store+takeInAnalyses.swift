import Catalog
import Git

/// What came of taking in a version of the analyses from elsewhere.
public struct AnalysesTakenIn: Sendable {
    /// The version of the analyses before; nil where there were none.
    public let from: Version?
    /// The version now; nil where there are none on either side.
    public let to: Version?
    /// Whether a version was made: whoever made the other one does not have it yet.
    public let isNew: Bool
    /// What was decided on the way.
    public let report: MergeReport
}

extension Store {
    /// The branch that holds what was computed of files.
    static let analyses = "refs/heads/analyses"

    /// The version of the analyses; nil where there are none.
    public func analysesVersion() throws(StoreError) -> Version? {
        try StoreError.wrapping("read", Self.analyses) { () throws(GitError) in
            try repository.resolve(Self.analyses).map { Version($0) }
        }
    }

    /// Makes the branch of analyses hold what another version of it holds, beside what it holds already.
    ///
    /// The version and all objects below it must be in the repository; nil stands for a remote that has no analyses.
    ///
    /// - Parameter lastSeen: what the remote's branch was last seen at *before* it was fetched now; nil where it never
    ///   was. Where the history was begun anew, that tells what the two do not know of each other.
    @discardableResult
    public func takeInAnalyses(
        _ other: Version?, lastSeen: Version?, because reason: String
    ) throws -> AnalysesTakenIn {
        try exclusively { writer in try takeInAnalyses(other, lastSeen: lastSeen, because: reason, writer) }
    }

    func takeInAnalyses(
        _ other: Version?, lastSeen: Version?, because reason: String = "sync", _ writer: borrowing Writer
    ) throws(StoreError) -> AnalysesTakenIn {
        let own = try analysesVersion()
        guard let other else { return AnalysesTakenIn(from: own, to: own, isNew: false, report: MergeReport()) }
        let meeting = AnalysesMeeting(in: repository)
        let outcome = try own.map { (own) throws(StoreError) in
            try StoreError.wrapping("merge", "version \(other.short) of the analyses") { () throws(GitError) in
                try meeting.meet(own: own.id, other: other.id, lastSeen: lastSeen?.id)
            }
        }
        switch outcome ?? .later(other) {
        case .later(let version), .same(let version):
            if version != own { try moveAnalyses(from: own, to: version, because: reason, nil, writer) }
            return AnalysesTakenIn(from: own, to: version, isNew: false, report: MergeReport())
        case .merged(let commit, let report):
            let version = Version(meeting.objects.make(commit))
            try moveAnalyses(from: own, to: version, because: reason, meeting.objects, writer)
            return AnalysesTakenIn(from: own, to: version, isNew: true, report: report)
        }
    }

    private func moveAnalyses(
        from old: Version?, to version: Version, because reason: String, _ made: ObjectOverlay?,
        _ writer: borrowing Writer
    ) throws(StoreError) {
        try makeReady(version, over: old, made)
        let now = Int64(context.now() / 1000)
        let author = signature(
            of: nil, at: try old.map { (old) throws(StoreError) in try commitTime(after: old) } ?? now)
        try writer.moveAnalyses(from: old, to: version, because: reason, by: author)
    }
}
