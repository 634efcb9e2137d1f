import Files

/// Holds a scratch store in use, so that nobody sweeps it away; let go of with its last reference, or by the system when
/// the process ends.
///
/// It is a shared `flock` on a file in it. Whoever takes the store away must have the lock alone. A program that is started
/// with the descriptor, see ``inheritable()``, holds it too, and so do those that it starts.
public final class ScratchUse: Sendable {
    private static let file: FilePath = "in-use"

    private let lock: FileDescriptor

    private init(_ lock: consuming FileDescriptor) { self.lock = lock }

    /// Takes the lock of a scratch store, shared or alone; nil where that cannot be had in that time, or the store is gone.
    ///
    /// Who only asks whether anybody is at work has the lock alone for a moment: so everybody else waits for a moment.
    static func take(
        _ scratch: FilePath, shared: Bool, patience: Double = ScratchUse.moment
    ) throws(FileError) -> ScratchUse? {
        let watch = Stopwatch()
        while true {
            do throws(FileError) {
                if let lock = try takeNow(scratch, shared: shared) { return lock }
            } catch {
                if error.isAbsent { return nil }
                throw error
            }
            guard watch.seconds < patience, FileSystem.exists(scratch) else { return nil }
            SystemClock.sleep(seconds: 0.002)
        }
    }

    /// Far longer than anybody has it who only asks.
    static let moment = 0.3

    private static func takeNow(_ scratch: FilePath, shared: Bool) throws(FileError) -> ScratchUse? {
        let path = scratch.appending(file)
        let lock = try FileDescriptor.open(path, .readWrite, create: .ifMissing, noFollow: true)
        guard try lock.tryLock(shared: shared) else { return nil }
        // Between the two calls it may have been taken away: a lock on nothing.
        guard let named = try FileSystem.statusIfExists(of: path), named.isSameFile(as: try lock.status()) else {
            return nil
        }
        return ScratchUse(lock)
    }

    /// The system's number of the descriptor that holds the lock, for a program that is to hold it too. It is valid as long
    /// as this value lives.
    public var descriptor: Int32 { lock.raw }
}
