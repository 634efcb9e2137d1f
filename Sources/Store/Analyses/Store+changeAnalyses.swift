import Blobs
import Catalog
import Files
import Git

extension Store {
    /// Makes a version of the analyses: runs the edit on a draft of the present one, commits what it changed and moves the
    /// branch. An edit that changes nothing makes no version.
    ///
    /// A blob that is named and not here ends it (`.fileGone`): whoever put the blob puts it again.
    @discardableResult
    public func changeAnalyses<Result>(
        because reason: String, _ edit: (AnalysesDraft) throws -> Result
    ) throws -> Result {
        try exclusively { writer in try writer.changeAnalyses(because: reason, edit) }
    }
}

extension Writer {
    /// The same, for who holds the lock.
    ///
    /// - Parameter forgetsUnsent: whether versions that no remote was seen at are left out of the history from now on. They may
    ///   name bytes that nobody will ever have, and what is sent needs all that any version on the way names. No sync may
    ///   run meanwhile.
    public func changeAnalyses<Result>(
        because reason: String, forgetsUnsent: Bool = false, _ edit: (AnalysesDraft) throws -> Result
    ) throws -> Result {
        let base = try store.analyses()
        let temporary = try store.wrappingFiles { () throws(FileError) in
            try TemporaryDirectory(in: store.temporaryParent)
        }
        let objects = ObjectWriter(repository: store.repository, temporary: temporary, checksExisting: false)
        let draft = AnalysesDraft(over: base, objects)
        let result = try edit(draft)
        if draft.isEmpty { return result }
        try requireBlobs(of: draft, temporary)
        let root = try draft.writeTrees(reading: store.repository)
        if root == base?.root { return result }
        let author = try author(after: base?.version)
        let parents =
            try forgetsUnsent ? versionsSent(before: base?.version) : [base?.version.id].compactMap(\.self)
        let version = try StoreError.wrapping("write", "the commit") { () throws(GitError) in
            Version(
                try objects.write(
                    Commit(
                        tree: root, parents: parents, author: author,
                        committer: author, message: reason + "\n")))
        }
        try store.persist(objects, replica: nil, temporary)
        try moveAnalyses(from: base?.version, to: version, because: reason, by: author)
        store.consolidate(temporary, addedPacks: objects.packsWritten > 0)
        return result
    }

    /// The last versions that remotes were seen at and that led to this one.
    private func versionsSent(before base: Version?) throws(StoreError) -> [ObjectID] {
        guard let base else { return [] }
        var sent: Set<Version> = []
        for remote in try store.remotes() {
            guard let seen = try store.lastSeen(of: remote.name).analyses.map({ Version($0) }) else { continue }
            if try store.leads(from: seen, to: base) { sent.insert(seen) }
        }
        var last: [ObjectID] = []
        for version in sent {
            var isLast = true
            for other in sent where other != version {
                if try store.leads(from: version, to: other) { isLast = false }
            }
            if isLast { last.append(version.id) }
        }
        return last.sorted()
    }

    private func author(after base: Version?) throws(StoreError) -> Signature {
        let now = Int64(store.context.now() / 1000)
        let time = try base.map { (base) throws(StoreError) in try store.commitTime(after: base) }
        return store.signature(of: nil, at: time ?? now)
    }

    /// Under this lock no collection can take them away; one that lies in quarantine is taken back.
    private func requireBlobs(of draft: AnalysesDraft, _ temporary: TemporaryDirectory) throws(StoreError) {
        guard !draft.named.isEmpty else { return }
        let here: Set<Pointer>
        do throws(BlobError) {
            here = try store.blobs.quarantine.takeBack(Array(draft.named), owner: temporary)
        } catch { throw StoreError(error) }
        guard let gone = draft.named.subtracting(here).min(by: { $0.oid < $1.oid }) else { return }
        throw StoreError(
            .fileGone, "the blob \(gone.oid) is gone, which an analysis was to name", hint: "analyse it again")
    }
}
