import Blobs
public import Cache
import Catalog
import Digest
import Files
import Store
import Sync

/// What came of cleaning.
public struct AnalysisCleaningOutcome: Sendable {
    /// How many were removed from this computer, and why.
    public internal(set) var removed: [EvictionCause: Int] = [:]
    /// Their bytes.
    public internal(set) var bytes: Int64 = 0
    /// How many had to stay.
    public internal(set) var refused = 0

    /// How many were removed.
    public var count: Int { removed.values.reduce(0, +) }
}

/// Removes bytes of analyses that are of no use, that nobody asked for in long, or that are too much, from this computer.
///
/// Only what can be had again goes: what a remote holds a second time, or what this project's own analyzer can compute
/// again from audio that is here. What is pinned stays. The entry stays for everybody; where nobody else has seen it, only
/// its summary does, since no version may name bytes that nobody has.
struct AnalysisCleaning {
    private(set) var outcome = AnalysisCleaningOutcome()

    private let library: Library
    private let rules: CleaningRules
    /// Down to how many bytes is cleaned.
    private let goal: Int64
    private let remotes: [RemoteFiles]
    private var left: Int64 = 0
    /// What no remote has ever been seen to name.
    private var unseen: Set<Pointer> = []
    private var isSyncing = false
    private let pins: Pins
    /// The files of the tracks that are pinned.
    private let pinned: Set<ContentHash>

    private var store: Store { library.store }
    private var ledger: AnalysisLedger { library.index.analyses }

    private static let portion = 256

    init(of library: Library, rules: CleaningRules, goal: Int64) throws {
        self.library = library
        self.rules = rules
        self.goal = goal
        remotes = try library.remoteFiles()
        pins = try library.pins
        pinned = try Self.pinned(pins, in: library)
    }

    private static func pinned(_ pins: Pins, in library: Library) throws -> Set<ContentHash> {
        let snapshot = try library.store.snapshot()
        let pinning = try Pinning(pins, in: snapshot, now: library.context.now())
        var files: Set<ContentHash> = []
        for id in try pinning.all() { files.formUnion(try snapshot.files(of: .track(id)).map(\.oid)) }
        return files
    }

    /// Cleans. What fails half-way has removed a part, and nothing else.
    ///
    /// While a sync runs, nobody knows what the remote is about to name: then only what it has goes.
    mutating func carryOut() throws {
        do {
            try RoundLock.held(for: store, patience: 0) { try cleanInOrder() }
        } catch let error as SyncError where error.code == .locked {
            isSyncing = true
            try cleanInOrder()
        }
    }

    private mutating func cleanInOrder() throws {
        // Without the rows nobody knows who else needs a blob.
        guard ledger.catchUp() else { return }
        ledger.pullBack()
        let uses = ledger.uses()
        let candidates = rules.order(uses)
        left = candidates.reduce(0) { $0 + $1.pointer.size }
        guard candidates.contains(where: isDue) else { return }
        unseen = try blobsUnseen()
        defer { for remote in remotes { remote.files.release() } }
        var next = candidates[...]
        while !next.isEmpty {
            // No more than are wanted are asked for: who was used lately is not touched for nothing.
            var portion: [CleaningCandidate] = []
            var freed: Int64 = 0
            while let candidate = next.first, portion.count < Self.portion {
                guard candidate.cause != .size || left - freed > goal else { break }
                next.removeFirst()
                if isPinned(candidate) { outcome.refused += 1; continue }
                freed += candidate.pointer.size
                portion.append(candidate)
            }
            if portion.isEmpty { break }
            try clean(portion)
        }
    }

    private func isDue(_ candidate: CleaningCandidate) -> Bool { candidate.cause != .size || left > goal }

    private func isPinned(_ candidate: CleaningCandidate) -> Bool {
        pinned.contains(candidate.pointer.oid) || candidate.keys.contains { pinned.contains($0.audio) }
    }

    // MARK: What can be had again

    private mutating func clean(_ candidates: [CleaningCandidate]) throws {
        let absent = candidates.filter { !store.blobs.contains($0.pointer) }
        if !absent.isEmpty { ledger.noteAbsence(of: absent.flatMap(\.keys), isDropped: false) }
        left -= absent.reduce(0) { $0 + $1.pointer.size }
        let here = candidates.filter { candidate in !absent.contains(candidate) }
        let held = try heldElsewhere(Set(here.map(\.pointer)))
        let others = here.filter { !held.contains($0.pointer) && isComputable($0) }
        let alone = try others.isEmpty || isSyncing ? [] : computable(others)
        try store.exclusively { writer in try free(here, held: held, alone: alone, writer) }
    }

