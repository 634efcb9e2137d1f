import Files

/// A database of another store that nobody writes to now, seen from outside.
///
/// SQLite writes to the file itself only while it brings the log of changes into it, and until that is done the log is
/// there. So the file is whole, and of one moment, as long as it is what it was; that it is, its times tell, if it was last
/// written to so long ago that another write would give it another time.
struct SettledFile {
    /// The times of files go on in steps, of ten milliseconds at the most.
    private static let step: Int64 = 20_000_000
    /// Where a time has no fraction it may be one of a file system that only knows even seconds.
    private static let coarseStep: Int64 = 4_000_000_000

    /// For so many seconds it is waited at the most.
    private static let patience = 0.1

    let path: FilePath
    let status: FileStatus

    /// Looks at a database; nil where there is none, or it cannot be told that nobody writes to it. A short while is waited.
    static func look(at path: FilePath) throws(FileError) -> SettledFile? {
        guard try FileSystem.kind(at: path.parent) == .local else { return nil }
        let watch = Stopwatch()
        while let status = try FileSystem.statusIfExists(of: path, followingLinks: false), status.kind == .regular {
            let rest = time(until: status)
            if rest <= 0 { return SettledFile(path: path, status: status) }
            // The clock of files may be a step behind the finest times that it gives, and stand still on a busy computer.
            guard rest <= 2 * step, watch.seconds < patience else { return nil }
            SystemClock.sleep(seconds: max(Double(rest) / 1e9, 0.001))
        }
        return nil
    }

    /// In how many nanoseconds another write would surely be seen.
    private static func time(until status: FileStatus) -> Int64 {
        let last = max(status.modified, status.changed)
        let isCoarse = status.modified.nanoseconds == 0
        return last.inNanoseconds &+ (isCoarse ? coarseStep : step) &- SystemClock.tick().inNanoseconds
    }

    /// Whether nobody has written to it since.
    var isStill: Bool {
        let now = (try? FileSystem.statusIfExists(of: path, followingLinks: false)) ?? nil
        return now?.isUnchanged(since: status) ?? false
    }

    /// The log of changes that are not in the file yet.
    var log: FilePath { Self.log(of: path) }

    static func log(of path: FilePath) -> FilePath { FilePath(bytes: path.bytes + "-wal".utf8) }

    /// Whether there are no changes that are not in the file yet.
    var isWhole: Bool {
        do throws(FileError) {
            let log = try FileSystem.statusIfExists(of: log, followingLinks: false)
            return (log?.size ?? 0) == 0
        } catch { return false }
    }
}
