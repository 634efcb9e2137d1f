/// Looks for all that some versions lead to: each commit, folder and file, of the kind that it is named as.
///
/// Every object is looked for once, whatever names it. Folders and commits are read, in the strict forms that this program
/// reads them in ever after; files are found, and not read.
struct WholeHistory {
    private let repository: Repository
    /// Commits and folders, and files by themselves: what is one and is also named as the other is not of both kinds.
    private var seen: Set<ObjectID> = []
    private var seenFiles: Set<ObjectID> = []
    /// The folders of the version at hand that are still to be read. Not by recursion: they may be nested without end.
    private var folders: [ObjectID] = []

    init(in repository: Repository) { self.repository = repository }

    /// Looks for all that leads to a version, and for all that it consists of.
    mutating func look(from head: ObjectID) throws(GitError) {
        var pending = [head]
        seen.insert(head)
        while let id = pending.popLast() {
            let commit = try repository.readCommit(id)
            try look(at: commit.tree)
            for parent in commit.parents where seen.insert(parent).inserted { pending.append(parent) }
        }
    }

    private mutating func look(at root: ObjectID) throws(GitError) {
        if seen.insert(root).inserted { folders.append(root) }
        while let id = folders.popLast() {
            for entry in try repository.readTree(id).entries where entry.mode != .submodule {
                if entry.isTree {
                    if seen.insert(entry.id).inserted { folders.append(entry.id) }
                } else if seenFiles.insert(entry.id).inserted {
                    try find(file: entry.id)
                }
            }
        }
    }

    private func find(file id: ObjectID) throws(GitError) {
        let (kind, size) = try repository.header(id)
        guard kind == .blob else {
            throw GitError(
                .wrongKind, "a \(kind.word) where a blob was expected", call: "WholeHistory", subject: id.hex)
        }
        guard size <= ObjectTransfer.blobLimit else {
            throw GitError(
                .tooLarge, "\(size) bytes, where \(ObjectTransfer.blobLimit) are the most", call: "WholeHistory",
                subject: id.hex)
        }
    }
}

extension Repository {
    /// Looks for all that some versions lead to.
    ///
    /// - Throws: `notFound`, `corrupt`, `wrongKind` or `tooLarge` with the id of the first object that is not as the versions
    ///   need it.
    public func requireAll(leadingTo heads: [ObjectID]) throws(GitError) {
        var whole = WholeHistory(in: self)
        for head in heads { try whole.look(from: head) }
    }
}
