import Blobs
public import Catalog
import Files
import SQLite
public import Store
import Synchronization
import Trace

/// The rows that lists are made of, kept beside the store and brought up to date by whoever reads.
///
/// A read is never of an older version than the store had when the read began, whoever moved the head since the last one,
/// in this process or another. Reading takes no lock that a writer of the store needs. The file may be missing, damaged, or
/// of another program: then it is made anew; where it cannot be written `read` throws a ``CacheError``, and whoever asked
/// computes without it.
///
/// Thread-safe. The file is opened by the first read.
public final class Index: Sendable {
    /// How an answer came about.
    public enum Freshness: String, Sendable {
        /// The index agreed with the head.
        case hit
        /// What had changed was made again.
        case refreshed
        /// Everything was made.
        case built
    }

    /// What was read.
    public struct Answer<Value: Sendable>: Sendable {
        /// What was asked for.
        public let value: Value
        /// The version that it is of.
        public let version: Version
        /// How it came about.
        public let freshness: Freshness
        /// How many rows were made again for it.
        public let rows: Int
    }

    let store: Store
    let memory: @Sendable () -> Int
    private let analyzer: @Sendable () -> Analyzer?
    let directory: FilePath
    private let held = Mutex<CacheFile?>(nil)
    /// The index of the store below, for a guest who has none; nil in a store of its own.
    let lent: Mutex<LentDatabase?>
    let pages = Mutex(PageMemory())
    /// What became of what was asked.
    public let statistics: Statistics

    /// Prepares to read a store; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - memory: how many bytes the pages that were asked for last may take.
    ///   - analyzer: whose analyses the rows show where no person has decided.
    public init(
        of store: Store, memory: @escaping @Sendable () -> Int = { 16 << 20 },
        analyzer: @escaping @Sendable () -> Analyzer? = { nil }
    ) {
        self.store = store
        self.memory = memory
        self.analyzer = analyzer
        directory = store.path.appending("cache")
        lent = Mutex(store.loan.map { LentDatabase(at: Self.file(of: $0)) })
        statistics = Statistics(in: directory, trace: store.context.trace)
    }

    /// Calls `body` with all rows as they are at one version, the present one.
    ///
    /// - Parameters:
    ///   - views: what is looked at; only for the statistics.
    ///   - person: who asks; only for the statistics.
    public func read<Value: Sendable>(
        _ views: [CacheView] = [.picker], by person: PersonID? = nil, _ body: (IndexReader) throws -> Value
    ) throws -> Answer<Value> {
        let answer = try refresh(body)
        for view in views {
            statistics.note(view, for: person, isReady: answer.freshness == .hit, at: store.context.now())
        }
        return answer
    }

    /// The same, for what is no view that somebody asked for.
    public func survey<Value: Sendable>(_ body: (IndexReader) throws -> Value) throws -> Value {
        try refresh(body).value
    }

    /// The same, counted for nobody: brings the rows to the present version, and answers what else is to be read then.
    @discardableResult
    public func refresh<Value: Sendable>(_ body: (IndexReader) throws -> Value) throws -> Answer<Value> {
        if let answer = try readLent(body) { return answer }
        let (answer, update) = try perform { file in try read(from: file, body) }
        if let update { note(update) }
        return answer
    }

    /// Whose analyses count; nobody is asked where there are none.
    func analyzerName(at heads: RemoteHeads) -> String {
        heads.analyses == nil ? "" : analyzer()?.description ?? ""
    }

    /// Counts that rows were made again, and why, and tells it.
    private func note(_ update: Update) {
        let cause = update.cause(in: store, statistics)
        statistics.note(.picker, rows: update.rows, isBuilt: update.old == nil)
        for history in update.histories {
            statistics.note(history.view, rows: history.rows, isBuilt: update.old == nil)
        }
        guard let cause else { return }
        statistics.note(cause)
        for line in update.lines(cause) { store.context.trace.announce(.cache, line) }
    }

    /// Runs `body` on the open index; where that turns out to be of no use, on a new one.
    func perform<Result: Sendable>(_ body: (CacheFile) throws -> Result) throws -> Result {
        try held.withLock { held in
            do {
                do {
                    return try body(try open(&held))
                } catch let error where Self.isAboutTheFile(error) {
                    held = nil
                    try CacheFile.discard(IndexSchema.file, in: directory)
                    return try body(try open(&held, borrowing: false))
                }
            } catch let error as SQLiteError {
                held = nil
                throw unusable(CacheError(error))
            } catch let error as FileError {
                held = nil
                throw unusable(CacheError("the index cannot be opened: \(error)"))
            }
        }
    }

    /// Runs `body` on the open index as it is, whatever that is.
    func looking<Result: Sendable>(_ body: (Database) throws -> Result) throws -> Result {
        try held.withLock { held in
            let file = try open(&held)
            return try body(file.database)
        }
    }

    /// Forgets what is kept in memory.
    func forgetPages() { pages.withLock { $0.forgetAll() } }

