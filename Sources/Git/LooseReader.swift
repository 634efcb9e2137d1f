import Deflate
import Files

/// Reads objects that lie in files of their own.
///
/// libgit2 1.5 loops forever on such a file that was cut off, which is just what a power cut leaves behind. So it is
/// never let near them: `LooseBackend` hands it what is read here. Not for two threads at once.
final class LooseReader {
    private let objects: FilePath
    private let inflater = Inflater()
    /// The first bytes of the ids for which there are folders, as they were when somebody looked last; nil before.
    private var folders: Set<UInt8>?
    /// How many objects were looked for in vain since.
    private var vainLooks = 0
    /// From so many on a listing is cheaper: whoever reads a few objects needs none.
    private static let fewLooks = 16
    /// What is surely enough for the header: a word, 19 digits, a space and a NUL.
    private static let headerLimit = 32

    /// Prepares to read from a folder of objects.
    init(objects: FilePath) {
        self.objects = objects
    }

    /// Looks again at which folders there are, with the next object.
    ///
    /// Most objects lie in packs, and each is looked for here before the small ones of those: one listing saves as many
    /// vain looks at files, in each folder that a repository borrows from. libgit2 has it looked again before it says of an
    /// object that there is none.
    func refresh() {
        folders = nil
        vainLooks = 0
    }

    private func mayHold(_ id: ObjectID) throws(GitError) -> Bool {
        if folders == nil {
            guard vainLooks >= Self.fewLooks else { return true }
            folders = try GitError.translating("list objects") { () throws(FileError) in
                guard FileSystem.exists(objects) else { return [] }
                return Set(try Repository.looseFolders(in: objects).compactMap { Self.firstByte(of: $0) })
            }
        }
        return folders?.contains(id.bytes[0]) ?? true
    }

    private static func firstByte(of folder: FilePath) -> UInt8? {
        folder.lastComponent.flatMap { UInt8($0.string, radix: 16) }
    }

    /// Reads an object; nil when there is no file for it. Its bytes are not yet compared to its id.
    func read(_ id: ObjectID) throws(GitError) -> (kind: ObjectKind, bytes: ArraySlice<UInt8>)? {
        guard try mayHold(id) else { return nil }
        let path = LooseWriter.path(of: id, in: objects)
        let packed = try GitError.translating("read object", about: id.hex) { () throws(FileError) in
            try FileSystem.readIfExists(path)
        }
        guard let packed else {
            vainLooks += 1
            return nil
        }
        let start = try inflate(packed, limit: Self.headerLimit, of: id, isPart: true)
        let header = try Self.header(start, of: id)
        let bytes = try inflate(packed, limit: header.length + header.size, of: id, isPart: false)
        guard bytes.count == header.length + header.size else { throw Self.corrupt("it ends too early", id) }
        return (header.kind, bytes[header.length...])
    }

    /// Tells an object's kind and size; nil when there is no file for it.
    func readHeader(_ id: ObjectID) throws(GitError) -> (kind: ObjectKind, size: Int)? {
        guard try mayHold(id) else { return nil }
        let path = LooseWriter.path(of: id, in: objects)
        let start = try GitError.translating("read object", about: id.hex) { () throws(FileError) -> [UInt8]? in
            guard try FileSystem.statusIfExists(of: path) != nil else { return nil }
            let file = try FileDescriptor.open(path, .read, nonBlocking: true)
            var start = [UInt8](repeating: 0, count: 512)
            let got = try start.withUnsafeMutableBufferPointer { (room) throws(FileError) in
                try file.read(into: UnsafeMutableRawBufferPointer(room))
            }
            return Array(start[..<got])
        }
        guard let start else { return nil }
        let header = try Self.header(try inflate(start, limit: Self.headerLimit, of: id, isPart: true), of: id)
        return (header.kind, header.size)
    }

    /// Whether there is a file for the object. An empty one, as a power cut leaves behind, counts as none, so that
    /// the object is written again.
    func contains(_ id: ObjectID) -> Bool {
        let status = try? FileSystem.statusIfExists(of: LooseWriter.path(of: id, in: objects))
        return status.map { $0.kind == .regular && $0.size > 0 } ?? false
    }

    /// The objects of this folder whose ids begin with the same digits as `start`.
    func all(beginningAs start: ObjectID, digits: Int) throws(GitError) -> [ObjectID] {
        let hex = start.hex
        return try GitError.translating("list objects") { () throws(FileError) in
            let folder = objects.appending(String(hex.prefix(2)))
            guard FileSystem.exists(folder) else { return [] }
            return try Repository.looseObjects(in: folder).filter { $0.hasPrefix(hex: hex.prefix(digits)) }
        }
    }

    /// All objects of this folder.
    func all() throws(GitError) -> [ObjectID] {
        try GitError.translating("list objects") { () throws(FileError) in
            var ids: [ObjectID] = []
            for folder in try Repository.looseFolders(in: objects) {
                ids += try Repository.looseObjects(in: folder)
            }
            return ids
        }
    }

    // MARK: The format

    /// Unpacks at most `limit` bytes. With `isPart` it is no error when there are more, or when the file was not
    /// given whole.
    private func inflate(
        _ packed: [UInt8], limit: Int, of id: ObjectID, isPart: Bool
    ) throws(GitError) -> [UInt8] {
        var bytes: [UInt8] = []
        // Nothing shrinks to less than a thousandth, so a header that claims more than that is lying.
        bytes.reserveCapacity(min(limit, packed.count * 1040))
        let used: Int
        do throws(DeflateError) {
            used = try inflater.decompress(packed, limit: limit, into: &bytes)
        } catch {
            if isPart, error.code == .overLimit || error.code == .truncated { return bytes }
            throw GitError(
                .corrupt, "the object's file is damaged: \(error)", call: "read object", subject: id.hex,
                cause: error)
        }
        guard isPart || used == packed.count else { throw Self.corrupt("something follows it", id) }
        return bytes
    }

    private static func header(
        _ bytes: [UInt8], of id: ObjectID
    ) throws(GitError) -> (kind: ObjectKind, size: Int, length: Int) {
        let line = bytes.prefix { $0 != 0 }
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard line.count < bytes.count, parts.count == 2,
            let kind = ObjectKind.allCases.first(where: { parts[0].elementsEqual($0.word.utf8) }),
            1...18 ~= parts[1].count, parts[1].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { throw corrupt("its header cannot be read", id) }
        let size = parts[1].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (kind, size, line.count + 1)
    }

    private static func corrupt(_ what: String, _ id: ObjectID) -> GitError {
        GitError(.corrupt, "the object's file is damaged: \(what)", call: "read object", subject: id.hex)
    }
}
