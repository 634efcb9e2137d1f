public import Digest
public import Files
import SQLite
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

    private struct State: Sendable {
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
    }

    private let store: BlobStore
    private let files: WriteBatch
    private let isDurable: Bool
    private let space: SpaceBudget
    private let state = Mutex(State())

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
        let pointer = Pointer(oid: ContentHash(of: bytes), size: Int64(bytes.count))
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

extension BlobBatch {
    /// A file that fits into memory: it is written only when its hash tells that it is new. Nil where that is not the
    /// one expected.
    private func putSmall(
        _ source: borrowing FileDescriptor, _ before: FileStatus, _ expected: Pointer?, with copier: Copier
    ) throws(FileError) -> Put? {
        let bytes = try copier.load(source, size: Int(before.size))
        try expectUnchanged(source, since: before)
        let pointer = Pointer(oid: copier.hash(bytes), size: before.size)
        return pointer == expected ?? pointer ? try write(bytes, as: pointer) : nil
    }

    private func write(_ bytes: UnsafeRawBufferPointer, as pointer: Pointer) throws(FileError) -> Put {
        let place = try place(of: pointer)
        if place == .taken { return Put(pointer: pointer, wasHere: true) }
        try reserve(pointer.size)
        let path = temporary.newPath()
        do throws(FileError) {
            let target = try FileDescriptor.open(path, .write, create: .exclusive)
            try target.write(all: bytes)
            return try add(target, at: path, as: pointer, replacing: place == .damaged)
        } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
    }

    /// A file of any size: it is copied while it is hashed, or its blocks are shared and then hashed.
    private func putLarge(
        _ source: borrowing FileDescriptor, _ before: FileStatus, _ expected: Pointer?, with copier: Copier
    ) throws(FileError) -> Put? {
        if try !canReserve(before.size) {
            // What is here already takes no room.
            let pointer = Pointer(oid: try copier.hash(source, expecting: before.size), size: before.size)
            guard try place(of: pointer) == .taken else { throw Self.overQuota(source.path) }
            return pointer == expected ?? pointer ? Put(pointer: pointer, wasHere: true) : nil
        }
        let path = temporary.newPath()
        do throws(FileError) {
            let target = try FileDescriptor.open(path, .readWrite, create: .exclusive)
            let oid =
                try share(source, with: target)
                ? try copier.hash(target, expecting: before.size)
                : try copier.copy(source, to: target, size: before.size)
            try expectUnchanged(source, since: before)
            let pointer = Pointer(oid: oid, size: before.size)
            guard pointer == expected ?? pointer else {
                try FileSystem.remove(path)
                giveBack(before.size)
                return nil
            }
            let place = try place(of: pointer)
            if place == .taken {
                try FileSystem.remove(path)
                giveBack(before.size)
                return Put(pointer: pointer, wasHere: true)
            }
            return try add(target, at: path, as: pointer, replacing: place == .damaged)
        } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
    }

    private func add(
        _ target: consuming FileDescriptor, at path: FilePath, as pointer: Pointer, replacing: Bool
    ) throws(FileError) -> Put {
        try files.add(target, at: path, to: store.path(of: pointer.oid), size: pointer.size, replacing: replacing)
        // Two threads may have written the same content meanwhile: then one name is given, and the other file dropped.
        let earlier = state.withLock { state in
            state.unnoted[pointer.oid] = pointer.size
            if !replacing { state.brought[pointer.oid] = pointer.size }
            return state.pending.updateValue(pointer.size, forKey: pointer.oid)
        }
        return Put(pointer: pointer, wasHere: earlier != nil)
    }

    /// Lets the new file share the blocks of the other, and stops trying where the file system cannot.
    private func share(
        _ source: borrowing FileDescriptor, with target: borrowing FileDescriptor
    ) throws(FileError) -> Bool {
        guard state.withLock({ $0.canReflink }) else { return false }
        if try target.reflink(from: source) { return true }
        state.withLock { $0.canReflink = false }
        return false
    }

    private func expectUnchanged(
        _ source: borrowing FileDescriptor, since before: FileStatus
    ) throws(FileError) {
        guard try source.status().isUnchanged(since: before) else { throw FileError(.changed, "add", source.path) }
    }
}

extension BlobBatch {
    private func reserve(_ size: Int64) throws(FileError) {
        guard try canReserve(size) else { throw Self.overQuota(temporary.path) }
    }

    /// Nobody can tell how much is here.
    private static func unknownRoom(_ error: BlobError, _ store: BlobStore) -> FileError {
        error.fileError
            ?? FileError(
                error.databaseError?.isFull == true ? .noSpace : .io, "tell the size of what is in",
                store.directory,
                detail: error.message)
    }

    private static func overQuota(_ path: FilePath) -> FileError {
        FileError(.overLimit, "put", path, detail: "the files here would have more bytes than they may")
    }

    /// Takes so many bytes of the disk's room and of the quota; false where the quota has not as many left.
    private func canReserve(_ size: Int64) throws(FileError) -> Bool {
        if let quota = store.quota {
            do throws(BlobError) {
                guard try quota.take(size, in: store.journal) else { return false }
            } catch { throw Self.unknownRoom(error, store) }
            state.withLock { $0.reserved += size }
        }
        try space.take(size)
        return true
    }

    private func giveBack(_ size: Int64) {
        guard let quota = store.quota else { return }
        quota.settle(size)
        state.withLock { $0.reserved -= size }
    }

    private enum Place { case free, taken, damaged }

    /// What is at the name that the content would get.
    private func place(of pointer: Pointer) throws(FileError) -> Place {
        if state.withLock({ $0.pending[pointer.oid] != nil }) { return .taken }
        let path = store.path(of: pointer.oid)
        guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false) else {
            guard let lender = store.lender, lender.contains(pointer) else { return .free }
            // The note keeps a collection at the lender from taking it.
            state.withLock { $0.unnoted[pointer.oid] = pointer.size }
            return .taken
        }
        guard status.kind == .regular, status.size == pointer.size else { return .damaged }
        if (try? store.journal.contains(pointer.oid)) != true {
            // Somebody else has put it here, and perhaps not yet made it durable: this batch answers for it now.
            do throws(FileError) { try files.add(existing: path) } catch {
                // A collection has taken it in this very moment.
                if error.isAbsent { return .free }
                throw error
            }
            state.withLock { $0.pending[pointer.oid] = pointer.size }
        }
        state.withLock { $0.unnoted[pointer.oid] = pointer.size }
        return .taken
    }

    private func takeCopier() -> Copier {
        state.withLock { $0.idleCopiers.popLast() } ?? Copier()
    }

    private func giveBack(_ copier: Copier) {
        state.withLock { $0.idleCopiers.append(copier) }
    }

    private func described(_ error: FileError, size: Int64) -> BlobError {
        if let quota = store.quota, error.code == .overLimit {
            let message = "\(size) bytes more do not fit into the \(quota.limit) that may be here"
            return BlobError(.overQuota, message, file: error)
        }
        guard error.isOutOfSpace else { return BlobError(error) }
        let free = (try? FileSystem.freeSpace(at: temporary.path)) ?? 0
        // A quota, or too many files, leave bytes that nobody can have.
        let isFull = free < size
        let message =
            isFull
            ? "there is not enough space on the disk: \(size) bytes are needed, \(free) are free"
            : error.description
        return BlobError(.noSpace(needed: size, free: free), message, file: error)
    }
}
