import Files

extension Repository {
    /// How long an empty lock must stay as it is before it counts as left behind, and how often it is looked at.
    private static let patience = (looks: 10, pause: 0.05)

    /// Removes the lock of a reference if whoever made it is certainly gone. Returns whether the way is free.
    ///
    /// A program that is killed while it moves a reference leaves `refs/….lock` behind, and git then waits for a
    /// person to remove it. It is removed here only when one of these holds:
    ///
    /// - It was made before the machine was started: no process from then is left.
    /// - The caller knows from its own notes that a writer, dead by now, was about to move this very reference to
    ///   `intended`, and the lock holds exactly that. No other program would write the same id there: it was the
    ///   id of a commit that only the dead writer had made.
    /// - As before, and the lock is empty and stays so for half a second. libgit2 holds the lock empty while it
    ///   appends to the reflog; git itself fills it at once after making it, so a living git's would not stay empty.
    ///
    /// The caller must hold the store's exclusive writer lock, so that no writer of its own kind is at work. A lock
    /// with any other content stays, and belongs to a program that plain git's rules apply to.
    ///
    /// - Parameters:
    ///   - intended: what the dead writer was moving the reference to; nil when nothing is known of one.
    ///   - bootTime: when the machine was started, in seconds since 1970; nil when that is unknown.
    public func clearDeadLock(
        of name: String, intended: ObjectID?, bootTime: Int64?
    ) throws(GitError) -> Bool {
        try Self.check(name)
        let lock = lockPath(of: name)
        return try GitError.translating("clearDeadLock", about: name) { () throws(FileError) -> Bool in
            guard let first = try FileSystem.statusIfExists(of: lock, followingLinks: false) else { return true }
            guard first.kind == .regular else { return false }
            if let bootTime, first.changed.seconds < bootTime { return try Self.remove(lock, if: first) }
            guard let intended else { return false }
            for _ in 0..<Self.patience.looks {
                guard let content = try FileSystem.readIfExists(lock, limit: 4096) else { return true }
                if content == Array("\(intended)\n".utf8) { return try Self.remove(lock, if: first) }
                guard content.isEmpty else { return false }
                SystemClock.sleep(seconds: Self.patience.pause)
            }
            return try Self.remove(lock, if: first)
        }
    }

    /// Removes the file if it still is the one that was looked at.
    private static func remove(_ lock: FilePath, if first: FileStatus) throws(FileError) -> Bool {
        guard let now = try FileSystem.statusIfExists(of: lock, followingLinks: false) else { return true }
        guard now == first else { return false }
        _ = try FileSystem.remove(lock)
        return true
    }
}
