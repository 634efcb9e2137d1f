public import Blobs
public import Digest
import Files
import SQLite
public import Store
import Trace

/// Which analyses are on this computer, and how they were used: what time and size decide by.
///
/// Uses are counted in memory and written in batches, so that who reads an analysis waits for nobody. Where the ledger cannot
/// be read or written there is nothing in it; no answer depends on that, only what is cleaned. The rows agree with the branch
/// at a stamp, and are brought on by what differs since.
public struct AnalysisLedger: Sendable {
    private let statistics: Statistics
    private let store: Store

    init(_ statistics: Statistics, of store: Store) {
        self.statistics = statistics
        self.store = store
    }

    private var now: Int64 { Int64(clamping: store.context.now()) }

    // MARK: Counting

    /// Notes that bytes came here.
    public func noteKept(_ entry: AnalysisEntry) { note(entry, hits: 0) }

    /// Notes that somebody found bytes ready.
    public func noteHit(_ entry: AnalysisEntry) { note(entry, hits: 1) }

    private func note(_ entry: AnalysisEntry, hits: Int64) {
        guard let pointer = entry.pointer else { return }
        var use = AnalysisUse(pointer, rawSize: entry.summary.rawSize, hits: hits, at: now)
        use.isHere = isOwn(pointer)
        statistics.note(use, of: entry.key)
    }

    /// A guest's ledger is of the bytes that the guest made: those of the store below are nothing to clean.
    private func isOwn(_ pointer: Pointer) -> Bool { store.loan == nil || store.blobs.keeps(pointer) }

    // MARK: Looking

    /// All of them.
    public func uses() -> [AnalysisKey: AnalysisUse] { (try? reading { try $0.all() }) ?? [:] }

    /// Those of one audio.
    public func uses(of audio: ContentHash) -> [AnalysisKey: AnalysisUse] {
        (try? reading { try $0.all(of: audio) }) ?? [:]
    }

    /// Those that one blob holds; nil where nobody knows.
    public func uses(heldBy blob: ContentHash) -> [AnalysisKey: AnalysisUse]? {
        try? reading { try $0.all(heldBy: blob) }
    }

    /// The blobs that were removed to save space.
    public func dropped() -> Set<ContentHash> {
        Set(((try? reading { try $0.dropped() }) ?? [:]).values.map(\.pointer.oid))
    }

    /// How much is here.
    public func totals() -> AnalysisTotals { (try? reading { try $0.totals() }) ?? AnalysisTotals() }

    private func reading<Result: Sendable>(_ body: @Sendable (AnalysisTable) throws -> Result) throws -> Result {
        try statistics.withAnalyses { table, database in try database.reading { try body(table) } }
    }

    // MARK: Changing

    /// Notes that bytes are not here.
    public func noteAbsence(of keys: [AnalysisKey], isDropped: Bool) {
        try? writing { table in for key in keys { try table.noteAbsence(of: key, isDropped: isDropped) } }
    }

    /// Forgets analyses that nobody says any more.
    public func forget(_ keys: [AnalysisKey]) {
        try? writing { table in for key in keys { try table.remove(key) } }
    }

    /// Forgets analyses that somebody has taken back, and tells who it was.
    public func noteInvalidation(of keys: [AnalysisKey], by person: String) {
        guard !keys.isEmpty else { return }
        forget(keys)
        statistics.note(.request)
        let shown = keys.prefix(8).map(\.description).joined(separator: ", ") + (keys.count > 8 ? ", …" : "")
        store.context.trace.announce(.cache, "analysis to be made again (\(shown)): request, by \(person)")
    }

    /// Notes that the bytes of blobs have come, which nobody in particular asked for.
    public func noteArrival(of blobs: [Pointer]) {
        try? writing { table in for blob in blobs where isOwn(blob) { try table.noteArrival(of: blob) } }
    }

    /// Counts that bytes were removed, and why.
    public func note(_ cause: EvictionCause, _ number: Int) { statistics.note(cause, number) }

    /// Notes that it was cleaned now, and whether that was in vain: then it need not be tried again soon.
    public func noteCleanup(isInVain: Bool) {
        statistics.noteCleanup(at: store.context.now())
        try? writing { table in try table.setMoment(Self.vain, to: isInVain ? now : 0) }
    }

    /// Whether cleaning was in vain a short while ago.
    public var wasInVain: Bool {
        guard let last = (try? reading { try $0.moment(Self.vain) }) ?? nil else { return false }
        return last <= now && now - last < Self.patience
    }

    private static let vain = "vain"
    private static let patience: Int64 = 600_000

    /// What was used in the future counts as used now: the clock was wrong then, or is now.
    public func pullBack() { try? writing { table in try table.pullBack(to: now) } }

    /// Brings the rows to the present version of the branch; false where that cannot be done.
    @discardableResult
    public func catchUp() -> Bool {
        do {
            guard let present = try store.analyses() else { return true }
            try writing { table in
                // What a guest began with is the store's below.
                let stamp = try table.stamp() ?? store.loan?.origin.analyses.map { Version($0) }
                if stamp == present.version { return }
                // A stamp that is gone, as after a backup was put back, is as good as none.
                let old = stamp.flatMap { try? store.analyses(of: $0) }
                let changed = old.flatMap { try? present.audio(touchedSince: $0) }
                // Else nobody knows what the rows agree with.
                let touched =
                    try changed
                    ?? Set(table.all().keys.map(\.audio)).union(present.audio(touchedSince: nil)).sorted()
                let lookup =
                    store.loan == nil && touched.count > 64 ? try? BlobLookup(in: store.blobs) : nil
                for audio in touched { try enter(audio, of: present, in: table, lookup) }
                try table.stamp(present.version)
            }
            return true
        } catch {
            store.context.trace.note(.cache, "the ledger of analyses was not brought up to date: \(error)")
            return false
        }
    }

    private func enter(
        _ audio: ContentHash, of present: AnalysesSnapshot, in table: AnalysisTable, _ lookup: BlobLookup?
    ) throws {
        var gone = Set(try table.all(of: audio).keys)
        for entry in try present.entries(of: audio) {
            guard let pointer = entry.pointer else { continue }
            var use = AnalysisUse(pointer, rawSize: entry.summary.rawSize, at: now)
            use.isHere = isOwn(pointer) && (lookup?.contains(pointer) ?? store.blobs.contains(pointer))
            try table.enter(use, of: entry.key)
            gone.remove(entry.key)
        }
        for key in gone { try table.remove(key) }
    }

    private func writing(_ body: @Sendable (AnalysisTable) throws -> Void) throws {
        try statistics.withAnalyses { table, database in try database.transaction { try body(table) } }
    }
}

extension Index {
    /// What is known of the analyses on this computer.
    public var analyses: AnalysisLedger { AnalysisLedger(statistics, of: store) }
}
