import Catalog
import Files
public import Git

extension Store {
    /// Brings what branches of another repository lead to into this one, and checks it.
    ///
    /// Nothing of it is taken in yet, and nothing is remembered: the head stays where it is.
    ///
    /// - Throws: `.damaged` where the other repository lacks something that its branches lead to, `.refused` and
    ///   `.newerFormat` for what must not be taken in.
    ///
    /// - Parameter place: where the other repository is, for a person; nil for where it lies.
    @discardableResult
    public func receive(
        _ heads: RemoteHeads, from source: Repository, at place: String? = nil
    ) throws -> ObjectTransfer.Outcome {
        let outcome = try bring(heads.all, from: source, at: place ?? source.path.string)
        if outcome.objects > 0 { try exclusively { _ in try tidyUp() } }
        if let main = heads.main { try checkArrival(Version(main), over: version()) }
        if let analyses = heads.analyses { try checkAnalysesArrival(Version(analyses), over: analysesVersion()) }
        return outcome
    }

    /// The same for a repository on another computer: `bring` lets what the store lacks land, and is told of what it has.
    ///
    /// - Parameter place: where the repository is, for a person.
    @discardableResult
    public func receive(
        _ heads: RemoteHeads, at place: String,
        bringing bring: (_ landing: Landing, _ objects: Repository, _ known: [ObjectID]) throws -> Void
    ) throws -> ObjectTransfer.Outcome {
        let landing = try Landing(over: self)
        try bring(landing, repository, knownHeads())
        return try withExtendedLifetime(landing) { try receive(heads, from: landing.objects(), at: place) }
    }

    /// What branches lead to that is here whole.
    private func knownHeads() throws(StoreError) -> [ObjectID] {
        try StoreError.wrapping("read", "the branches") { () throws(GitError) in
            try (repository.references(prefix: "refs/heads/") + repository.references(prefix: "refs/remotes/")).map(
                \.id)
        }
    }

    /// What a branch of a remote was last seen at.
    public func lastSeen(_ branch: String, of remote: String) throws(StoreError) -> Version? {
        let name = Self.remembered(branch, of: remote)
        return try StoreError.wrapping("read", name) { () throws(GitError) in
            try repository.resolve(name).map { Version($0) }
        }
    }

    /// What the branches of a remote were last seen at.
    public func lastSeen(of remote: String) throws(StoreError) -> RemoteHeads {
        RemoteHeads(
            main: try lastSeen(Self.head, of: remote)?.id, analyses: try lastSeen(Self.analyses, of: remote)?.id)
    }

    /// Remembers what the branches of a remote stand at; one that is not there is left as it was.
    ///
    /// `refs/heads/main` is remembered as `refs/remotes/<name>/main`, as git does, and what leads there counts from now on as
    /// confirmed by that remote.
    public func remember(_ heads: RemoteHeads, of remote: String) throws {
        if try lastSeen(of: remote) == heads { return }
        try exclusively { _ in
            let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent)
            }
            for (branch, head) in [(Self.head, heads.main), (Self.analyses, heads.analyses)] {
                let name = Self.remembered(branch, of: remote)
                try StoreError.wrapping("remember", name) { () throws(GitError) in
                    guard let head, try repository.resolve(name) != head else { return }
                    try repository.note(name, at: head, temporary: temporary)
                }
            }
        }
    }

    private func bring(
        _ heads: [ObjectID], from source: Repository, at place: String
    ) throws(StoreError) -> ObjectTransfer.Outcome {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        let objects = ObjectWriter(
            repository: repository, temporary: temporary, checksExisting: false, looseLimit: Self.looseWhenMerged)
        let outcome: ObjectTransfer.Outcome
        do throws(GitError) {
            let known =
                try repository.references(prefix: "refs/heads/") + repository.references(prefix: "refs/remotes/")
            var transfer = ObjectTransfer(from: source, to: repository, known: known.map(\.id), writer: objects)
            outcome = try transfer.bring(heads)
        } catch { throw Self.cannotFetch(from: place, error) }
        guard outcome.objects > 0 else { return outcome }
        try persist(objects, replica: nil, temporary)
        return outcome
    }

    static func cannotFetch(from place: String, _ error: GitError) -> StoreError {
        guard error.code == .notFound || error.code == .corrupt || error.code == .wrongKind else {
            return StoreError(error, verb: "fetch from", what: place)
        }
        return StoreError(
            .damaged, "the remote \(place) is damaged: \(error.message)",
            hint: "nothing here was changed; `offbeat fsck --remote` says more, and with --repair mends what can be"
        )
    }

    /// Up to so many objects that arrive, or that a merge makes, are files of their own. More of them are a pack: two files
    /// and a folder to be made durable, and not a file and a folder for each. Packs that have become many are put together.
    static let looseWhenMerged = 1

    private func tidyUp() throws(StoreError) {
        guard (try? repository.mayNeedConsolidation()) ?? true else { return }
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        consolidate(temporary, addedPacks: true)
    }

    private static func remembered(_ branch: String, of remote: String) -> String {
        "refs/remotes/\(remote)/\(branch.split(separator: "/").last ?? "")"
    }
}
