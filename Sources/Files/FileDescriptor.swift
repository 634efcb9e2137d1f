import CLinux
import Glibc

/// An open file, closed when its owner goes.
///
/// Every call is made again when a signal interrupts it. The path is kept for what errors say. One descriptor may be
/// read and written at given offsets from several threads; its own position is one for all of them.
public struct FileDescriptor: ~Copyable, Sendable {
    /// What the file is opened for.
    public enum Access: Sendable { case read, write, readWrite }

    /// What happens when there is no such file, or already one.
    public enum Creation: Sendable {
        /// It must exist.
        case never
        /// It must not exist, not even as a link.
        case exclusive
        /// It is made where it is missing.
        case ifMissing
    }

    /// The system's number, valid as long as this value lives.
    public private(set) var raw: Int32
    /// The name it was opened by.
    public let path: FilePath

    /// Takes over an open descriptor, which it will close.
    public init(owning raw: Int32, path: FilePath) {
        self.raw = raw
        self.path = path
    }

    deinit {
        if raw >= 0 { _ = Glibc.close(raw) }
    }

    /// Opens a file. The descriptor is not inherited by programs that are started.
    ///
    /// With `nonBlocking` a pipe without a writer opens at once instead of waiting for one. With `noFollow` a symbolic
    /// link at the end of the path is an error, `.tooManyLinks`.
    public static func open(
        _ path: FilePath, _ access: Access, create: Creation = .never, mode: UInt32 = 0o644, noFollow: Bool = false,
        nonBlocking: Bool = false, truncate: Bool = false, append: Bool = false
    ) throws(FileError) -> FileDescriptor {
        var flags = O_CLOEXEC
        switch access {
        case .read: flags |= O_RDONLY
        case .write: flags |= O_WRONLY
        case .readWrite: flags |= O_RDWR
        }
        switch create {
        case .never: break
        case .exclusive: flags |= O_CREAT | O_EXCL
        case .ifMissing: flags |= O_CREAT
        }
        if noFollow { flags |= O_NOFOLLOW }
        if nonBlocking { flags |= O_NONBLOCK }
        if truncate { flags |= O_TRUNC }
        if append { flags |= O_APPEND }
        return try open(path, flags: flags, mode: mode, operation: create == .never ? "open" : "create")
    }

    /// Opens a directory, to lock it or to make it durable.
    public static func openDirectory(_ path: FilePath) throws(FileError) -> FileDescriptor {
        try open(path, flags: O_RDONLY | O_CLOEXEC | O_DIRECTORY, mode: 0, operation: "open")
    }

    private static func open(
        _ path: FilePath, flags: Int32, mode: UInt32, operation: String
    ) throws(FileError) -> FileDescriptor {
        let raw = try path.withCString { name throws(FileError) in
            try check(operation, path) { Glibc.open(name, flags, mode) }
        }
        return FileDescriptor(owning: raw, path: path)
    }

    /// Closes it and tells what the system reports on that occasion, which some file systems keep errors for.
    public consuming func close() throws(FileError) {
        let number = raw
        raw = -1
        // Not made again after a signal: Linux has given the number back by then.
        if Glibc.close(number) == -1 && errno != EINTR { throw FileError(errno, "close", path) }
    }
}

extension FileDescriptor {
    /// Hands the system's number to whoever will close it.
    public consuming func release() -> Int32 {
        let number = raw
        raw = -1
        return number
    }