    /// Removes the file; where others have it open, what is in it.
    func empty() throws {
        try held.withLock { held in
            held = nil
            do {
                do { try CacheFile.discard(IndexSchema.file, in: directory) } catch is CacheError {
                    try IndexSchema.empty(open(&held).database)
                }
            } catch { throw CacheError("the index cannot be cleared: \(error)") }
        }
    }

    private func unusable(_ error: CacheError) -> CacheError {
        store.context.trace.note(.cache, error.description)
        statistics.noteMiss(of: .picker)
        return error
    }

    /// - Parameter isLent: whether a guest's may begin as what the store below has.
    private func open(_ held: inout CacheFile?, borrowing isLent: Bool = true) throws -> CacheFile {
        // Somebody may have deleted the directory meanwhile.
        if let file = held, file.isInPlace { return file }
        held = nil
        if isLent { borrow() }
        let opened = try CacheFile(IndexSchema.file, in: directory)
        try opened.database.execute("PRAGMA cache_size=-32768")
        held = opened
        return opened
    }

    /// Whether a new file would help.
    private static func isAboutTheFile(_ error: any Error) -> Bool {
        switch error {
        case is CacheFile.OfAnotherProgram: true
        case let error as SQLiteError: error.isCorrupt || error.isOfSchema
        default: false
        }
    }

    private func read<Value: Sendable>(
        from file: CacheFile, _ body: (IndexReader) throws -> Value
    ) throws -> (Answer<Value>, Update?) {
        let database = file.database
        if file.isNew {
            file.isNew = false
            pages.withLock { $0.forgetAll() }
            try lookAgain(database)
        }
        let heads = try store.heads()
        let known = try database.reading { () -> Answer<Value>? in
            guard let stamp = try IndexStamp.read(from: database),
                stamp.agrees(with: heads, analyzerName(at: heads)), try RequestTable(database).read().isNothing
            else { return nil }
            return try answer(body, from: database, at: heads, after: nil)
        }
        if let known { return (known, nil) }
        return try database.transaction {
            let (heads, update) = try catchUp(database)
            return (try answer(body, from: database, at: heads, after: update), update)
        }
    }

    func answer<Value>(
        _ body: (IndexReader) throws -> Value, from database: Database, at heads: RemoteHeads, after update: Update?
    ) throws -> Answer<Value> {
        let version = try heads.main.map { Version($0) } ?? store.version()
        let reader = IndexReader(database, version, heads)
        let freshness: Freshness = update.map { $0.old == nil ? .built : .refreshed } ?? .hit
        return Answer(value: try body(reader), version: version, freshness: freshness, rows: update?.allRows ?? 0)
    }

    /// Makes again what could not be read when the index was made.
    private func lookAgain(_ database: Database) throws {
        guard try !UnreadableTable(database).folders().isEmpty else { return }
        try database.transaction {
            guard let stamp = try IndexStamp.read(from: database), let main = stamp.heads.main,
                try store.hasRecords(of: Version(main))
            else { return }
            let next = IndexStamp(heads: stamp.heads, turn: stamp.turn + 1, analyzer: stamp.analyzer)
            var update = try IndexUpdate(of: store, in: database, to: Version(main), next)
            try update.lookAgain()
            try next.write(to: database)
        }
    }

    /// Brings the rows to the head, which may have moved while this one waited for others.
    private func catchUp(_ database: Database) throws -> (heads: RemoteHeads, update: Update?) {
        let stamp = try IndexStamp.read(from: database)
        let heads = try store.heads()
        let wanted = try RequestTable(database).read()
        let analyzer = analyzerName(at: heads)
        if let stamp, stamp.agrees(with: heads, analyzer), wanted.isNothing { return (heads, nil) }
        let version = try heads.main.map { Version($0) } ?? store.version()
        // An index that begins anew must not count as one that was seen before.
        let turn = (stamp?.turn ?? Int64(clamping: store.context.now())) &+ 1
        let next = IndexStamp(heads: heads, turn: turn, analyzer: analyzer)
        var update = try IndexUpdate(of: store, in: database, to: version, next)
        var known: Version?
        var touched: [TrackID] = []
        if let stamp, stamp.isOf(analyzer), !wanted.isAll, let main = stamp.heads.main.map({ Version($0) }),
            try store.hasRecords(of: main),
            let tracks = try TouchedTracks(in: database, of: store)
                .ids(from: stamp.heads.analyses, to: heads.analyses)
        {
            (known, touched) = (main, tracks)
        }
        try store.context.trace.measure(.cache, "made rows again") {
            if let known {
                try update.refresh(from: known, and: wanted.folders + touched.map(RecordFolder.track))
            } else {
                try update.build()
            }
        }
        if !wanted.isNothing { try RequestTable(database).clear() }
        try next.write(to: database)
        return (
            heads,
            Update(
                old: known, new: version, touched: update.touched, isWanted: wanted.isAll, allRows: update.rows,
                histories: try update.histories.map { try TouchedHistory($0.key, rows: $0.value, in: database) })
        )
    }
}
