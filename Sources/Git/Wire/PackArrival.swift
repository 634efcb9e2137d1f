import Deflate
import Digest
import Files

/// Takes a pack in as it comes from a server that is not trusted, and makes its index.
///
/// The bytes go into a file, and each object is unpacked and named while they come, so that a pack that is damaged, or
/// larger than it may be, ends the transfer at once. Memory holds some numbers for each object and no content, until the end:
/// then what is stored as a difference is put together, which needs what it differs from.
///
/// The folder holds no more than a file of another name until all is well. Not for two threads at once.
final class PackArrival {
    /// What is known of the objects that came.
    struct Objects {
        var ids: [ObjectID] = []
        var checksums: [UInt32] = []
        var offsets: [Int] = []
        /// The kinds as packs write them.
        var kinds: [UInt8] = []
        /// The unpacked sizes, those of differences as they are stored.
        var sizes: [Int] = []
        /// The numbers of those that are differences, each with the number of what it is the difference to.
        var differences: [(object: Int, base: Int)] = []
        /// The same for those that name it by its id.
        var namedDifferences: [(object: Int, base: ObjectID)] = []
    }

    private enum State { case header, objectHeader, content, trailer, done }

    let path: FilePath
    let limits: FetchLimits
    let folder: FilePath
    let file: FileDescriptor
    private let inflater = StreamInflater()
    private let packHash = SHA1()
    private let objectHash = SHA1()
    private var state = State.header
    /// What is collected of a header or of the checksum at the end.
    var head: [UInt8] = []
    /// The first bytes of a difference, which say how large its result is.
    private var differenceHead: [UInt8] = []
    private var unpacked = 0
    private var unpackedInAll = 0
    private var checksum: UInt32 = 0
    /// The bytes of the object at hand, if it may name others.
    private var structure: [UInt8]?
    /// What the objects name; nil where some of it is here already, and who takes it in looks for it.
    private(set) var named: NamedObjects?
    var objects = Objects()
    /// How many objects the pack says that it has.
    var announced = 0
    /// How many bytes have come.
    var size = 0
    var isKept = false
    /// Has what is here already, which what comes may be stored as the difference to.
    let lender: Repository?

    /// Whether the whole pack has come.
    var isComplete: Bool { state == .done }

    init(in folder: FilePath, limits: FetchLimits, lender: Repository? = nil) throws(GitError) {
        self.folder = folder
        self.lender = lender
        self.limits = limits
        // As git names them, so that its own tidying up finds what is left by a program that was killed.
        let path = folder.appending("tmp_pack_" + String(UInt64.random(in: .min ... .max), radix: 36))
        self.path = path
        file = try GitError.translating("receive pack") { () throws(FileError) in
            try FileSystem.makeDirectories(folder)
            return try FileDescriptor.open(path, .readWrite, create: .exclusive, mode: 0o600)
        }
    }

    deinit { if !isKept { _ = try? FileSystem.remove(path) } }

    // MARK: Bytes