    /// Reads at the position; 0 means that the end is reached.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        try check("read", path) { Glibc.read(raw, buffer.baseAddress, buffer.count) }
    }

    /// Reads at `offset`, not moving the position; 0 means that the end is reached.
    public func pread(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        try check("read", path) { Glibc.pread(raw, buffer.baseAddress, buffer.count, Int(offset)) }
    }

    /// Reads from the position to the end.
    ///
    /// Throws `.overLimit` when there are more than `limit` bytes, having read no more than one beyond.
    public func readAll(limit: Int = .max) throws(FileError) -> [UInt8] {
        var bytes = [UInt8]()
        var room = min(max(Int(try status().size), 0) + 1, 1 << 16)
        while true {
            let wanted = limit == .max ? room : min(room, limit - bytes.count + 1)
            let got = try append(to: &bytes, atMost: wanted)
            if got == 0 { return bytes }
            if bytes.count > limit { throw FileError(.overLimit, "read", path) }
            room = min(max(room, bytes.count), 1 << 24)
        }
    }

    private func append(to bytes: inout [UInt8], atMost count: Int) throws(FileError) -> Int {
        var failure: FileError?
        var got = 0
        let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(FileError) {
                got = try read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch { failure = error }
            initialized = got
        }
        if let failure { throw failure }
        if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
        return got
    }

    /// Writes all the bytes at the position.
    public func write(all bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let done = try check("write", path) { Glibc.write(raw, rest.baseAddress, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
        }
    }

    /// Writes all the bytes at the position.
    public func write(all bytes: [UInt8]) throws(FileError) {
        try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
            try write(all: UnsafeRawBufferPointer(buffer))
        }
    }

    /// Writes all the bytes at `offset`, not moving the position.
    public func pwrite(all bytes: UnsafeRawBufferPointer, at offset: Int64) throws(FileError) {
        var rest = bytes
        var position = Int(offset)
        while !rest.isEmpty {
            let done = try check("write", path) { Glibc.pwrite(raw, rest.baseAddress, rest.count, position) }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
            position += done
        }
    }

    /// Moves the position to `offset`.
    public func seek(to offset: Int64) throws(FileError) {
        try check("seek in", path) { lseek(raw, Int(offset), SEEK_SET) }
    }

    /// Makes the file `size` bytes long.
    public func truncate(to size: Int64) throws(FileError) {
        try check("shorten", path) { ftruncate(raw, Int(size)) }
    }
}

extension FileDescriptor {
    /// Waits until the bytes and the size are on the disk.
    public func sync() throws(FileError) {
        try check("flush", path) { fsync(raw) }
    }

    /// Lets the system begin to write the bytes out, and does not wait; a `length` of 0 means to the end.
    ///
    /// It is advice: what cannot be begun now is written by ``sync()``, which also tells about failures.
    public func startWriteback(offset: Int64 = 0, length: Int64 = 0) {
        let write: UInt32 = 2  // SYNC_FILE_RANGE_WRITE
        _ = sync_file_range(raw, offset, length, write)
    }

    /// Tells the system that the file will be read from start to end, so that it reads further ahead.
    public func expectSequentialReading() {
        _ = posix_fadvise(raw, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    /// Waits until everything that was written to the file system of this file, by anyone, is on the disk.
    public func syncFileSystem() throws(FileError) {
        try check("flush the file system of", path) { syncfs(raw) }
    }

    /// What the system knows about the file.
    public func status() throws(FileError) -> FileStatus {
        var facts = stat()
        try check("look at", path) { fstat(raw, &facts) }
        return FileStatus(facts)
    }

    /// What the system knows about something in this directory, by its relative name; nil where there is nothing of that
    /// name. A symbolic link at its end is not followed.
    public func status(ofEntry name: FilePath) throws(FileError) -> FileStatus? {
        var facts = stat()
        do throws(FileError) {
            try name.withCString { text throws(FileError) in
                try check("look at", path.appending(name)) { fstatat(raw, text, &facts, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
        return FileStatus(facts)
    }

    /// Sets the permission bits, whatever the mask for new files says.
    public func setMode(_ mode: UInt32) throws(FileError) {
        try check("set the permissions of", path) { fchmod(raw, mode) }
    }

    /// Makes this file share the blocks of `source`; false where the file systems cannot do that, nothing is done then.
    public func reflink(from source: borrowing FileDescriptor) throws(FileError) -> Bool {
        let from = source.raw
        guard uninterrupted({ offbeat_linux_clone(raw, from) }) == -1 else { return true }
        switch errno {
        case EOPNOTSUPP, ENOTTY, ENOSYS, EXDEV, EINVAL, EPERM, EISDIR, EBADF, ETXTBSY: return false
        case let number: throw FileError(number, "clone to", path)
        }
    }

    /// Tries to lock the file for this descriptor alone; false where somebody else has it.
    ///
    /// The lock ends with the descriptor, so also with the process.
    public func tryLock(shared: Bool = false) throws(FileError) -> Bool {
        guard uninterrupted({ flock(raw, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) }) == -1 else { return true }
        let number = errno
        if number == EWOULDBLOCK { return false }
        throw FileError(number, "lock", path)
    }

    /// Locks the file for this descriptor alone, however long that takes.
    func lock() throws(FileError) {
        if uninterrupted({ flock(raw, LOCK_EX) }) == -1 { throw FileError(errno, "lock", path) }
    }
}
