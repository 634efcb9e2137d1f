public import Digest
public import Files
import Synchronization
import Trace

/// What became of a file that was put.
public struct Put: Sendable, Hashable {
    /// Its hash and size.
    public let pointer: Pointer
    /// Whether the content was here before, or came earlier in the same batch.
    public let wasHere: Bool

    /// The hash of its bytes.
    public var oid: ContentHash { pointer.oid }
    /// How many bytes it has.
    public var size: Int64 { pointer.size }
}

/// Files that are put into a store together.
///
/// `put` may be called from several threads at once; each reads a file once, and hashes and writes it on the way. What
/// was put has its name and survives a power cut after ``commit()``, or after its steps in their order: ``flush()``,
/// ``publish()``, ``syncDirectories()``, which are for one thread. A batch that is dropped before leaves nothing.
///
/// From ``flush()`` until the batch ends no collection takes away what was put, nor what was found to be here: who names
/// the files in a version ends the batch after that.
public final class BlobBatch: Sendable {
    /// Where files are written before they have their names; it lives as long as the batch.
    public let temporary: TemporaryDirectory

    struct State: Sendable {
        /// What is added and has not been in the journal.
        var pending: [ContentHash: Int64] = [:]
        /// What was put, new or not, since the last note.
        var unnoted: [ContentHash: Int64] = [:]
        /// What was put that was not here before, as long as the batch lives.
        var brought: [ContentHash: Int64] = [:]
        /// How many bytes were taken of the quota, of which the journal does not know yet.
        var reserved: Int64 = 0
        var idleCopiers: [Copier] = []
        var intents: [BlobJournal.Intent] = []
        var canReflink = true
        /// Files that came from elsewhere, locked until they have their names.
        var arrivals: [BlobArrival] = []
    }

    let store: BlobStore
    let files: WriteBatch
    private let isDurable: Bool
    let space: SpaceBudget
    let state = Mutex(State())

    init(store: BlobStore, temporary: TemporaryDirectory, durable: Bool) {
        self.store = store
        self.temporary = temporary
        isDurable = durable
        files = WriteBatch(temporary: temporary, durable: durable)
        space = SpaceBudget(at: temporary.path)
    }

    deinit {
        end()
        store.quota?.settle(state.withLock { $0.reserved })
    }

    /// How many files are new with this batch, and how many bytes they have.
    public var new: (files: Int, bytes: Int64) {
        state.withLock { ($0.pending.count, $0.pending.values.reduce(0, +)) }
    }

    /// Puts the file that the path leads to, through symbolic links as well.
    ///
    /// Anything but a plain file is refused as `.notRegular`, and a pipe cannot make the call wait. A file that is written
    /// to meanwhile is refused as `.changed`. After an error the batch goes on without the file.
    public func put(_ path: FilePath) throws(BlobError) -> Put {
        let file = try translatedFile { () throws(FileError) in
            try FileDescriptor.open(path, .read, nonBlocking: true)
        }
        return try put(file)
    }

    /// Puts an open file, from its position, which must be its start.
    ///
    /// With `expecting`, one whose bytes are others is refused as `.damaged`, and not put.
    public func put(
        _ source: borrowing FileDescriptor, expecting expected: Pointer? = nil
    ) throws(BlobError) -> Put {
        try store.trace.count(.files, "files hashed and put") { () throws(BlobError) in
            try take(source, expected)
        }
    }

    private func take(_ source: borrowing FileDescriptor, _ expected: Pointer?) throws(BlobError) -> Put {
        let before: FileStatus
        do throws(FileError) {
            before = try source.status()
        } catch { throw BlobError(error) }
        guard before.kind == .regular else {
            throw BlobError(.notRegular(before.kind), "cannot add \(source.path): it is \(before.kind.words)")
        }
        guard before.size == expected?.size ?? before.size else { throw Self.unexpected(source) }
        guard before.size > 0 else { return Put(pointer: .empty, wasHere: true) }
        let copier = takeCopier()
        defer { giveBack(copier) }
        let put: Put?
        do throws(FileError) {
            put =
                before.size <= Copier.bufferSize
                ? try putSmall(source, before, expected, with: copier)
                : try putLarge(source, before, expected, with: copier)
        } catch { throw described(error, size: before.size) }
        guard let put else { throw Self.unexpected(source) }
        return put
    }