    /// Takes the next bytes.
    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= limits.packBytes - size else {
            throw WireError(.tooLarge, "the git server sends more than \(limits.packBytes) bytes")
        }
        try GitError.translating("receive pack") { () throws(FileError) in try file.write(all: bytes) }
        var offset = 0
        var hashed = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let isTrailer = state == .trailer
            let taken = try take(rest)
            offset += taken
            size += taken
            if !isTrailer { hashed = offset }
        }
        packHash.update(UnsafeRawBufferPointer(rebasing: bytes[..<hashed]))
        if isComplete, packHash.finish() != head { throw WireError.damaged("its checksum is wrong") }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        switch state {
        case .header: return try takeHeader(bytes)
        case .objectHeader: return try takeObjectHeader(bytes)
        case .content: return try takeContent(bytes)
        case .trailer:
            let taken = collect(20, from: bytes)
            if head.count == 20 { state = .done }
            return taken
        case .done: throw WireError.damaged("it goes on after its end")
        }
    }

    private func collect(_ count: Int, from bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(count - head.count, bytes.count)
        head += bytes[..<taken]
        return taken
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let taken = collect(PackWriter.headerSize, from: bytes)
        guard head.count == PackWriter.headerSize else { return taken }
        announced = head[8...].reduce(0) { $0 << 8 | Int($1) }
        // The two versions differ in nothing.
        guard head.starts(with: Array("PACK".utf8)), head[4...6].allSatisfy({ $0 == 0 }), 2...3 ~= head[7] else {
            throw WireError.damaged("it does not begin like one")
        }
        // They are numbered in 32 bits, with room for those that are borrowed.
        guard announced <= min(limits.objects, 1 << 30) else {
            throw WireError(
                .tooLarge, "the git server sends \(announced) objects, where \(limits.objects) are the most")
        }
        objects.reserve(min(announced, 1 << 20))
        if lender == nil { named = NamedObjects(atMost: announced) }
        beginObject()
        return taken
    }

    private func beginObject() {
        head = []
        checksum = 0
        state = objects.ids.count == announced ? .trailer : .objectHeader
    }

    // MARK: Objects

    private func takeObjectHeader(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        var taken = 0
        while taken < bytes.count {
            head.append(bytes[taken])
            taken += 1
            guard let header = try PackedHeader(head) else { continue }
            try begin(header, at: size + taken - head.count)
            state = .content
            break
        }
        checksum = Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[..<taken]), after: checksum)
        return taken
    }

    private func begin(_ header: PackedHeader, at offset: Int) throws {
        guard header.size <= limits.objectBytes else { throw tooLarge(header.size) }
        let number = objects.ids.count
        switch header.base {
        case .none: break
        case .before(let distance):
            guard let base = objects.number(at: offset - distance) else {
                throw WireError.damaged("an object is the difference to nothing")
            }
            objects.differences.append((number, base))
        case .id(let id): objects.namedDifferences.append((number, id))
        }
        objects.ids.append(.zero)
        objects.checksums.append(0)
        objects.offsets.append(offset)
        objects.kinds.append(header.kind)
        objects.sizes.append(header.size)
        unpacked = 0
        differenceHead = []
        if let kind = ObjectKind(rawValue: Int32(header.kind)) {
            objectHash.update(ObjectNaming.header(kind, header.size))
            collectStructure(kind, header.size)
        }
        try unpacking { () throws(DeflateError) in try inflater.begin() }
    }

    /// Gathers the bytes of a commit or folder; one that is larger than any sound one is nobody's to read.
    private func collectStructure(_ kind: ObjectKind, _ size: Int) {
        guard let named, named.isSound, NamedObjects.isWanted(kind) else { return }
        guard size <= Repository.structureLimit else { return named.giveUp() }
        structure = []
    }

    private func tooLarge(_ size: Int) -> WireError {
        WireError(
            .tooLarge, "the git server sends an object of \(size) bytes, where \(limits.objectBytes) are the most")
    }

    private func takeContent(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let last = objects.ids.count - 1
        let (size, isWhole) = (objects.sizes[last], objects.kinds[last] < 6)
        let (taken, isAtEnd) = try unpacking { () throws(DeflateError) in
            try inflater.feed(bytes) { piece in
                unpacked += piece.count
                guard unpacked <= size else { return false }
                if isWhole {
                    objectHash.update(piece)
                    structure?.append(contentsOf: piece)
                } else if differenceHead.count < 20 {
                    differenceHead += piece.prefix(20 - differenceHead.count)
                }
                return true
            }
        }
        checksum = Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[..<taken]), after: checksum)
        // Packed bytes may hold nothing at all, without end.
        guard self.size + taken - objects.offsets[last] <= 2 * size + 1 << 16 else {
            throw WireError.damaged("an object is longer packed than unpacked")
        }
        if isAtEnd { try endObject(last) }
        return taken
    }

    private func endObject(_ number: Int) throws {
        let size = objects.sizes[number]
        guard unpacked == size else { throw WireError.damaged("an object is shorter than it says") }
        unpackedInAll += size
        guard unpackedInAll <= limits.unpackedBytes else {
            throw WireError(
                .tooLarge, "what the git server sends unpacks to more than \(limits.unpackedBytes) bytes")
        }
        objects.checksums[number] = checksum
        if objects.kinds[number] < 6 {
            objects.ids[number] = ObjectID(bytes: objectHash.finish()) ?? .zero
            if let bytes = structure, let kind = ObjectKind(rawValue: Int32(objects.kinds[number])) {
                named?.note(kind, bytes)
                structure = nil
            }
        } else {
            let result = try Self.damaging { () throws(GitError) in try Delta.resultSize(differenceHead) }
            guard result <= limits.objectBytes else { throw tooLarge(result) }
        }
        beginObject()
    }

    private func unpacking<R>(_ step: () throws(DeflateError) -> R) throws(WireError) -> R {
        do throws(DeflateError) { return try step() } catch {
            throw WireError.damaged(
                error.code == .overLimit ? "an object is longer than it says" : error.description)
        }
    }

    /// Does something with stored bytes, whose damage is the server's.
    static func damaging<R>(_ step: () throws(GitError) -> R) throws(WireError) -> R {
        do throws(GitError) { return try step() } catch { throw WireError.damaged(error.message) }
    }
}

extension PackArrival.Objects {
    /// Makes room: arrays that grow take up to three times as much for a while.
    mutating func reserve(_ count: Int) {
        ids.reserveCapacity(count)
        checksums.reserveCapacity(count)
        offsets.reserveCapacity(count)
        kinds.reserveCapacity(count)
        sizes.reserveCapacity(count)
    }

    /// The number of the object that begins there.
    func number(at offset: Int) -> Int? {
        var range = 0..<offsets.count
        while let first = range.first {
            let middle = first + range.count / 2
            if offsets[middle] == offset { return middle }
            range = offsets[middle] < offset ? (middle + 1)..<range.upperBound : first..<middle
        }
        return nil
    }
}
