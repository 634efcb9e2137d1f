import Deflate
import Files

/// Names the objects of a pack that are stored as differences, by putting them together.
///
/// It goes from what is whole to what differs from it, and on to what differs from that. What lies between is held in memory
/// up to a limit; beyond it, it is put together again when it is needed again. Not for two threads at once.
final class DeltaResolution {
    /// An object of which others are made.
    private struct Frame {
        let object: Int
        /// Its bytes; nil where they were let go of.
        var bytes: [UInt8]?
        /// The next that differs from it.
        var next: Int32
    }

    /// git makes no longer chains than 4,095.
    private static let depthLimit = 4096
    /// So many bytes of what lies between are held.
    static let heldLimit = 48 << 20
    private static let none: Int32 = -1

    private var objects: PackArrival.Objects
    /// The kinds of all objects of the pack, once they have their names.
    private(set) var kinds: [UInt8]
    private let named: NamedObjects?
    private let file: FileDescriptor
    /// How many objects the pack has. Those that are borrowed come after them.
    private let count: Int
    private let end: Int
    private let limits: FetchLimits
    private let heldLimit: Int
    /// Has what is here already, which what comes may be stored as the difference to.
    private let lender: Repository?
    /// What was taken from there, and the pack has not.
    private(set) var borrowed: [ObjectID] = []
    private let naming = ObjectNaming()
    private let inflater = Inflater()
    /// For each object the first that differs from it, and for each of these the next that does.
    private var firsts: [Int32] = []
    private var siblings: [Int32] = []
    /// Those whose base is given by its id and was not met yet.
    private var waiting: [ObjectID: [Int]] = [:]
    private var frames: [Frame] = []
    private var held = 0
    private var work = 0
    private var resolved = 0

    /// Prepares to name the objects of a pack, the last of which ends at `end`.
    init(
        of objects: PackArrival.Objects, in path: FilePath, endingAt end: Int, limits: FetchLimits,
        lender: Repository? = nil, noting named: NamedObjects? = nil, heldLimit: Int = DeltaResolution.heldLimit
    ) throws(GitError) {
        self.objects = objects
        kinds = objects.kinds
        self.named = named
        self.lender = lender
        count = objects.offsets.count
        self.end = end
        self.limits = limits
        self.heldLimit = heldLimit
        file = try GitError.translating("receive pack") { () throws(FileError) in
            try FileDescriptor.open(path, .read)
        }
    }

    /// The ids of all objects, in the order of the pack.
    ///
    /// - Throws: `damagedPack` for a difference that does not fit, or is one to what the pack has not; `tooLarge`, `stopped`.
    func run(isStopped: () -> Bool) throws -> [ObjectID] {
        let total = objects.differences.count + objects.namedDifferences.count
        guard total > 0 else { return objects.ids }
        link()
        for root in objects.ids.indices where objects.kinds[root] < 6 && firsts[root] != Self.none {
            try resolve(from: root, isStopped)
        }
        // In the order of ids, so that the same pack comes of it each time. Some may be met on the way to others.
        for id in waiting.keys.sorted() where waiting[id] != nil { try resolve(from: try borrow(id), isStopped) }
        guard resolved == total else {
            throw WireError.damaged("an object is the difference to one that is not in it")
        }
        let ids = Array(objects.ids[..<count])
        // What was borrowed may turn out to be in the pack as well.
        let own = borrowed.isEmpty ? [] : Set(ids)
        borrowed = borrowed.filter { !own.contains($0) }
        return ids
    }

    /// Takes an object that is here already for one of those that others are made of.
    private func borrow(_ id: ObjectID) throws -> Int {
        guard let lender, lender.contains(id) else {
            throw WireError.damaged("an object is the difference to \(id), which is not in it")
        }
        borrowed.append(id)
        objects.ids.append(id)
        objects.kinds.append(UInt8(truncatingIfNeeded: try lender.header(id).kind.rawValue))
        firsts.append(Self.none)
        linkNamed(to: objects.ids.count - 1)
        return objects.ids.count - 1
    }

    // MARK: What differs from what

    private func link() {
        firsts = [Int32](repeating: Self.none, count: objects.ids.count)
        siblings = firsts
        for (object, base) in objects.namedDifferences { waiting[base, default: []].append(object) }
        // From the last, so that the first comes first: what is near in the file is read together.
        for (object, base) in objects.differences.reversed() { link(object, to: base) }
        guard !waiting.isEmpty else { return }
        for object in objects.ids.indices where objects.kinds[object] < 6 { linkNamed(to: object) }
    }

