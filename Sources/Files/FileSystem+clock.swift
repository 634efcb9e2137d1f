import Glibc

extension FileSystem {
    /// What time it is by the clock of the file system that the directory lies on, which another computer may have.
    ///
    /// It is read from a file that is made there for a moment.
    public static func clock(of directory: FilePath) throws(FileError) -> FileTime {
        let path = directory.appending(".clock-" + randomBytes(8).map(hexPair).joined())
        let file = try FileDescriptor.open(path, .write, create: .exclusive, mode: 0o600)
        defer { _ = try? remove(path) }
        return try file.status().modified
    }

    /// Gives a file the time that it is now, by the clock of its file system.
    public static func touch(_ path: FilePath) throws(FileError) {
        try path.withCString { name throws(FileError) in
            try check("set the time of", path) { utimensat(AT_FDCWD, name, nil, AT_SYMLINK_NOFOLLOW) }
        }
    }
}

extension FileTime {
    /// Whether a day or more has passed since, by the same clock; what seems to come from the future is young.
    public func isDayOld(at now: FileTime) -> Bool { now.seconds - seconds >= 86_400 }
}

extension SystemClock {
    /// The time that a file of this computer is given if it is written to now: it may stand still for some milliseconds.
    public static func tick() -> FileTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return FileTime(time)
    }
}