    private static func unexpected(_ source: borrowing FileDescriptor) -> BlobError {
        BlobError(.damaged, "\(source.path) is damaged: its bytes are others than its name says")
    }

    /// Puts bytes that are in memory.
    public func put(bytes: [UInt8]) throws(BlobError) -> Put {
        guard !bytes.isEmpty else { return Put(pointer: .empty, wasHere: true) }
        return try put(bytes, hashedAs: Pointer(oid: ContentHash(of: bytes), size: Int64(bytes.count)))
    }

    /// Puts bytes whose hash was computed while they came; some, for the empty file is nowhere.
    func put(_ bytes: [UInt8], hashedAs pointer: Pointer) throws(BlobError) -> Put {
        do throws(FileError) {
            return try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
                try write(UnsafeRawBufferPointer(buffer), as: pointer)
            }
        } catch { throw described(error, size: pointer.size) }
    }
}

extension BlobBatch {
    /// Makes the bytes of all files durable, and notes in the journal which names they are going to get, and which
    /// files that are here already are to stay.
    public func flush() throws(BlobError) {
        let (unnoted, hasNew) = state.withLock { state in
            defer { state.unnoted = [:] }
            return (state.unnoted, !state.pending.isEmpty)
        }
        guard !unnoted.isEmpty else { return }
        // One flush for all takes the journal's log with it; otherwise the journal flushes its own. What only is to
        // stay needs no flush: whoever wants it does not survive a power cut either.
        let isSharedFlush = files.count > WriteBatch.individualFlushLimit
        let intents = try store.journal.note(
            Self.sorted(unnoted), owner: temporary, durable: isDurable && hasNew && !isSharedFlush)
        state.withLock { $0.intents += intents }
        if hasNew { try translated { try files.flush() } }
    }

    /// Gives the files their names, with permission to read only.
    public func publish() throws(BlobError) {
        try translated { try files.publish(workers: 2) }
    }

    /// Makes the names durable, and lets the journal know.
    public func syncDirectories() throws(BlobError) {
        try translated { try files.syncDirectories() }
        try finish()
    }

    /// Lets the journal know that the files are here; for a caller who has made the names durable by other means, as by
    /// ``FileSystem/syncFileSystem(containing:)``.
    public func finish() throws(BlobError) {
        let pending = state.withLock { $0.pending }
        guard !pending.isEmpty else { return }
        try store.journal.arrived(Self.sorted(pending))
        let reserved = state.withLock { state in
            state.pending = [:]
            state.arrivals = []
            defer { state.reserved = 0 }
            return state.reserved
        }
        store.quota?.settle(reserved)
    }

    /// Takes away again what was new with this batch and no version has come to name; for whoever could not make the
    /// version, where files that nobody names would be in the way.
    ///
    /// - Parameter mayGo: whether a file is needed by nobody else.
    public func withdraw(where mayGo: (Pointer) -> Bool = { _ in true }) throws(BlobError) {
        let brought = state.withLock { state in
            defer { state.brought = [:] }
            return Self.sorted(state.brought)
        }.filter(mayGo)
        guard !brought.isEmpty else { return }
        try store.journal.removing(brought.map(\.oid), owner: temporary) {
            for file in brought { try FileSystem.remove(self.store.path(of: file.oid)) }
        }
    }

    /// Makes the files durable, gives them their names, and makes those durable.
    public func commit() throws(BlobError) {
        let count = new.files
        try store.trace.measure(.files, "made \(count) new files durable") { () throws(BlobError) in
            try flush()
            try publish()
            try syncDirectories()
        }
    }

    /// Lets go of the files: from now on only versions keep them. May be called again.
    ///
    /// A batch that got stuck between its steps leaves its notes, for whoever next finds it dead.
    public func end() {
        let intents = state.withLock { state in
            guard state.pending.isEmpty else { return [BlobJournal.Intent]() }
            defer { state.intents = [] }
            return state.intents
        }
        if !intents.isEmpty { try? store.journal.forget(intents) }
    }

    /// In the order of their names, which is the one that is cheapest for the journal.
    private static func sorted(_ files: [ContentHash: Int64]) -> [Pointer] {
        files.map { Pointer(oid: $0.key, size: $0.value) }.sorted { $0.oid < $1.oid }
    }
}
