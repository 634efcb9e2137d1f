import Blobs
public import Catalog
import Files
import Git

/// What came of taking a scratch store's work into the store below.
public struct Absorbed: Sendable {
    /// The version before.
    public let from: Version
    /// The version now; the same where there was nothing to take in.
    public let to: Version
    /// What was decided on the way.
    public let report: MergeReport
}

extension Store {
    /// Takes what a scratch store over this one has come to, as one version of this person's, with its files and analyses.
    ///
    /// The two are merged by the same rules, and to the same tree, as if the work had come from another computer; that is
    /// done in the scratch store, which sees both, so that here there is one step more and no trace of how it came about.
    /// Cut off at any point it can be done again, and nothing is taken in twice. Nobody else may be at work in the scratch
    /// store, which must have no quota.
    ///
    /// - Parameter adopting: may still change the scratch store when the two are merged; is given the version of this store.
    /// - Throws: `.refused` and `.newerFormat` for what must not be taken in, `.damaged` for a file that is not what its
    ///   name says.
    public func absorb(
        _ guest: Store, by person: Person, because subject: String, adopting: (Version) throws -> Void
    ) throws -> Absorbed {
        try guest.checkForAbsorbing()
        return try exclusively { writer in
            let temporary = try wrappingFiles { () throws(FileError) in
                try TemporaryDirectory(in: temporaryParent)
            }
            // First, so that they are there when the records are.
            try absorbAnalyses(of: guest, temporary, writer)
            let head = try version()
            try guest.joinWhatWasAbsorbed(by: self, at: head)
            let report = try guest.takeIn(head, because: "keep").report
            try adopting(head)
            let version = try absorb(guest, by: person, because: subject, over: head, temporary, writer)
            return Absorbed(from: head, to: version, report: report)
        }
    }

    /// From which version the work in a scratch store leads on: the one that it began with, or a later one of this store's
    /// with which it was merged when taking it in was cut off.
    public func beginning(of guest: Store) throws(StoreError) -> Version {
        let (origin, work, head) = (Version(guest.loan?.origin.main ?? .zero), try guest.version(), try version())
        let common = try StoreError.wrapping("compare", "what lies in \(guest.path)") { () throws(GitError) in
            try guest.repository.mergeBases(work.id, head.id)
        }
        for found in common where try guest.leads(from: origin, to: Version(found)) { return Version(found) }
        return origin
    }

    private func absorb(
        _ guest: Store, by person: Person, because subject: String, over head: Version,
        _ temporary: TemporaryDirectory, _ writer: borrowing Writer
    ) throws -> Version {
        let work = try guest.version()
        let (root, before) = (try guest.commit(of: work).tree, try commit(of: head).tree)
        if root == before { return head }
        if let lost = try lostFile(among: guest.files(namedBy: work, andNotBy: head), of: guest) {
            throw StoreError(
                .refused, "the guest's work names the file \(lost.oid), which is nowhere any more",
                hint: "add it again as the guest, or remove there what it belongs to, and try again")
        }
        try bringFiles(guest.files(namedBy: work, andNotBy: head), from: guest, temporary)
        let objects = try bring(root, over: before, from: guest, temporary)
        var replica = try wrappingFiles { () throws(FileError) in
            try Replica.load(in: path, home: home, context: context)
        }
        var clock = HybridClock(replica: replica.id, last: replica.last)
        let stamp = clock.tick(now: context.now(), after: [])
        replica.last = clock.last
        var operation = Operation(subject, by: person)
        operation.absorbs = (work, try guest.replicaID())
        let author = signature(of: person, at: try commitTime(after: head))
        let version = try commit(
            root, parents: [head], operation: operation, first: stamp, author: author, objects)
        try persist(objects, replica: replica, temporary)
        try writer.advance(from: head, to: version, because: operation.line, by: author)
        consolidate(temporary, addedPacks: objects.packsWritten > 0)
        return version
    }

    // MARK: Objects and files

    private func bring(
        _ root: ObjectID, over before: ObjectID?, from guest: Store, _ temporary: TemporaryDirectory
    ) throws(StoreError) -> ObjectWriter {
        let objects = ObjectWriter(repository: repository, temporary: temporary, checksExisting: false)
        try StoreError.wrapping("take in", "what lies in \(guest.path)") { () throws(GitError) in
            try guest.repository.refresh()
            var transfer = ObjectTransfer(from: guest.repository, to: repository, known: [], writer: objects)
            try transfer.bring(tree: root, besides: before)
        }
        return objects
    }