    /// Those of these blobs that a remote holds a second time.
    private func heldElsewhere(_ blobs: Set<Pointer>) throws -> Set<Pointer> {
        var held: Set<Pointer> = []
        for remote in remotes where !blobs.isSubset(of: held) {
            let named = blobs.subtracting(held).subtracting(try blobsUnseen(by: remote.remote))
            // One that cannot be reached holds nothing, as far as anybody knows.
            let confirmed = try? remote.files.confirmed(Array(named), apart: store.blobs, verifying: false)
            held.formUnion(confirmed ?? [])
        }
        return held
    }

    /// Whether this program can compute all of it again, from audio that is here.
    private func isComputable(_ candidate: CleaningCandidate) -> Bool {
        candidate.keys.allSatisfy { key in
            key.analyzer.isOwn && FileSystem.exists(store.blobs.place(of: key.audio))
        }
    }

    /// Those that are no track's file as well.
    private func computable(_ candidates: [CleaningCandidate]) throws -> Set<Pointer> {
        Set(candidates.map(\.pointer)).subtracting(try store.files(namedBy: store.version(), andNotBy: nil))
    }

    private func blobsUnseen() throws -> Set<Pointer> {
        guard let version = try store.analysesVersion() else { return [] }
        var unseen = Set(try store.files(namedBy: version, andNotBy: nil))
        for remote in try store.remotes() { unseen.formIntersection(try blobsUnseen(by: remote)) }
        return unseen
    }

    /// What the present version names, and none that the remote was seen at: it keeps what its versions name.
    private func blobsUnseen(by remote: Remote) throws -> Set<Pointer> {
        guard let version = try store.analysesVersion() else { return [] }
        let seen = try store.lastSeen(of: remote.name).analyses.map { Version($0) }
        return Set(try store.files(namedBy: version, andNotBy: seen))
    }

    // MARK: Removing

    private mutating func free(
        _ candidates: [CleaningCandidate], held: Set<Pointer>, alone: Set<Pointer>, _ writer: borrowing Writer
    ) throws {
        // Somebody may have pinned something, or the version may be another, while remotes were asked.
        guard try library.pins == pins else { return }
        guard ledger.catchUp() else { return }
        let (going, stale) = settled(candidates, held.union(alone))
        let unnamed = going.filter { !held.contains($0.pointer) && unseen.contains($0.pointer) }
        try writer.changeAnalyses(because: "Keep summaries alone", forgetsUnsent: true) { draft in
            for candidate in unnamed { try leaveOut(candidate, of: draft) }
        }
        let gone = try writer.free(going.map(\.pointer).sorted { $0.oid < $1.oid })
        ledger.forget(unnamed.flatMap(\.keys))
        let removed = going.filter { gone.contains($0.pointer) }
        ledger.noteAbsence(of: removed.flatMap(\.keys), isDropped: true)
        count(removed, stale, refused: candidates.count - removed.count - stale.count)
    }

    /// Those that go, of what holds the same as when it was looked at, and those that hold nothing any more.
    ///
    /// One that came to hold more meanwhile stays: nobody has asked whether that can be had again.
    private func settled(
        _ candidates: [CleaningCandidate], _ free: Set<Pointer>
    ) -> (going: [CleaningCandidate], stale: [CleaningCandidate]) {
        var (going, stale): ([CleaningCandidate], [CleaningCandidate]) = ([], [])
        for candidate in candidates {
            guard let uses = ledger.uses(heldBy: candidate.pointer.oid) else { continue }
            if uses.isEmpty {
                stale.append(candidate)
            } else if free.contains(candidate.pointer), candidate.keys == uses.keys.sorted() {
                going.append(candidate)
            }
        }
        return (going, stale)
    }

    private func leaveOut(_ candidate: CleaningCandidate, of draft: AnalysesDraft) throws {
        for key in candidate.keys {
            if candidate.cause == .version {
                draft.remove(key)
            } else if let entry = try draft.base?.entry(key) {
                try draft.put(AnalysisEntry(entry.key, pointer: nil, summary: entry.summary))
            }
        }
    }

    private mutating func count(_ removed: [CleaningCandidate], _ stale: [CleaningCandidate], refused: Int) {
        for (cause, group) in Dictionary(grouping: removed, by: \.cause) {
            let count = group.reduce(0) { $0 + $1.keys.count }
            outcome.removed[cause, default: 0] += count
            ledger.note(cause, count)
        }
        outcome.bytes += removed.reduce(0) { $0 + $1.pointer.size }
        outcome.refused += refused
        left -= (removed + stale).reduce(0) { $0 + $1.pointer.size }
    }
}
