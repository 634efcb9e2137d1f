public import Files

/// The door through which new scratch stores come to be seen: open for as long as nobody holds it closed.
///
/// A collection closes it for the moment in which it sets files aside: else a guest could come who finds a file that is
/// just going. It is a `flock` on the directory of the store below, which nobody at work in a scratch store takes.
public final class ScratchDoor {
    private let lock: FileDescriptor

    /// Waits for the door and holds it open, or closed against all others.
    ///
    /// - Throws: `.locked` where others held it too long.
    public init(of store: FilePath, closing isClosing: Bool, _ context: StoreContext) throws(StoreError) {
        let watch = Stopwatch()
        do throws(FileError) {
            let lock = try FileDescriptor.openDirectory(store)
            while try !lock.tryLock(shared: !isClosing) {
                guard watch.seconds < context.patience else { throw FileError(.wouldBlock, "lock", store) }
                SystemClock.sleep(seconds: 0.001)
            }
            self.lock = lock
        } catch {
            guard error.code == .wouldBlock else { throw StoreError(error) }
            throw StoreError(
                .locked, "guests' stores are being looked through in \(store)", hint: "try again when that is done")
        }
    }
}
