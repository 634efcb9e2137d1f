import Digest
public import Files

/// What a look at one pack and its index found.
public struct PackReading: Hashable, Sendable {
    /// What is wrong with a pack.
    public enum Fault: Hashable, Sendable {
        /// There is an index, and no pack for it.
        case packMissing
        /// There is a pack, and no index: none of its objects can be found.
        case indexMissing
        /// The index is not one of this pack, for this reason.
        case indexDamaged(String)
        /// The pack is cut off or has other bytes than it was written with, as this says.
        case packDamaged(String)
    }

    /// The name of both files without extension.
    public let name: String
    /// How many objects the index has.
    public let objects: Int
    /// What is wrong with it, if anything.
    public let fault: Fault?
}

extension Repository {
    /// Looks at every byte of every pack: the checksums of pack and index must be right and fit one another.
    ///
    /// A pack that another program takes away meanwhile is passed over. `visit` is called after each, with its bytes.
    public static func checkPacks(at path: FilePath, _ visit: (PackReading, Int64) throws -> Void) throws {
        let folder = path.appending("objects/pack")
        guard FileSystem.exists(folder) else { return }
        let names = try FileSystem.list(folder).map(\.name).filter { ["pack", "idx"].contains($0.fileExtension) }
        for name in Set(names.map(\.stem)).sorted() {
            let file = PackFiles(folder: folder, name: name)
            guard let reading = try file.check() else { continue }
            try visit(reading, (try? FileSystem.status(of: file.pack).size) ?? 0)
        }
    }
}

/// The two files of a pack.
struct PackFiles {
    let folder: FilePath
    let name: String

    var pack: FilePath { folder.appending("\(name).pack") }
    var index: FilePath { folder.appending("\(name).idx") }

    /// What is wrong with the pack; nil where it is gone as a whole by now.
    func check() throws(GitError) -> PackReading? {
        try GitError.translating("check pack", about: name) { () throws(FileError) in
            let (hasPack, hasIndex) = (FileSystem.exists(pack), FileSystem.exists(index))
            guard hasPack || hasIndex else { return nil }
            guard hasPack else { return PackReading(name: name, objects: 0, fault: .packMissing) }
            guard hasIndex else { return PackReading(name: name, objects: 0, fault: .indexMissing) }
            do throws(FileError) { return try compare() } catch {
                if error.isAbsent { return nil }
                guard error.code == .notRegular else { throw error }
                return PackReading(name: name, objects: 0, fault: .indexDamaged("\(error)"))
            }
        }
    }

    private func compare() throws(FileError) -> PackReading {
        let bytes = try FileSystem.read(index)
        let found = try PackSum(of: pack)
        if let fault = found.fault { return PackReading(name: name, objects: 0, fault: .packDamaged(fault)) }
        do throws(GitError) {
            let entries = try PackIndex.decode(bytes, of: name, packSize: Int(found.size))
            guard bytes.dropLast(20).suffix(20).elementsEqual(found.checksum), entries.count == found.count else {
                return PackReading(name: name, objects: 0, fault: .indexDamaged("it is the index of another pack"))
            }
            return PackReading(name: name, objects: entries.count, fault: nil)
        } catch {
            return PackReading(name: name, objects: 0, fault: .indexDamaged(error.message))
        }
    }
}

/// What a pass over all bytes of a pack found.
private struct PackSum {
    let size: Int64
    let count: Int
    /// The checksum at its end.
    let checksum: [UInt8]
    let fault: String?

    private static let pieceSize = 1 << 20

    init(of path: FilePath) throws(FileError) {
        let file = try FileDescriptor.open(path, .read, nonBlocking: true)
        let status = try file.status()
        size = status.size
        file.expectSequentialReading()
        guard status.kind == .regular else {
            (count, checksum, fault) = (0, [], "there is \(status.kind.words) in its place")
            return
        }
        var (start, end): ([UInt8], [UInt8]) = ([], [])
        let hash = SHA1()
        var buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        while true {
            let got = try buffer.withUnsafeMutableBufferPointer { (room) throws(FileError) in
                try file.read(into: UnsafeMutableRawBufferPointer(room))
            }
            if got == 0 { break }
            if start.count < 12 { start += buffer[..<min(12, got)] }
            // The last twenty bytes may be spread over two pieces, and are not hashed.
            end += buffer[..<got]
            hash.update(Array(end.dropLast(20)))
            end = Array(end.suffix(20))
        }
        checksum = end
        count = start.count >= 12 ? start[8..<12].reduce(0) { $0 << 8 | Int($1) } : 0
        if size < 32 || !start.starts(with: PackWriter.header(count: 0).prefix(8)) {
            fault = "it is no pack"
        } else {
            fault = hash.finish() == end ? nil : "it does not have the checksum that it was written with"
        }
    }
}
