import Deflate
import Files

/// Finds the objects of a pack by going through the pack itself, for want of an index that can be believed.
///
/// The whole pack is held in memory. What is damaged is passed over where an index, though itself doubtful, says where the
/// next object begins; else the scan ends there.
final class PackScan {
    /// An object that was found.
    struct Found {
        let id: ObjectID
        let kind: ObjectKind
        let bytes: [UInt8]
        /// Where its stored form lies in the pack.
        let range: Range<Int>
    }

    private enum Base { case none, offset(Int), id(ObjectID) }

    private struct Stored {
        let kind: Int
        let base: Base
        let bytes: [UInt8]
        let end: Int
    }

    private let pack: [UInt8]
    private let end: Int
    private let starts: [Int]
    private let repository: Repository
    private let inflater = Inflater()
    private let naming = ObjectNaming()
    /// The objects found so far that others may be stored as differences to.
    private var offsets: [ObjectID: Int] = [:]
    /// How many objects the pack says that it has.
    let announced: Int

    /// Reads a pack; `starts` is where objects begin, as far as an index says.
    init(of path: FilePath, starts: [Int], in repository: Repository) throws(GitError) {
        pack = try GitError.translating("read pack", about: path.string) { () throws(FileError) in
            try FileSystem.read(path)
        }
        end = max(pack.count - 20, 0)
        self.starts = starts.sorted()
        self.repository = repository
        announced = pack.count < 12 ? 0 : pack[8..<12].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Calls `body` with every object that can be read, in the order of the pack. Answers whether that was all.
    func forEach(_ body: (Found) throws(GitError) -> Void) throws(GitError) -> Bool {
        var offset = PackWriter.headerSize
        var count = 0
        while offset < end {
            guard let stored = try? stored(at: offset) else {
                guard let next = starts.first(where: { $0 > offset }) else { return false }
                offset = next
                continue
            }
            if let (kind, bytes) = try? content(of: stored, at: offset, depth: 0) {
                let id = naming.id(of: kind, bytes)
                offsets[id] = offset
                count += 1
                try body(Found(id: id, kind: kind, bytes: bytes, range: offset..<stored.end))
            }
            offset = stored.end
        }
        return count == announced && offset == end
    }

    // MARK: One object

    private func content(
        of stored: Stored, at offset: Int, depth: Int
    ) throws(GitError) -> (kind: ObjectKind, bytes: [UInt8]) {
        if let kind = ObjectKind(rawValue: Int32(stored.kind)) { return (kind, stored.bytes) }
        // git itself makes no longer chains than 4,095.
        guard depth < 4096 else { throw Delta.corrupt("it has no end") }
        let base = try base(of: stored, at: offset, depth: depth)
        return (base.kind, try Delta.apply(stored.bytes, to: base.bytes))
    }

    private func base(
        of stored: Stored, at offset: Int, depth: Int
    ) throws(GitError) -> (kind: ObjectKind, bytes: [UInt8]) {
        switch stored.base {
        case .offset(let back):
            guard back > 0, offset - back >= PackWriter.headerSize else { throw Delta.corrupt("it has no base") }
            return try content(of: self.stored(at: offset - back), at: offset - back, depth: depth + 1)
        case .id(let id):
            guard let place = offsets[id] else { return try repository.readObject(id) }
            return try content(of: self.stored(at: place), at: place, depth: depth + 1)
        case .none: throw Delta.corrupt("it has no base")
        }
    }

    private func stored(at start: Int) throws(GitError) -> Stored {
        var offset = start
        let first = try byte(&offset)
        let kind = Int(first >> 4 & 7)
        var size = Int(first & 15)
        var shift = 4
        var more = first & 0x80 != 0
        while more {
            let next = try byte(&offset)
            guard shift < 56 else { throw Delta.corrupt("its size cannot be") }
            size |= Int(next & 0x7F) << shift
            shift += 7
            more = next & 0x80 != 0
        }
        let base = try base(ofKind: kind, &offset)
        var bytes: [UInt8] = []
        let used = try inflate(from: offset, size: size, into: &bytes)
        return Stored(kind: kind, base: base, bytes: bytes, end: offset + used)
    }

    private func base(ofKind kind: Int, _ offset: inout Int) throws(GitError) -> Base {
        switch kind {
        case 1...4: return .none
        case 6:
            var next = try byte(&offset)
            var value = Int(next & 0x7F)
            while next & 0x80 != 0 {
                next = try byte(&offset)
                guard value < 1 << 48 else { throw Delta.corrupt("its base cannot be") }
                value = (value + 1) << 7 | Int(next & 0x7F)
            }
            return .offset(value)
        case 7:
            guard end - offset >= 20, let id = ObjectID(bytes: pack[offset..<(offset + 20)]) else { break }
            offset += 20
            return .id(id)
        default: break
        }
        throw Delta.corrupt("it is of no kind")
    }

    private func byte(_ offset: inout Int) throws(GitError) -> UInt8 {
        guard offset < end else { throw Delta.corrupt("it is cut off") }
        defer { offset += 1 }
        return pack[offset]
    }

    private func inflate(from offset: Int, size: Int, into bytes: inout [UInt8]) throws(GitError) -> Int {
        do throws(DeflateError) {
            let used = try pack.withUnsafeBufferPointer { (pack) throws(DeflateError) in
                let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: pack[offset..<end]))
                return try inflater.decompress(rest, limit: size, into: &bytes)
            }
            if bytes.count == size { return used }
        } catch { throw Delta.corrupt("\(error)") }
        throw Delta.corrupt("it ends too early")
    }

    /// The CRC-32 of an object's stored form, as indexes have it.
    func checksum(of found: Found) -> UInt32 {
        pack.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[found.range])) }
    }

    /// The checksum at the pack's end.
    var trailer: [UInt8] { Array(pack.suffix(20)) }
}
