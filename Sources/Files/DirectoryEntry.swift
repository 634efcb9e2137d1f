import Glibc

/// A name in a directory and what it stands for.
public struct DirectoryEntry: Sendable, Hashable {
    /// The name, one component.
    public let name: FilePath
    /// What it stands for; a symbolic link is a link, whatever it leads to.
    public let kind: FileKind
}

extension FileSystem {
    /// What is in the directory, sorted by the bytes of the names, without `.` and `..`.
    public static func list(_ path: FilePath) throws(FileError) -> [DirectoryEntry] {
        guard let stream = path.withCString({ opendir($0) }) else { throw FileError(errno, "list", path) }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        while let entry = try nextEntry(of: stream, in: path) {
            if let entry = try resolved(entry, in: path) { entries.append(entry) }
        }
        return entries.sorted { $0.name < $1.name }
    }

    private static func nextEntry(
        of stream: OpaquePointer, in path: FilePath
    ) throws(FileError) -> (name: FilePath, type: UInt8)? {
        errno = 0
        while let found = readdir(stream) {
            // The structure is longer than its declaration where the name is: so the name is read in place.
            guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { return nil }
            let name = UnsafeRawPointer(found) + offset
            let length = strlen(name.assumingMemoryBound(to: CChar.self))
            let bytes = UnsafeRawBufferPointer(start: name, count: length)
            if !bytes.elementsEqual(".".utf8) && !bytes.elementsEqual("..".utf8) {
                return (FilePath(bytes: bytes), found.pointee.d_type)
            }
        }
        if errno != 0 { throw FileError(errno, "list", path) }
        return nil
    }

    /// Looks at the entry itself where the file system keeps no kinds in its directories; nil where it is gone.
    private static func resolved(
        _ entry: (name: FilePath, type: UInt8), in path: FilePath
    ) throws(FileError) -> DirectoryEntry? {
        // The type in a directory is that of the mode, four bits wide.
        if entry.type != 0 {
            return DirectoryEntry(name: entry.name, kind: FileKind(mode: UInt32(entry.type) << 12))
        }
        let status = try statusIfExists(of: path.appending(entry.name), followingLinks: false)
        return status.map { DirectoryEntry(name: entry.name, kind: $0.kind) }
    }
}
