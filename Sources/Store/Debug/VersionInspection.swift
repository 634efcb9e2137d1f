public import Git

/// What a version consists of, as git has it.
public struct VersionInspection: Sendable {
    /// One file that the version changed, against the first version that it was made from.
    public struct Entry: Sendable {
        /// The change.
        public let change: TreeDiff.Change
        /// How many bytes the file has now; nil where it is gone, or cannot be read.
        public let size: Int?
    }

    /// The commit.
    public let commit: Commit
    /// How many bytes the commit has.
    public let size: Int
    /// What it changed.
    public let entries: [Entry]
}

extension Store {
    /// Looks at what a version consists of.
    public func inspect(_ version: Version) throws(StoreError) -> VersionInspection {
        let commit = try commit(of: version)
        let before = try commit.parents.first.map { (id) throws(StoreError) in
            try self.commit(of: Version(id)).tree
        }
        return try StoreError.wrapping("read", "version \(version.short)") { () throws(GitError) in
            let changes = try TreeDiff.changes(from: before, to: commit.tree, in: repository)
            let entries = changes.map { change in
                VersionInspection.Entry(
                    change: change, size: change.new.flatMap { try? repository.header($0.id).size })
            }
            return VersionInspection(
                commit: commit, size: try repository.header(version.id).size, entries: entries)
        }
    }
}
