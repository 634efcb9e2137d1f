import Catalog
import Files
import Glibc
public import Store

/// Keeps rounds of one store apart: it is held for as long as one takes, and dies with its process.
public struct RoundLock: ~Copyable {
    private let lock: FileLock

    /// How long another round is waited for, in seconds: a short one is over by then, and who starts two at once need not
    /// start one of them again.
    public static let patience = 5.0

    /// Holds the lock during a step.
    ///
    /// - Throws: `.locked`, saying who has it and since when; or what the step throws.
    public static func held<R>(for store: Store, patience: Double = patience, _ step: () throws -> R) throws -> R {
        let lock = try take(for: store, patience: patience)
        let result = Result { try step() }
        _ = consume lock
        return try result.get()
    }

    private static func take(for store: Store, patience: Double) throws(SyncError) -> RoundLock {
        let path = store.path.appending("sync.lock")
        let holder: [UInt8]
        do throws(FileError) {
            if let lock = try FileLock.acquire(path, timeout: patience) {
                let since = Timestamp(milliseconds: Int64(store.context.now()))
                try lock.setNote(Array("process \(getpid()) since \(since)\n".utf8))
                return RoundLock(lock: lock)
            }
            holder = try FileLock.note(at: path).filter { $0 != 0x0A }
        } catch { throw SyncError(error) }
        let who = holder.isEmpty ? "who, it does not say" : String(decoding: holder, as: UTF8.self)
        throw SyncError(
            .locked, "another sync of this store is running: \(who)", hint: "wait for it, or try again later")
    }
}
