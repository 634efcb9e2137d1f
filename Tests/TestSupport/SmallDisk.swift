public import Files
import Glibc

/// A file system of a test's own, in memory, that can be filled up and made read-only. Only root can have one.
public struct SmallDisk {
    /// Where it is mounted.
    public let path: FilePath

    /// Calls `body` with a disk that holds so much (`8m`), mounted at a new directory below `place`.
    public static func with<R>(at place: FilePath, size: String, _ body: (SmallDisk) throws -> R) throws -> R {
        let disk = SmallDisk(path: place.appending("disk"))
        try FileSystem.makeDirectory(disk.path)
        try disk.mount("-t", "tmpfs", "-o", "size=\(size)", "tmpfs", disk.path.string)
        defer { _ = try? run(command: "umount", arguments: ["-l", disk.path.string]) }
        return try body(disk)
    }

    private func mount(_ words: String...) throws {
        let result = try run(command: "mount", arguments: words)
        guard result.status == 0 else { throw RunError(description: "mount \(words): \(result.stderr)") }
    }

    /// Lets nobody write to it any more, or lets them again.
    public func setReadOnly(_ isReadOnly: Bool) throws {
        try mount("-o", "remount,\(isReadOnly ? "ro" : "rw")", path.string)
    }

    /// How many bytes can still be written.
    public func freeBytes() throws -> Int {
        var facts = statvfs()
        guard path.withCString({ statvfs($0, &facts) }) == 0 else {
            throw RunError(description: "cannot look at \(path)")
        }
        return Int(facts.f_bavail) * Int(facts.f_bsize)
    }

    /// Takes space away until only so much is free; answers the file that takes it.
    public func fill(leaving rest: Int) throws -> FilePath {
        let ballast = path.appending("ballast")
        let size = try freeBytes() - rest
        try FileSystem.write([UInt8](repeating: 0x55, count: max(0, size)), to: ballast)
        return ballast
    }
}
