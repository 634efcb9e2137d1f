import Files
import Glibc
import TestSupport

/// A file system in a file. What is in the file at a moment is what a power cut in that moment leaves of the disk:
/// what was written and not flushed is in the computer's memory, and not there.
struct LoopDisk {
    /// File systems, and how they are mounted: what nobody flushes is kept back for as long as can be.
    enum Kind: String, CaseIterable {
        case ext4
        /// Names may come to the disk before the bytes that they lead to.
        case ext4Writeback = "ext4 with data=writeback"
        case xfs

        fileprivate var options: String {
            switch self {
            case .ext4: "loop,commit=300"
            case .ext4Writeback: "loop,commit=300,data=writeback,noauto_da_alloc"
            case .xfs: "loop"
            }
        }

        fileprivate var megabytes: Int { self == .xfs ? 300 : 64 }

        fileprivate func format(_ image: FilePath) -> [String] {
            self == .xfs ? ["mkfs.xfs", "-q", image.string] : ["mkfs.ext4", "-q", "-F", image.string]
        }

        /// Whether such a disk can be made and mounted here.
        var isPossible: Bool {
            guard geteuid() == 0 else { return false }
            return (try? withTemporaryDirectory { place in try LoopDisk.with(self, at: place) { _ in true } })
                ?? false
        }
    }

    let kind: Kind
    /// The file that stands for the disk.
    let image: FilePath
    /// Where it is mounted.
    let path: FilePath

    /// Calls `body` with a new disk, which is gone afterwards.
    static func with<R>(_ kind: Kind, at place: FilePath, _ body: (LoopDisk) throws -> R) throws -> R {
        let image = place.appending("image")
        defer { _ = try? FileSystem.remove(image) }
        try command(["truncate", "--size", "\(kind.megabytes)M", image.string])
        try command(kind.format(image))
        return try LoopDisk(kind: kind, image: image, path: place.appending("disk")).whileMounted(body)
    }

    /// Calls `body` with another disk as this one's file was at some moment, as a computer finds it that is started
    /// again. The copy is gone afterwards.
    func afterPowerCut<R>(copy: FilePath, at place: FilePath, _ body: (LoopDisk) throws -> R) throws -> R {
        defer { _ = try? FileSystem.remove(copy) }
        return try LoopDisk(kind: kind, image: copy, path: place).whileMounted(body)
    }

    private func whileMounted<R>(_ body: (LoopDisk) throws -> R) throws -> R {
        try FileSystem.makeDirectory(path)
        // The copy of a mounted xfs has its identifier, too.
        let options = kind == .xfs ? kind.options + ",nouuid" : kind.options
        try LoopDisk.command(["mount", "-o", options, image.string, path.string])
        // The loop device goes with the mount; a lazy one goes even where a program that failed stays in it.
        defer {
            if (try? LoopDisk.command(["umount", path.string])) == nil {
                _ = try? LoopDisk.command(["umount", "-l", path.string])
            }
        }
        return try body(self)
    }

    /// Copies the file as it lies, without having anything flushed before.
    func cut(to copy: FilePath) throws {
        try LoopDisk.command(["cp", "--sparse=always", image.string, copy.string])
    }

    private static func command(_ words: [String]) throws {
        // Programs for the administrator are not in everybody's path.
        let environment = ["PATH": "/usr/sbin:/sbin:/usr/bin:/bin"]
        let result = try run(
            command: "env", arguments: words, environment: environment)
        guard result.status == 0 else { throw Unexpected("\(words): \(result.stderr)") }
    }
}
