import Blobs
import Catalog
import Files
import Git
public import Store
import Trace

/// Brings a store and a remote together: what is new there comes and is merged, then what is new here goes, files first.
///
/// It may be cut off at any moment; the next round carries on. Rounds of one store keep apart by ``RoundLock``.
public struct Round {
    /// What may be decided about a round beforehand.
    public struct Terms: Sendable {
        /// After so many seconds of losing to others it gives up.
        public var timeout = 120.0
        /// Whether a rewritten history of the remote is taken for the truth.
        public var acceptsRewritten = false

        /// The usual ones.
        public init() {}
    }

    let store: Store
    let remote: String
    let versions: any VersionTransport
    let files: any FileTransport
    private let terms: Terms
    private let relays: [any FileTransport]
    private let transfers: TransferReport
    var report: RoundReport

    /// Prepares a round.
    ///
    /// - Parameters:
    ///   - remote: what the remote is called here.
    ///   - relays: where files may be that are neither here nor at the remote.
    public init(
        of store: Store, with remote: String, versions: any VersionTransport, files: any FileTransport,
        relays: [any FileTransport] = [], terms: Terms = Terms(), transfers: TransferReport
    ) throws {
        self.store = store
        self.remote = remote
        self.versions = versions
        self.files = files
        self.relays = relays
        self.terms = terms
        self.transfers = transfers
        report = RoundReport(from: try store.version())
    }

    /// Carries it out.
    ///
    /// - Throws: `.raceLost` or `.locked` when others were faster until the time was over; nothing is lost then.
    public consuming func run() throws -> RoundReport { try run { round in try round.meet() } }

    /// Takes in what is new at the remote, and brings nothing there.
    public consuming func pull() throws -> RoundReport { try run { round in try round.takeInAll() } }

    private mutating func run(_ step: (inout Round) throws -> Void) throws -> RoundReport {
        var patience = Patience(limit: terms.timeout)
        var random = store.context.random
        while true {
            do {
                report.rounds += 1
                try step(&self)
                report.to = try store.version()
                return report
            } catch  where Self.isWorthTryingAgain(error) {
                guard patience.wait(draw: Double.random(in: 0..<1, using: &random)) else { throw error }
            }
        }
    }

    private mutating func takeInAll() throws {
        let seen = try store.lastSeen(of: remote)
        let theirs = try trace("looked at the branches") { try versions.heads() }
        if theirs.main == nil, seen.main != nil { throw emptied() }
        if theirs == seen { return }
        try trace("took in what is new") { try takeIn(theirs, seen) }
        try trace("remembered where they stand") { try store.remember(theirs, of: remote) }
    }

    private static func isWorthTryingAgain(_ error: any Error) -> Bool {
        switch error {
        case let error as SyncError: error.code == .raceLost || error.code == .locked
        case let error as StoreError: error.code == .raceLost
        default: false
        }
    }

    private mutating func meet() throws {
        let seen = try store.lastSeen(of: remote)
        let standing = try exchange(seen)
        try trace("remembered where they stand") { try store.remember(standing, of: remote) }
        trace("cleared away what the dead left") { versions.clearAway() }
    }

    /// Takes in what is new at the remote and pushes what is new here, in turn where there is such; tells what the remote
    /// stands at then.
    private mutating func exchange(_ seen: RemoteHeads) throws -> RemoteHeads {
        // Held until the push is done, or there turns out to be none, and no longer.
        let turn =
            try hasNews(since: seen) ? trace("waited for a turn") { versions.turn(atMost: Self.turnPatience) } : nil
        defer { withExtendedLifetime(turn) {} }
        let theirs = try trace("looked at the branches") { try versions.heads() }
        if theirs.main == nil, seen.main != nil { throw emptied() }
        try trace("took in what is new") { try takeIn(theirs, seen) }
        return try trace("pushed what is new") { try push(over: theirs) }
    }

    private func trace<R>(_ what: String, _ step: () throws -> R) rethrows -> R {
        try store.context.trace.measure(.sync, "\(what), remote \(remote)", step)
    }

    /// Somebody who uploads much may take long; then the rest go on without him.
    private static let turnPatience = 2.0

    /// Whether there is something to push, as far as is known here.
    private func hasNews(since seen: RemoteHeads) throws -> Bool {
        let ours = try store.heads()
        guard let main = seen.main, ours.analyses == seen.analyses else { return true }
        return try !store.leads(from: store.version(), to: Version(main))
    }

    // MARK: Theirs

    private mutating func takeIn(_ theirs: RemoteHeads, _ seen: RemoteHeads) throws {
        let ours = try store.heads()
        if theirs == ours { return }
        try fetch(theirs, seen)
        if let main = theirs.main, main != ours.main { try takeIn(Version(main), seen) }
        if let analyses = theirs.analyses, analyses != ours.analyses {
            try store.takeInAnalyses(
                Version(analyses), lastSeen: seen.analyses.map { Version($0) }, because: "sync with \(remote)")
        }
    }

    /// Brings what leads to the heads of the remote, unless that was done before.
    func fetch(_ theirs: RemoteHeads, _ seen: RemoteHeads) throws {
        let known = try seen.all + store.heads().all
        if !theirs.all.allSatisfy(known.contains) { _ = try versions.fetch(theirs, into: store) }
    }

