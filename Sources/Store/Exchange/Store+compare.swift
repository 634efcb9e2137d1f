import Git

extension Store {
    /// What this store's own branches stand at.
    public func heads() throws(StoreError) -> RemoteHeads {
        RemoteHeads(main: try version().id, analyses: try analysesVersion()?.id)
    }

    /// Whether one version was made from the other, or is it.
    public func leads(from earlier: Version, to later: Version) throws(StoreError) -> Bool {
        try comparing { () throws(GitError) in
            guard repository.contains(earlier.id) else { return false }
            return try repository.isAncestor(earlier.id, of: later.id)
        }
    }

    /// How many versions lead to the one and not to the other, and the other way round.
    public func aheadBehind(_ one: Version, _ other: Version) throws(StoreError) -> (ahead: Int, behind: Int) {
        try comparing { () throws(GitError) in try repository.aheadBehind(one.id, other.id) }
    }

    /// How many versions lead to one, itself included.
    public func versionCount(of version: Version) throws(StoreError) -> Int {
        try comparing { () throws(GitError) in
            var history = repository.history(from: version.id)
            var count = 0
            while try history.next() != nil { count += 1 }
            return count
        }
    }

    /// Whether two versions hold the same, and what each has alone are only merges: then one can stand for the other.
    public func areEquivalent(_ one: Version, _ other: Version) throws -> Bool {
        try comparing { () throws(GitError) in
            let trees = try (repository.readCommit(one.id).tree, repository.readCommit(other.id).tree)
            guard trees.0 == trees.1 else { return false }
            return try repository.aheadBehind(one.id, other.id, ifAll: VersionMerge.isMerge) != nil
        }
    }

    private func comparing<R>(_ step: () throws(GitError) -> R) throws(StoreError) -> R {
        try StoreError.wrapping("compare", "two versions", step)
    }
}
