public import Blobs
public import Digest
import Files
import Git

/// What a collection is to keep.
public struct CollectionRequest: Sendable {
    /// How long the files of the past are kept, once a remote has confirmed it.
    public var keepHistory = Retention.days(90)
    /// How long what is set aside can be taken back.
    public var keepQuarantine = Retention.days(14)
    /// Whether the files of the past are kept at all: if not, only what the present versions name is needed.
    public var keepsPast = true
    /// Whether it is only said what would be done.
    public var isDryRun = false
    /// Tells which of these files other places hold. It is asked about files of the past only, about each at most once,
    /// about all of them together, and not where there are none: with most places every question is a journey.
    ///
    /// No lock is held meanwhile. What it says must hold until the collection is over.
    public var copies: @Sendable ([Pointer]) throws -> OtherCopies = { _ in OtherCopies() }
    /// Is told what is being done, and how far it is.
    public var report: @Sendable (_ what: String, _ done: Int) -> Void = { _, _ in }

    /// Asks for the usual.
    public init() {}
}

/// What a collection has done.
public struct CollectionOutcome: Sendable, Hashable {
    /// How many files were set aside.
    public internal(set) var quarantined = 0
    /// How many were deleted that had been set aside before.
    public internal(set) var deleted = 0
    /// How many bytes that has freed.
    public internal(set) var bytes: Int64 = 0
    /// How many were taken back, since something needs them again.
    public internal(set) var revived = 0
    /// Until when what was set aside is held, in milliseconds since 1970; nil where that is for good.
    public internal(set) var heldUntil: Int64?
    /// The files of the past that would go if another place held them.
    public internal(set) var onlyHere: [ContentHash] = []
    /// How many files of the past stay since it is not known whether another place holds them.
    public internal(set) var undecided = 0
    /// The places that were asked and gave no answer.
    public internal(set) var silent: [OtherCopies.Silence] = []
}

extension Store {
    /// Sets aside the files that nothing needs, and deletes those that were set aside long enough ago.
    ///
    /// What is needed is found out while the writer's lock is held, so that no version comes to name a file that is just
    /// going. Where it turns out that other places decide, they are asked without the lock, and then it is found out anew.
    /// One run never deletes what it has set aside itself, so that the place that held a file then has said it twice. A
    /// collection that is cut off has done a part, and the next one does the rest.
    public func collect(_ request: CollectionRequest) throws -> CollectionOutcome {
        if request.isDryRun {
            let survey = try survey(request)
            let open = plan(request, survey, CopiesFound()).undecided
            let plan = plan(request, survey, try CopiesFound(of: open, askedBy: request))
            return CollectionOutcome(plan, revived: nil, heldUntil: heldUntil(request))
        }
        var attempt = try exclusively { writer in try collect(request, knowing: nil, writer) }
        if case .asks(let files) = attempt {
            let copies = try CopiesFound(of: files, askedBy: request)
            attempt = try exclusively { writer in try collect(request, knowing: copies, writer) }
        }
        guard case .done(let outcome) = attempt else { return CollectionOutcome() }
        return outcome
    }

    /// What came of an attempt.
    private enum Attempt {
        case done(CollectionOutcome)
        /// Nothing was done: first others are to be asked about these files.
        case asks(Set<Pointer>)
    }

    /// Collects; `copies` are what others have said, nil where nobody was asked yet. Of what has become the past since then
    /// nobody knows, and it stays.
    private func collect(
        _ request: CollectionRequest, knowing copies: CopiesFound?, _ writer: borrowing Writer
    ) throws -> Attempt {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        let guests = try ScratchLocks(over: self)
        let known = copies ?? CopiesFound()
        var plan = plan(request, try survey(request), known)
        if copies == nil, !plan.undecided.isEmpty { return .asks(plan.undecided) }
        let outcome = try withExtendedLifetime(guests) {
            var door: ScratchDoor? = try ScratchDoor(of: path, closing: true, context)
            // Who came while it was planned may name what was to go. The last time nobody may come any more.
            for attempt in 0..<3 where try guests.takeNewcomers() {
                if attempt < 2 { door = nil }
                plan = self.plan(request, try survey(request), known)
                if attempt < 2 { door = try ScratchDoor(of: path, closing: true, context) }
            }
            return try withExtendedLifetime(door) { try writer.carryOut(plan, request, temporary) }
        }
        blobs.sweepArrivals()
        request.report("Packing", 0)
        // What was to be done is done; where this fails a later writer tries again.
        _ = try? repository.consolidate(temporary: temporary, packLimit: 1, looseLimit: 0)
        return .done(outcome)
    }

