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

    /// Takes the lock of a scratch store, shared or alone; nil where that cannot be had now, or the store is gone.
    static func take(_ scratch: FilePath, shared: Bool) throws(FileError) -> ScratchUse? {
        let path = scratch.appending(file)
        do throws(FileError) {
            let lock = try FileDescriptor.open(path, .readWrite, create: .ifMissing, noFollow: true)
            guard try lock.tryLock(shared: shared) else { return nil }
            // Between the two calls it may have been taken away: a lock on nothing.
            guard let named = try FileSystem.statusIfExists(of: path), named.isSameFile(as: try lock.status())
            else {
                return nil
            }
            return ScratchUse(lock)
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
    }

    /// The system's number of the descriptor that holds the lock, for a program that is to hold it too. It is valid as long
    /// as this value lives.
    public var descriptor: Int32 { lock.raw }
}
