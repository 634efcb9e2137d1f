import Catalog
import Files
public import Git

extension Store {
    /// Brings what branches of another repository lead to into this one, and remembers where they were seen.
    ///
    /// Nothing of it is taken in yet: the head stays where it is. A branch `refs/heads/main` is remembered as
    /// `refs/remotes/<name>/main`, and what leads there counts as confirmed by that remote.
    ///
    /// - Throws: `.damaged` where the other repository lacks something that its branches lead to.
    @discardableResult
    public func receive(
        _ branches: [Reference], from source: Repository, as name: String
    ) throws -> ObjectTransfer.Outcome {
        let outcome = try bring(branches.map(\.id), from: source)
        try exclusively { writer in
            for branch in branches { try remember(branch, as: name) }
            if outcome.commits > 0 { try tidyUp() }
        }
        return outcome
    }

    /// What a branch of a remote was last seen at.
    public func lastSeen(_ branch: String, of remote: String) throws(StoreError) -> Version? {
        let name = Self.remembered(branch, of: remote)
        return try StoreError.wrapping("read", name) { () throws(GitError) in
            try repository.resolve(name).map { Version($0) }
        }
    }

    private func bring(_ heads: [ObjectID], from source: Repository) throws(StoreError) -> ObjectTransfer.Outcome {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        let objects = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
        let outcome = try StoreError.wrapping("fetch from", source.path.string) { () throws(GitError) in
            let known =
                try repository.references(prefix: "refs/heads/") + repository.references(prefix: "refs/remotes/")
            var transfer = ObjectTransfer(from: source, to: repository, known: known.map(\.id), writer: objects)
            return try transfer.bring(heads)
        }
        if outcome.objects > 0 { try persist(objects, replica: nil, temporary) }
        return outcome
    }

    private func remember(_ branch: Reference, as remote: String) throws(StoreError) {
        let name = Self.remembered(branch.name, of: remote)
        let author = signature(of: nil, at: Int64(context.now() / 1000))
        try StoreError.wrapping("move", name) { () throws(GitError) in
            let now = try repository.resolve(name)
            guard now != branch.id else { return }
            try repository.moveReference(name, from: now, to: branch.id, message: "seen", by: author)
        }
    }

    private static func remembered(_ branch: String, of remote: String) -> String {
        "refs/remotes/\(remote)/\(branch.split(separator: "/").last ?? "")"
    }

    private func tidyUp() throws(StoreError) {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        consolidate(temporary, addedPacks: true)
    }
}