    private func link(_ object: Int, to base: Int) {
        siblings[object] = firsts[base]
        firsts[base] = Int32(truncatingIfNeeded: object)
    }

    private func linkNamed(to base: Int) {
        guard !waiting.isEmpty, let others = waiting.removeValue(forKey: objects.ids[base]) else { return }
        for object in others.reversed() { link(object, to: base) }
    }

    // MARK: Putting together

    private func resolve(from root: Int, _ isStopped: () -> Bool) throws {
        let kind = objects.kinds[root]
        push(root, try content(of: root))
        while let top = frames.indices.last {
            guard frames[top].next != Self.none else {
                held -= frames.removeLast().bytes?.count ?? 0
                continue
            }
            let object = Int(frames[top].next)
            frames[top].next = siblings[object]
            let bytes = try made(object, of: try bytes(of: top))
            resolved += 1
            if resolved % 64 == 0, isStopped() { throw WireError.stopped }
            kinds[object] = kind
            if let kind = ObjectKind(rawValue: Int32(kind)) { name(object, kind, bytes) }
            linkNamed(to: object)
            if firsts[object] != Self.none { push(object, bytes) }
            guard frames.count < Self.depthLimit else {
                throw WireError.damaged("an object is a difference to a difference without end")
            }
        }
    }

    private func name(_ object: Int, _ kind: ObjectKind, _ bytes: [UInt8]) {
        objects.ids[object] = naming.id(of: kind, bytes)
        guard let named, NamedObjects.isWanted(kind) else { return }
        if bytes.count <= Repository.structureLimit { named.note(kind, bytes) } else { named.giveUp() }
    }

    /// Lets those go that will be needed last.
    private func push(_ object: Int, _ bytes: [UInt8]) {
        frames.append(Frame(object: object, bytes: bytes, next: firsts[object]))
        held += bytes.count
        var place = 0
        while held > heldLimit, place < frames.count - 1 {
            held -= frames[place].bytes?.count ?? 0
            frames[place].bytes = nil
            place += 1
        }
    }

    /// What one of the frames holds, put together again where it was let go of.
    private func bytes(of frame: Int) throws -> [UInt8] {
        if let bytes = frames[frame].bytes { return bytes }
        var place = frame
        while place > 0, frames[place].bytes == nil { place -= 1 }
        var bytes = try frames[place].bytes ?? content(of: frames[place].object)
        while place < frame {
            place += 1
            bytes = try made(frames[place].object, of: bytes)
        }
        frames[frame].bytes = bytes
        held += bytes.count
        return bytes
    }

    private func made(_ object: Int, of base: [UInt8]) throws -> [UInt8] {
        let difference = try content(of: object)
        let bytes = try PackArrival.damaging { () throws(GitError) in try Delta.apply(difference, to: base) }
        work += bytes.count
        guard work <= limits.unpackedBytes else {
            throw WireError(
                .tooLarge, "what the git server sends unpacks to more than \(limits.unpackedBytes) bytes")
        }
        return bytes
    }

    /// What is stored of an object, unpacked.
    private func content(of object: Int) throws -> [UInt8] {
        guard object < count else {
            return try lender?.readObject(objects.ids[object], limit: limits.objectBytes).bytes ?? []
        }
        let start = objects.offsets[object]
        let next = object + 1 < count ? objects.offsets[object + 1] : end
        var packed = [UInt8](repeating: 0, count: next - start)
        try GitError.translating("receive pack") { () throws(FileError) in
            var done = 0
            while done < packed.count {
                let got = try packed.withUnsafeMutableBufferPointer { (room) throws(FileError) in
                    let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: room[done...]))
                    return try file.pread(into: rest, at: Int64(start + done))
                }
                guard got > 0 else { throw FileError(.truncated, "read", file.path) }
                done += got
            }
        }
        guard let header = try PackedHeader(packed) else { throw WireError.damaged("an object is cut off") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(header.size)
        do throws(DeflateError) {
            _ = try packed.withUnsafeBufferPointer { (packed) throws(DeflateError) in
                let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: packed[header.count...]))
                return try inflater.decompress(rest, limit: header.size, into: &bytes)
            }
        } catch { throw WireError.damaged(error.description) }
        return bytes
    }
}
