import Git

extension Store {
    /// What ``takeIn(_:because:)`` would come to, without doing it. The version must be in the repository.
    public func preview(of other: Version) throws(StoreError) -> TakenIn {
        let head = try version()
        let merge = VersionMerge(in: repository)
        let outcome = try StoreError.wrapping("merge", "version \(other.short)") { () throws(GitError) in
            try merge.merge(head.id, other.id)
        }
        return switch outcome {
        case .later(let version), .same(let version):
            TakenIn(from: head, to: version, isMerge: false, report: MergeReport())
        case .merged(let commit, let report):
            TakenIn(from: head, to: Version(merge.objects.make(commit)), isMerge: true, report: report)
        }
    }
}
