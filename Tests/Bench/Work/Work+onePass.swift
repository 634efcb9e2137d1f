import Digest
import Files

extension Work {
    private static let pieceSize = 1 << 20

    /// The least that a safe copy with a checksum can cost on one core: each byte is read, hashed and written once, and
    /// one flush at the end makes all of it durable.
    ///
    /// With `sorting` each file gets the name and the two folders that git-lfs has for its hash, which is what that layout
    /// costs beyond.
    static func onePass(from source: FilePath, to target: FilePath, sorting: Bool) throws {
        let watch = Stopwatch()
        try FileSystem.makeDirectory(target)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 4096)
        defer { buffer.deallocate() }
        let hash = SHA256()
        for entry in try FileSystem.list(source) where entry.kind == .regular {
            let reading = try FileDescriptor.open(source.appending(entry.name), .read)
            let writing = try FileDescriptor.open(target.appending(entry.name), .write, create: .exclusive)
            while case let count = try reading.read(into: buffer), count > 0 {
                let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(piece)
                try writing.write(all: piece)
            }
            let name = hash.finish().hex
            if sorting { try rename(target.appending(entry.name), to: name, in: target) }
        }
        try FileSystem.syncFileSystem(containing: target)
        print(watch.seconds)
    }

    private static func rename(_ file: FilePath, to name: String, in target: FilePath) throws {
        let folder = target.appending(String(name.prefix(2))).appending(String(name.dropFirst(2).prefix(2)))
        try FileSystem.makeDirectories(folder)
        try FileSystem.rename(file, to: folder.appending(name))
    }
}