    fileprivate func heldUntil(_ request: CollectionRequest) -> Int64? {
        request.keepQuarantine.end(after: context.now())
    }

    private func survey(_ request: CollectionRequest) throws(StoreError) -> CollectionSurvey {
        request.report("Looking at files", 0)
        let found: FoundFiles
        do throws(BlobError) { found = try FoundFiles(in: blobs) } catch { throw StoreError(error) }
        let needs = try NeedsSurvey.needs {
            NeedsSurvey(found.all, of: self, keeping: request.keepHistory, pastToo: request.keepsPast) {
                request.report("Walking versions", $0)
            }
        }
        return CollectionSurvey(found: found, needs: needs)
    }

    private func plan(
        _ request: CollectionRequest, _ survey: CollectionSurvey, _ copies: CopiesFound
    ) -> CollectionPlan {
        CollectionPlan(for: request, survey, knowing: copies, now: context.now())
    }
}

extension Writer {
    /// What files are needed for, as of now and for as long as this writer holds the lock.
    ///
    /// Throws `.damaged` where something that may need them cannot be read: then nothing may go.
    public func needs(of files: [Pointer], keepHistory: Retention) throws(StoreError) -> FileNeeds {
        try NeedsSurvey.needs { NeedsSurvey(files, of: store, keeping: keepHistory) { _ in } }
    }

    /// What is needed again comes first; then there is room made; what goes into quarantine goes last.
    fileprivate func carryOut(
        _ plan: CollectionPlan, _ request: CollectionRequest, _ temporary: TemporaryDirectory
    ) throws(StoreError) -> CollectionOutcome {
        do throws(BlobError) {
            let quarantine = store.blobs.quarantine
            request.report("Moving files", 0)
            let back = try quarantine.takeBack(plan.takeBack, owner: temporary)
            try quarantine.delete(plan.delete)
            var outcome = CollectionOutcome(plan, revived: back.count, heldUntil: store.heldUntil(request))
            if !plan.setAside.isEmpty {
                try quarantine.setAside(plan.setAside, at: store.context.now(), owner: temporary)
                outcome.quarantined -= try giveBackLeased(plan.setAside, temporary)
            }
            try quarantine.removeEmptyShelves()
            return outcome
        } catch { throw StoreError(error) }
    }

    /// Takes files back that somebody has a lease on by now, and answers how many.
    ///
    /// Who pushes writes the lease first and looks for the files then. So of one who still found a file here that was just
    /// going, the lease is here now.
    private func giveBackLeased(_ files: [Pointer], _ temporary: TemporaryDirectory) throws(BlobError) -> Int {
        let leased = try Lease.current(in: store.blobs.directory)
        let wanted = files.filter { leased.contains($0.oid) }
        return wanted.isEmpty ? 0 : try store.blobs.quarantine.takeBack(wanted, owner: temporary).count
    }
}

extension CollectionOutcome {
    /// What a plan comes to; without a number, all that it takes back is taken for sound.
    init(_ plan: CollectionPlan, revived: Int?, heldUntil: Int64?) {
        quarantined = plan.setAside.count
        deleted = plan.delete.count
        bytes = plan.delete.reduce(0) { $0 + $1.pointer.size }
        self.revived = revived ?? Set(plan.takeBack).count
        onlyHere = plan.onlyHere.sorted()
        undecided = plan.undecided.count
        silent = plan.copies.silent
        self.heldUntil = heldUntil
    }
}
