import Files

/// A place in the line of those who push to the same remote.
///
/// It is politeness and nothing more: a branch is moved by compare-and-swap, line or not. But who pushes in turn need not merge
/// ten times what ten others have pushed meanwhile. It is a lock on a file, which dies with its process; where such locks say
/// nothing, as over some network mounts, nobody waits.
public final class Turn: Sendable {
    private let lock: FileLock

    private init(_ lock: consuming FileLock) { self.lock = lock }

    /// Stands in line for at most so many seconds; nil when that was not enough, or nobody can stand in line there.
    static func wait(at path: FilePath, atMost seconds: Double, modes: SharedModes) -> Turn? {
        if !FileSystem.exists(path) { try? make(path, modes) }
        do throws(FileError) {
            guard let lock = try FileLock.acquireInTurn(path, timeout: seconds) else { return nil }
            return Turn(lock)
        } catch { return nil }
    }

    /// Everybody who may push must be able to lock it.
    private static func make(_ path: FilePath, _ modes: SharedModes) throws(FileError) {
        let file = try FileDescriptor.open(path, .write, create: .exclusive)
        try file.setMode(modes.file(0o644))
    }
}