    private mutating func takeIn(_ main: Version, _ seen: RemoteHeads) throws {
        let reason = "sync with \(remote)"
        let head = try store.version()
        report.pulled += try store.aheadBehind(head, main).behind
        switch try store.history(of: remote, at: main) {
        case .continued: break
        case .restored(let gone): report.restored = max(report.restored, gone)
        case .rewritten(let gone):
            guard terms.acceptsRewritten else { throw rewritten(gone) }
            note(try store.replay(onto: main, since: seen.main.map { Version($0) }, because: reason))
            // From here on this is what the remote was last seen at, and what was replayed counts as new.
            return try store.remember(RemoteHeads(main: main.id), of: remote)
        }
        if try !store.leads(from: main, to: head) { note(try store.takeIn(main, because: reason)) }
    }

    private mutating func note(_ taken: TakenIn) {
        report.isMerge = report.isMerge || taken.isMerge
        report.merges.add(taken.report)
    }

    // MARK: Ours

    /// Pushes what the remote lacks; tells what it stands at then.
    private mutating func push(over theirs: RemoteHeads) throws -> RemoteHeads {
        let wanted = try allowed(try store.heads(), over: theirs)
        if wanted == theirs { return theirs }
        let push = try trace("gathered versions") { try versions.prepare(wanted, over: theirs, from: store) }
        defer { files.release() }
        if let main = wanted.main, main != theirs.main {
            try files.requireUnlocked { path in
                store.differs(at: path, between: theirs.main.map { Version($0) }, and: Version(main))
            }
        }
        try trace("uploaded \(push.files.count) files, or found them there,") { try bring(push.files) }
        try trace("sent \(push.commits) versions") { try push.send() }
        if let main = theirs.main, let ours = wanted.main {
            report.pushed += try store.aheadBehind(Version(ours), Version(main)).ahead
        } else {
            report.pushed += push.commits
        }
        return wanted
    }

    /// What the branches of the remote may be moved to.
    private func allowed(_ ours: RemoteHeads, over theirs: RemoteHeads) throws -> RemoteHeads {
        var wanted = RemoteHeads(main: ours.main ?? theirs.main, analyses: ours.analyses ?? theirs.analyses)
        if try !mayMove(theirs.analyses, to: wanted.analyses, otherwise: { _, _ in true }) {
            wanted.analyses = theirs.analyses
        }
        if try !mayMove(theirs.main, to: wanted.main, otherwise: store.areEquivalent) { wanted.main = theirs.main }
        return wanted
    }

    private func mayMove(
        _ old: ObjectID?, to new: ObjectID?, otherwise isHarmless: (Version, Version) throws -> Bool
    ) throws -> Bool {
        guard let old = old.map({ Version($0) }), let new = new.map({ Version($0) }), old != new else {
            return true
        }
        if try store.leads(from: old, to: new) { return true }
        return try !versions.deniesNonFastForwards && isHarmless(old, new)
    }

    /// Brings files to the remote, those that are not here from wherever they are.
    private mutating func bring(_ wanted: [Pointer]) throws {
        let upload = try files.upload(wanted, from: store.blobs, report: transfers)
        note(upload)
        if upload.missing.isEmpty { return }
        try fetchElsewhere(upload.missing)
        let rest = try files.upload(upload.missing, from: store.blobs, report: transfers)
        note(rest)
        guard let first = rest.missing.first else { return }
        throw SyncError(
            .refused,
            "nothing was pushed: \(Self.naming(first, of: rest.missing.count)) neither here nor at \(remote)",
            hint: "sync the laptop that has it first, or take its track away with `offbeat rm`")
    }

    /// Brings files from wherever they are. A place that cannot be read now is passed by, like one that lacks them.
    private func fetchElsewhere(_ files: [Pointer]) throws(SyncError) {
        var missing = files
        for relay in relays where !missing.isEmpty {
            do throws(SyncError) {
                _ = try relay.download(missing, to: store.blobs, report: transfers)
            } catch {
                if error.code == .noSpace { throw error }
            }
            missing.removeAll { store.blobs.contains($0) }
        }
    }

    private mutating func note(_ upload: Upload) {
        report.uploaded.files += upload.files
        report.uploaded.bytes += upload.bytes
    }

    private static func naming(_ file: Pointer, of count: Int) -> String {
        count == 1
            ? "the file \(file.oid), which a version names, is"
            : "\(count) files that versions name, such as \(file.oid), are"
    }

    // MARK: What stops it

    func emptied() -> SyncError {
        SyncError(
            .refused, "the remote \(remote) has no branch main any more, though it had one",
            hint:
                "`offbeat fsck --remote --repair` brings it back if it was lost; if the remote was made anew on purpose, "
                + "`offbeat remote rm \(remote)` and `offbeat remote add` make it known"
        )
    }

    func rewritten(_ gone: Int) -> SyncError {
        SyncError(
            .refused,
            "the history of the remote \(remote) was rewritten: \(gone) version\(gone == 1 ? "" : "s") that it had "
                + "\(gone == 1 ? "is" : "are") gone, and others stand in their place",
            hint:
                "ask who did it; `offbeat sync --accept-rewritten` takes the new history and does again on top what "
                + "was never synced")
    }
}