    /// A file that the scratch store names and that is in neither store, nor was ever in this one: no remote can have it, so
    /// a version that names it could never be sent.
    private func lostFile(among files: [Pointer], of guest: Store) -> Pointer? {
        files.first { !guest.blobs.contains($0) && !repository.contains(ObjectID(ofBlob: $0.encoded())) }
    }

    /// Gives the scratch store's files a second name here. What is damaged there must not come in under a good name.
    private func bringFiles(
        _ files: [Pointer], from guest: Store, _ temporary: TemporaryDirectory
    ) throws(StoreError) {
        let brought = files.filter { guest.blobs.keeps($0) && !blobs.contains($0) }
        var damaged: Pointer?
        // A store that had no files may have no journal yet.
        if !brought.isEmpty { try? blobs.journal.begin() }
        do throws(BlobError) {
            let verifier = BlobVerifier(of: guest.blobs)
            let delivery = try BlobDelivery(to: blobs)
            for file in brought where damaged == nil {
                guard try verifier.verify(file) == .sound else {
                    damaged = file
                    continue
                }
                _ = try delivery.deliver(file, from: guest.blobs)
            }
            if damaged == nil { try delivery.commit() }
            // What a collection has set aside here may be what the scratch store names.
            _ = try blobs.quarantine.takeBack(files, owner: temporary)
        } catch { throw StoreError(error) }
        guard let damaged else { return }
        throw StoreError(
            .damaged, "the file \(damaged.oid) in \(guest.path) is damaged: its bytes are others",
            hint: "remove what it belongs to there, and try again")
    }

    // MARK: Analyses

    private func absorbAnalyses(
        of guest: Store, _ temporary: TemporaryDirectory, _ writer: borrowing Writer
    ) throws {
        guard try guest.analysesVersion()?.id != guest.loan?.origin.analyses else { return }
        let own = try analysesVersion()
        try guest.takeInAnalyses(
            own, lastSeen: guest.loan?.origin.analyses.map { Version($0) }, because: "keep")
        guard let work = try guest.analysesVersion() else { return }
        let root = try guest.commit(of: work).tree
        let before = try own.map { try commit(of: $0).tree }
        if root == before { return }
        let files = try guest.files(namedBy: work, andNotBy: own)
        // What was cleaned away can be computed again, but could not be sent.
        if lostFile(among: files, of: guest) != nil { return }
        try bringFiles(files, from: guest, temporary)
        let objects = try bring(root, over: before, from: guest, temporary)
        let reason = "Keep the analyses of a guest"
        let author = signature(
            of: nil, at: try own.map { try commitTime(after: $0) } ?? Int64(context.now() / 1000))
        let made = Commit(
            tree: root, parents: [own?.id].compactMap(\.self), author: author, committer: author,
            message: reason + "\n")
        let version = try StoreError.wrapping("write", "the commit") { () throws(GitError) in
            Version(try objects.write(made))
        }
        try persist(objects, replica: nil, temporary)
        try writer.moveAnalyses(from: own, to: version, because: reason, by: author)
    }
}

extension Store {
    /// Refuses work that this program could not go on with, as what comes from a remote is refused.
    fileprivate func checkForAbsorbing() throws(StoreError) {
        try checkArrival(version(), over: loan?.origin.main.map { Version($0) })
        if let analyses = try analysesVersion() {
            try checkAnalysesArrival(analyses, over: loan?.origin.analyses.map { Version($0) })
        }
    }

    /// Where the store below has taken this one's work in before, and was cut off before this one was taken away: makes that
    /// known here. Else what somebody has changed of it since would seem to be done beside it, and not after it.
    fileprivate func joinWhatWasAbsorbed(by store: Store, at head: Version) throws {
        let own = try version()
        var found: Version?
        try store.forEachVersion(from: head) { entry in
            if entry.version.id == loan?.origin.main { return false }
            if let absorbed = entry.absorbs?.version, hasCommit(absorbed), try leads(from: absorbed, to: own) {
                found = entry.version
            }
            return found == nil
        }
        guard let found, try !leads(from: found, to: own) else { return }
        let sides = try [own, found].map { (id: $0.id, commit: try commit(of: $0)) }
        let objects = ObjectOverlay(over: repository)
        let joined = Version(objects.make(VersionMerge.commit(sides[0].commit.tree, of: sides)))
        try exclusively { writer in try move(from: own, to: joined, because: "keep", objects, writer) }
    }

    /// By which replica its versions are stamped.
    fileprivate func replicaID() throws(StoreError) -> ReplicaID {
        try wrappingFiles { () throws(FileError) in try Replica.load(in: path, home: home, context: context).id }
    }

    private func hasCommit(_ version: Version) -> Bool { (try? commit(of: version)) != nil }
}
