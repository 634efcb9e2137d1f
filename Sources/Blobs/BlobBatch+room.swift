import Digest
import Files
import SQLite
import Synchronization

/// Whether a file has room, and what lies in its place already.
extension BlobBatch {
    func reserve(_ size: Int64) throws(FileError) {
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

    static func overQuota(_ path: FilePath) -> FileError {
        FileError(.overLimit, "put", path, detail: "the files here would have more bytes than they may")
    }

    /// Takes so many bytes of the disk's room and of the quota; false where the quota has not as many left.
    func canReserve(_ size: Int64) throws(FileError) -> Bool {
        if let quota = store.quota {
            do throws(BlobError) {
                guard try quota.take(size, in: store.journal) else { return false }
            } catch { throw Self.unknownRoom(error, store) }
            state.withLock { $0.reserved += size }
        }
        try space.take(size)
        return true
    }

    func giveBack(_ size: Int64) {
        guard let quota = store.quota else { return }
        quota.settle(size)
        state.withLock { $0.reserved -= size }
    }

    enum Place { case free, taken, damaged }

    /// What is at the name that the content would get.
    func place(of pointer: Pointer) throws(FileError) -> Place {
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

    func takeCopier() -> Copier {
        state.withLock { $0.idleCopiers.popLast() } ?? Copier()
    }

    func giveBack(_ copier: Copier) {
        state.withLock { $0.idleCopiers.append(copier) }
    }

    func described(_ error: FileError, size: Int64) -> BlobError {
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
