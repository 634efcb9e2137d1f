import Deflate
import Digest
import Files

/// Reads a pack's objects in the form that they are stored in, one after the other.
///
/// Everything is checked before it is believed: the index by its checksum and its arithmetic, each object by the
/// CRC-32 that the index has for it.
struct PackReader: ~Copyable {
    /// An object as it lies in the pack.
    struct Stored {
        let id: ObjectID
        let checksum: UInt32
        /// Nil for an object that is stored as its difference to another.
        let kind: ObjectKind?
    }

    private static let trailerSize = 20
    private static let windowSize = 1 << 20

    private let name: String
    private let file: FileDescriptor
    /// Where the last object ends.
    private let end: Int
    private let entries: [PackIndex.Entry]
    private var next = 0
    private var window: [UInt8] = []
    private var windowStart = 0

    /// How many objects the pack has.
    var count: Int { entries.count }

    /// Opens a pack and reads its index.
    ///
    /// - Throws: `corrupt` for what is not a sound index of this pack, `fileSystem` for what cannot be read.
    init(_ pack: StoredPack) throws(GitError) {
        let file = try GitError.translating("read pack", about: pack.name) { () throws(FileError) in
            try FileDescriptor.open(pack.file("pack"), .read, nonBlocking: true)
        }
        let index = try GitError.translating("read pack", about: pack.name) { () throws(FileError) in
            try FileSystem.read(pack.file("idx"))
        }
        let entries = try PackIndex.decode(index, of: pack.name, packSize: Int(pack.size))
        let header = try Self.read(PackWriter.headerSize, at: 0, from: file, of: pack.name)
        guard header == PackWriter.header(count: entries.count) else {
            throw PackIndex.corrupt("the pack's header does not fit its index", pack.name)
        }
        name = pack.name
        end = Int(pack.size) - Self.trailerSize
        self.file = file
        self.entries = entries
    }

    /// Lends the next object, in the order of the file, for one call; false when there is none left.
    ///
    /// - Throws: `corrupt` when the bytes are not those that the index was made for.
    mutating func withNext(
        _ body: (Stored, UnsafeRawBufferPointer) throws(GitError) -> Void
    ) throws(GitError) -> Bool {
        guard next < entries.count else { return false }
        let entry = entries[next]
        let limit = next + 1 < entries.count ? entries[next + 1].offset : end
        next += 1
        if entry.offset < windowStart || limit > windowStart + window.count {
            try moveWindow(to: entry.offset, limit)
        }
        let range = (entry.offset - windowStart)..<(limit - windowStart)
        try window.withUnsafeBufferPointer { (window) throws(GitError) in
            let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: window[range]))
            guard let first = bytes.first, Checksum.crc32(bytes) == entry.checksum else {
                throw PackIndex.corrupt("object \(entry.id) is damaged", name)
            }
            let kind = ObjectKind(rawValue: Int32(first >> 4 & 7))
            try body(Stored(id: entry.id, checksum: entry.checksum, kind: kind), bytes)
        }
        return true
    }

    private mutating func moveWindow(to offset: Int, _ limit: Int) throws(GitError) {
        let size = min(max(Self.windowSize, limit - offset), end - offset)
        window = try Self.read(size, at: offset, from: file, of: name)
        windowStart = offset
    }

    private static func read(
        _ count: Int, at start: Int, from file: borrowing FileDescriptor, of name: String
    ) throws(GitError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got: Int
            do throws(FileError) {
                got = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(FileError) in
                    let rest = UnsafeMutableBufferPointer(rebasing: bytes[done...])
                    return try file.pread(into: UnsafeMutableRawBufferPointer(rest), at: Int64(start + done))
                }
            } catch {
                throw GitError(error, call: "read pack", subject: name)
            }
            guard got > 0 else { throw PackIndex.corrupt("the pack is cut off", name) }
            done += got
        }
        return bytes
    }
}
