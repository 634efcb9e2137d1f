import CLinux
import Glibc

extension FileSystem {
    /// The whole of a plain file; throws `.overLimit` where it has more than `limit` bytes.
    ///
    /// Anything but a plain file is refused, and cannot make the call wait.
    public static func read(_ path: FilePath, limit: Int = .max) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor.open(path, .read, nonBlocking: true)
        let kind = try file.status().kind
        guard kind == .regular else { throw FileError(.notRegular, "read", path, detail: "it is \(kind.words)") }
        return try file.readAll(limit: limit)
    }

    /// The same, or nil where there is no such file.
    public static func readIfExists(_ path: FilePath, limit: Int = .max) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            return try read(path, limit: limit)
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
    }

    /// Writes a small file so that whoever looks sees the old one or the new one, never a part.
    ///
    /// With `durable` it survives a power cut once this returns: the bytes are flushed before the name is moved, and the
    /// directory after. A failure leaves the old file, and no other.
    public static func replaceAtomically(
        _ path: FilePath, with bytes: [UInt8], mode: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) {
        let name = path.lastComponent?.bytes ?? []
        let mark = randomBytes(8).map { hexPair($0) }.joined()
        let temporary = path.parent.appending(bytes: Array(".".utf8) + name.prefix(200) + Array(".\(mark)".utf8))
        do throws(FileError) {
            let file = try FileDescriptor.open(temporary, .write, create: .exclusive, mode: mode)
            try file.setMode(mode)
            try file.write(all: bytes)
            if durable { try file.sync() }
            try rename(temporary, to: path)
            if durable { try syncDirectory(path.parent) }
        } catch {
            _ = try? remove(temporary)
            throw error
        }
    }

    /// Waits until the names in the directory are on the disk as they are now.
    public static func syncDirectory(_ path: FilePath) throws(FileError) {
        try FileDescriptor.openDirectory(path).sync()
    }

    /// Waits until the names in all these directories, which lie on one file system, are on the disk as they are now.
    ///
    /// The order is theirs as long as they are few; many share one flush.
    public static func syncDirectories(_ paths: [FilePath]) throws(FileError) {
        if paths.count > WriteBatch.individualFlushLimit { return try syncFileSystem(containing: paths[0]) }
        for path in paths { try syncDirectory(path) }
    }

    /// Waits until everything that was written to the file system of `path`, by anyone, is on the disk.
    public static func syncFileSystem(containing path: FilePath) throws(FileError) {
        try FileDescriptor.open(path, .read, nonBlocking: true).syncFileSystem()
    }

    /// How many bytes this user may still write to the file system of `path`.
    public static func freeSpace(at path: FilePath) throws(FileError) -> Int64 {
        var facts = statvfs()
        try path.withCString { name throws(FileError) in
            try check("ask for the free space of", path) { statvfs(name, &facts) }
        }
        return Int64(clamping: facts.f_bavail.multipliedReportingOverflow(by: facts.f_frsize).partialValue)
    }

    /// How many bytes the file system of `path` has room for in all.
    public static func capacity(at path: FilePath) throws(FileError) -> Int64 {
        var facts = statvfs()
        try path.withCString { name throws(FileError) in
            try check("ask for the size of the disk of", path) { statvfs(name, &facts) }
        }
        return Int64(clamping: facts.f_blocks.multipliedReportingOverflow(by: facts.f_frsize).partialValue)
    }

    /// Throws `.noSpace` where so many bytes do not fit.
    public static func requireRoom(for bytes: Int64, at path: FilePath) throws(FileError) {
        let free = try freeSpace(at: path)
        guard bytes > free else { return }
        throw FileError(
            .noSpace, "write to", path, detail: "\(bytes) bytes are needed, and \(free) are free")
    }
}

func hexPair(_ byte: UInt8) -> String {
    String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
}
