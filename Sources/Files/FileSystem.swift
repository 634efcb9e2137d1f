import CLinux
import Glibc

/// What can be asked of names and done with them.
public enum FileSystem {
    /// What the system knows about the file; a symbolic link at the end is followed unless `followingLinks` is false.
    public static func status(of path: FilePath, followingLinks: Bool = true) throws(FileError) -> FileStatus {
        var facts = stat()
        try path.withCString { name throws(FileError) in
            try check("look at", path) { followingLinks ? stat(name, &facts) : lstat(name, &facts) }
        }
        return FileStatus(facts)
    }

    /// The same, or nil where there is nothing of that name.
    public static func statusIfExists(
        of path: FilePath, followingLinks: Bool = true
    ) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try status(of: path, followingLinks: followingLinks)
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
    }

    /// Whether the name leads to something; a name that cannot be looked at counts as leading nowhere.
    public static func exists(_ path: FilePath) -> Bool {
        path.withCString { access($0, F_OK) == 0 }
    }

    /// Whether this user may change the file or directory, as far as its permissions and its medium tell.
    public static func isWritable(_ path: FilePath) -> Bool {
        path.withCString { access($0, W_OK) == 0 }
    }

    /// Makes one directory; false where there already is one.
    @discardableResult
    public static func makeDirectory(_ path: FilePath, mode: UInt32 = 0o777) throws(FileError) -> Bool {
        let number = path.withCString { name in uninterrupted { mkdir(name, mode) } == -1 ? errno : 0 }
        if number == 0 { return true }
        if number == EEXIST, try status(of: path).kind == .directory { return false }
        throw FileError(number, "make the directory", path)
    }

    /// Makes the directory and those above that are missing; answers with those it made, the uppermost first.
    @discardableResult
    public static func makeDirectories(_ path: FilePath, mode: UInt32 = 0o777) throws(FileError) -> [FilePath] {
        do throws(FileError) {
            return try makeDirectory(path, mode: mode) ? [path] : []
        } catch {
            let upper = path.parent
            guard error.code == .notFound, upper != path else { throw error }
            let made = try makeDirectories(upper, mode: mode)
            return try makeDirectory(path, mode: mode) ? made + [path] : made
        }
    }

    /// Removes a file or link; false where there was none.
    @discardableResult
    public static func remove(_ path: FilePath) throws(FileError) -> Bool {
        // Below something that is no directory there is nothing either.
        try removed(path, absent: [ENOENT, ENOTDIR]) { unlink($0) }
    }

    /// Removes an empty directory; false where there was none.
    @discardableResult
    public static func removeDirectory(_ path: FilePath) throws(FileError) -> Bool {
        try removed(path, absent: [ENOENT]) { rmdir($0) }
    }

    private static func removed(
        _ path: FilePath, absent: [Int32], _ call: (UnsafePointer<CChar>) -> Int32
    ) throws(FileError) -> Bool {
        let number = path.withCString { name in uninterrupted { call(name) } == -1 ? errno : 0 }
        if number == 0 { return true }
        if absent.contains(number) { return false }
        throw FileError(number, "remove", path)
    }

    /// Removes a file, or a directory with all that is in it; symbolic links are removed, not followed.
    ///
    /// What somebody else removes meanwhile counts as removed. Directories of our own in which nobody may change anything
    /// go too: the trees that are removed are ours, whatever a program has made in them.
    public static func removeTree(_ path: FilePath) throws(FileError) {
        var pending = [(path: path, listed: false)]
        while let (path, listed) = pending.popLast() {
            if listed {
                try removeDirectory(path)
                continue
            }
            guard let entries = try entriesIfDirectory(path) else {
                try remove(path)
                continue
            }
            pending.append((path, true))
            pending += entries.map { (path.appending($0.name), false) }
        }
    }

    /// What is in the directory; nil where it is none, or gone.
    private static func entriesIfDirectory(_ path: FilePath) throws(FileError) -> [DirectoryEntry]? {
        do throws(FileError) {
            let status = try statusIfExists(of: path, followingLinks: false)
            guard let status, status.kind == .directory else { return nil }
            // If it is not ours to open, what comes next says so.
            if status.mode & 0o700 != 0o700 { try? setMode(of: path, to: status.mode | 0o700) }
            return try list(path)
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
    }

    /// Gives a file another name, in one step; a file of that name is replaced.
    public static func rename(_ old: FilePath, to new: FilePath) throws(FileError) {
        let number = twoNames(old, new) { Glibc.rename($0, $1) }
        if number != 0 { throw FileError(number, "rename \(old) to", new) }
    }

    /// Gives a file another name, in one step, unless something has it; false then, and nothing is done.
    public static func renameIfFree(_ old: FilePath, to new: FilePath) throws(FileError) -> Bool {
        let keep: UInt32 = 1  // RENAME_NOREPLACE
        var number = twoNames(old, new) { renameat2(AT_FDCWD, $0, AT_FDCWD, $1, keep) }
        // A file system that does not know the flag: a second name is refused as well where something has it.
        if number == EINVAL || number == ENOSYS {
            number = twoNames(old, new) { Glibc.link($0, $1) }
            if number == 0 { try remove(old) }
        }
        if number == 0 { return true }
        if number == EEXIST { return false }
        throw FileError(number, "rename \(old) to", new)
    }

    /// Gives a file a second name.
    public static func link(_ existing: FilePath, to new: FilePath) throws(FileError) {
        let number = twoNames(existing, new) { Glibc.link($0, $1) }
        if number != 0 { throw FileError(number, "link \(existing) to", new) }
    }

    /// Makes a symbolic link that says `target`.
    public static func symbolicLink(to target: FilePath, at path: FilePath) throws(FileError) {
        let number = twoNames(target, path) { symlink($0, $1) }
        if number != 0 { throw FileError(number, "make the symbolic link", path) }
    }

    private static func twoNames(
        _ first: FilePath, _ second: FilePath, _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) -> Int32 {
        first.withCString { one in
            second.withCString { two in uninterrupted { call(one, two) } == -1 ? errno : 0 }
        }
    }

    /// Sets the permission bits of what the path leads to.
    public static func setMode(of path: FilePath, to mode: UInt32) throws(FileError) {
        try path.withCString { name throws(FileError) in
            try check("set the permissions of", path) { chmod(name, mode) }
        }
    }

    /// The path from the root with every link resolved; what it leads to must exist.
    public static func realPath(_ path: FilePath) throws(FileError) -> FilePath {
        let found = path.withCString { realpath($0, nil) }
        guard let found else { throw FileError(errno, "resolve", path) }
        defer { free(found) }
        return FilePath(bytes: UnsafeRawBufferPointer(start: found, count: strlen(found)))
    }
}
