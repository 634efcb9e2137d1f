import Glibc

/// A lock that one process at a time can have, and that dies with it.
///
/// It is `flock` on a file that is made where it is missing and stays. What the file says is a note of its last holder;
/// it means nothing by itself.
public struct FileLock: ~Copyable, Sendable {
    private let file: FileDescriptor

    private init(file: consuming FileDescriptor) {
        self.file = file
    }

    /// Takes the lock, or answers nil when somebody else still has it after `timeout` seconds.
    ///
    /// A link in the place of the file is not followed: the note would be written to what it leads to.
    ///
    /// It looks again every `poll` seconds. Two holders in one process exclude each other as well.
    public static func acquire(
        _ path: FilePath, timeout: Double, poll: Double = 0.01
    ) throws(FileError) -> FileLock? {
        let watch = Stopwatch()
        while true {
            if let lock = try acquireNow(path) { return lock }
            let rest = timeout - watch.seconds
            guard rest > 0 else { return nil }
            SystemClock.sleep(seconds: min(poll, rest))
        }
    }

    static func acquireNow(_ path: FilePath) throws(FileError) -> FileLock? {
        let file = try FileDescriptor.open(path, .readWrite, create: .ifMissing, noFollow: true)
        return try file.tryLock() ? FileLock(of: file, at: path) : nil
    }

    /// The lock of a file that is locked; nil where somebody has put another in its place: then it excludes nobody.
    init?(of file: consuming FileDescriptor, at path: FilePath) throws(FileError) {
        guard let named = try FileSystem.statusIfExists(of: path), named.isSameFile(as: try file.status()) else {
            return nil
        }
        self.init(file: file)
    }

    /// What the last holder wrote down, this one included.
    public func note() throws(FileError) -> [UInt8] {
        try file.seek(to: 0)
        return try file.readAll(limit: 1 << 16)
    }

    /// Writes down what others may read about this holder.
    public func setNote(_ bytes: [UInt8]) throws(FileError) {
        try file.truncate(to: 0)
        try file.seek(to: 0)
        try file.write(all: bytes)
    }

    /// What the last holder of the lock at `path` wrote down, held or not; nothing where there is no such file.
    public static func note(at path: FilePath) throws(FileError) -> [UInt8] {
        try FileSystem.readIfExists(path, limit: 1 << 16) ?? []
    }
}
