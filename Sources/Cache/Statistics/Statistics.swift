public import Catalog
import Files
import SQLite
import Store
import Synchronization
import Trace

/// What became of questions to the cache: counted in memory, and written down now and then, so that reading waits for nobody.
///
/// Counting never fails. Where the file cannot be written what was counted is kept until it can be, or is lost with the
/// process.
///
/// Thread-safe.
public final class Statistics: Sendable {
    /// After so many counts they are written down.
    private static let batch = 256

    private let counted = Mutex(Counted())
    private let ledger: Mutex<Ledger>
    private let trace: Trace

    init(in directory: FilePath, trace: Trace) {
        ledger = Mutex(Ledger(in: directory))
        self.trace = trace
    }

    deinit { flush() }

    // MARK: Counting

    /// Notes that somebody was answered from a view, and what had to be done for it.
    public func note(
        _ view: CacheView, for person: PersonID?, isReady: Bool, rows: Int = 0, isBuilt: Bool = false,
        at now: UInt64
    ) {
        count { counted in
            counted.add(1, to: isReady ? .hits(view) : .misses(view))
            counted.add(Int64(rows), to: .rows(view))
            if isBuilt { counted.add(1, to: .built(view)) }
            let now = Int64(clamping: now)
            counted.add(
                ViewUse(created: now, lastUse: now, hits: isReady ? 1 : 0), by: .init(view: view, person: person))
        }
    }

    /// Notes that somebody asked for an analysis, and whether it was ready.
    public func note(analysisOf person: PersonID?, isReady: Bool, at now: UInt64) {
        note(.analysis, for: person, isReady: isReady, at: now)
    }

    /// Notes that rows were made for nobody in particular.
    func note(_ view: CacheView, rows: Int, isBuilt: Bool) {
        count { counted in
            counted.add(Int64(rows), to: .rows(view))
            if isBuilt { counted.add(1, to: .built(view)) }
        }
    }

    /// Notes that a view could not answer.
    func noteMiss(of view: CacheView) { count { $0.add(1, to: .misses(view)) } }

    func note(_ cause: InvalidationCause) { count { $0.add(1, to: .invalidations(cause)) } }

    /// Notes that something was given up, and why.
    func note(_ cause: EvictionCause, _ number: Int) { count { $0.add(Int64(number), to: .evictions(cause)) } }

    /// Notes that an analysis came here, or was ready for who asked.
    func note(_ use: AnalysisUse, of key: AnalysisKey) { count { $0.add(use, of: key) } }

    func noteCleanup(at now: UInt64) { count { $0.lastCleanup = Int64(clamping: now) } }

    private func count(_ change: (inout Counted) -> Void) {
        let isFull = counted.withLock { counted in
            let before = counted.times / Self.batch
            change(&counted)
            return counted.times / Self.batch > before
        }
        guard isFull else { return }
        // Where another thread is writing, it will take these along the next time.
        _ = ledger.withLockIfAvailable { write(to: $0) }
    }

    // MARK: Writing

    /// Writes down what was counted; where that cannot be done, it is kept for the next time.
    public func flush() { ledger.withLock { write(to: $0) } }

    private func write(to ledger: Ledger) {
        let batch = counted.withLock { counted in
            defer { counted = Counted() }
            return counted
        }
        guard !batch.isEmpty else { return }
        do { try ledger.write(batch) } catch {
            trace.note(.cache, "counts were not written down: \(error)")
            counted.withLock { later in
                var all = batch
                all.add(later)
                later = all
            }
        }
    }

    // MARK: Reading

    /// All counts, those of other processes too as far as they were written down.
    func all() -> Counted {
        ledger.withLock { ledger in
            write(to: ledger)
            var all = (try? ledger.read()) ?? Counted()
            all.add(counted.withLock { $0 })
            return all
        }
    }

    /// Asks the rows of analyses, or changes them; what was counted is in them then.
    func withAnalyses<Result: Sendable>(
        _ body: @Sendable (AnalysisTable, Database) throws -> Result
    ) throws -> Result {
        try ledger.withLock { ledger in
            write(to: ledger)
            return try ledger.perform { database in try body(AnalysisTable(database), database) }
        }
    }

    /// Forgets what somebody used.
    func forgetUses(by person: PersonID?) throws {
        try ledger.withLock { ledger in
            counted.withLock { $0.forgetUses(by: person) }
            try ledger.forgetUses(by: person)
        }
    }

    /// Begins anew.
    func clear() throws {
        try ledger.withLock { ledger in
            counted.withLock { $0 = Counted() }
            try ledger.clear()
        }
    }
}
