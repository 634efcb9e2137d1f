import Catalog
import Files
import Publishing
import Store

/// What one store remembers of bringing posts out, held by one process at a time.
struct PublishingDesk {
    let library: Library
    let journal: HandOffJournal

    init(of library: Library) {
        self.library = library
        journal = HandOffJournal(in: LocalTargets.folder(in: library.path))
    }

    /// Whoever brings posts out holds the file of this name.
    static let lockName = "lock"
    /// How long another one is waited for, in seconds.
    private static let patience = 10.0

    /// Runs a step while nobody else in this store brings posts out.
    func held<R>(atMost seconds: Double = patience, _ step: () throws -> R) throws -> R {
        guard let result = try heldIfFree(atMost: seconds, step) else {
            throw Failure(
                .locked, "another program is publishing from this store", hint: "wait for it, or try again later")
        }
        return result
    }

    /// The same; nil where somebody else is at it for longer than that.
    func heldIfFree<R>(atMost seconds: Double, _ step: () throws -> R) throws -> R? {
        let folder = LocalTargets.folder(in: library.path)
        try FileSystem.makeDirectory(folder, mode: 0o700)
        guard let lock = try FileLock.acquire(folder.appending(Self.lockName), timeout: seconds) else { return nil }
        let result = Result { try step() }
        _ = consume lock
        return try result.get()
    }

    // MARK: What was cut off

    /// Takes back the claims of a program that was cut off before it sent anything: whoever holds the desk knows that it is
    /// gone. What others have asked about them meanwhile has to be here.
    func releaseLeftClaims(at arbiter: ReferenceArbiter, _ records: PublishingRecords) throws {
        for entry in try journal.entries() where entry.stage == .claiming {
            // While it stands nobody has made another for the same attempt. Once it does not, as where this journal is an
            // old copy, somebody may have.
            if try arbiter.claims().contains(entry.claim) {
                try settleUnsent(entry.claim, records)
                try arbiter.release(entry.claim)
            }
            try journal.forget(entry.claim)
        }
    }

    /// Writes into records what a program has left in the journal that was cut off while it handed posts over.
    func recordLeftResults(_ records: PublishingRecords) throws {
        for entry in try journal.entries() {
            switch entry.stage {
            case .handing:
                let why = "this computer was interrupted while it handed the post over"
                try records.ask(about: entry.claim, because: why)
                try journal.note(entry.claim, .told)
            case .over(let result):
                try records.say(result, of: entry.claim)
                try journal.note(entry.claim, .told)
            case .claiming, .told: break
            }
        }
    }

    /// Where others have asked by now what became of it, this computer knows: nothing was sent.
    private func settleUnsent(_ claim: Claim, _ records: PublishingRecords) throws {
        let folder = try library.store.snapshot().read(claim.post, in: claim.workspace)
        guard case .post(let found)? = folder, found.post.handOffs.open.contains(claim.attempt) else { return }
        try records.say(
            .init(
                kind: .settled, attempt: claim.attempt,
                note: "nothing was sent: this computer was interrupted before", subject: "Settle"),
            of: claim.post, in: claim.workspace)
    }

    // MARK: What is over

    /// Takes away the claims of attempts of which the arbiter's branch, which this store has now, says what became of them.
    func tidy(_ arbiter: ReferenceArbiter) throws {
        let snapshot = try library.store.snapshot()
        for claim in try arbiter.claims() {
            switch try snapshot.read(claim.post, in: claim.workspace) {
            case .post(let folder) where folder.post.handOffs.isOver(claim.attempt): try arbiter.release(claim)
            default: continue
            }
        }
        let standing = Set(try arbiter.claims().map(\.name))
        for entry in try journal.entries() where entry.stage == .told && !standing.contains(entry.claim.name) {
            try journal.close(entry.claim)
        }
    }
}
