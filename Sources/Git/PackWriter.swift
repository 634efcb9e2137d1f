import Deflate
import Digest
import Files

/// Streams objects into one pack (version 2, without deltas), then writes its index.
///
/// Objects are gathered, then packed on all processors at once. The number of objects stands at the front of a pack
/// and is known only at the end; so it is written last, and the whole file is read once more for its checksum.
///
/// Not for two threads at once.
final class PackWriter {
    static let headerSize = 12
    /// As much is gathered before it is packed.
    private static let pendingLimit = (objects: 8192, bytes: 4 << 20)
    private static let bufferSize = 1 << 20

    private let path: FilePath
    private let temporary: TemporaryDirectory
    private let descriptor: FileDescriptor
    private let parts: [PackPart]
    private var pending: [PendingObject] = []
    private var pendingBytes = 0
    private var buffer: [UInt8] = []
    private var written = 0
    private var entries: [PackIndex.Entry] = []

    /// How many objects there are so far.
    var count: Int { entries.count + pending.count }

    init(temporary: TemporaryDirectory) throws(GitError) {
        self.temporary = temporary
        let path = temporary.newPath()
        self.path = path
        descriptor = try GitError.translating("write pack") { () throws(FileError) in
            try FileDescriptor.open(path, .readWrite, create: .exclusive)
        }
        parts = (0..<min(Parallel.processors, 4)).map { _ in PackPart() }
        buffer = Self.header(count: 0)
    }

    /// Adds an object that is not yet in the pack.
    func add(_ object: PendingObject) throws(GitError) {
        pending.append(object)
        pendingBytes += object.bytes.count
        if pending.count >= Self.pendingLimit.objects || pendingBytes >= Self.pendingLimit.bytes {
            try packPending()
        }
    }

    /// Adds an object in the form that another pack holds it in, with the CRC-32 that it has there.
    func add(_ id: ObjectID, packed: UnsafeRawBufferPointer, checksum: UInt32) throws(GitError) {
        if !pending.isEmpty { try packPending() }
        entries.append(PackIndex.Entry(id: id, checksum: checksum, offset: written + buffer.count))
        try append(packed)
    }

    // MARK: Packing

    private func packPending() throws(GitError) {
        let objects = pending
        let shares = Self.shares(of: objects, totalling: pendingBytes, among: parts.count)
        let parts = parts
        Parallel.forEach(count: shares.count, workers: shares.count) { parts[$0].pack(objects[shares[$0]]) }
        for part in parts.prefix(shares.count) {
            try part.withPacked { (bytes, packed) throws(GitError) in
                let start = written + buffer.count
                for entry in packed {
                    entries.append(
                        PackIndex.Entry(id: entry.id, checksum: entry.checksum, offset: start + entry.offset))
                }
                try append(bytes)
            }
        }
        pending.removeAll(keepingCapacity: true)
        pendingBytes = 0
    }

    /// Cuts the objects into runs of about the same number of bytes.
    private static func shares(
        of objects: [PendingObject], totalling total: Int, among count: Int
    ) -> [Range<Int>] {
        // Below this, starting a thread costs more than it saves.
        guard total > 1 << 16 else { return [0..<objects.count] }
        var shares: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, object) in objects.enumerated() {
            bytes += object.bytes.count
            if bytes >= total / count, shares.count < count - 1 {
                shares.append(start..<(index + 1))
                start = index + 1
                bytes = 0
            }
        }
        if start < objects.count { shares.append(start..<objects.count) }
        return shares
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws(GitError) {
        do throws(FileError) {
            if buffer.count + bytes.count > Self.bufferSize { try writeBuffer() }
            if bytes.count < Self.bufferSize {
                buffer.append(contentsOf: bytes)
            } else {
                try write(bytes)
            }
        } catch { throw GitError(error, call: "write pack") }
    }

    private func writeBuffer() throws(FileError) {
        try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try descriptor.write(all: bytes)
        written += bytes.count
    }

    // MARK: The end

    /// Completes the pack and adds it and its index to the batch, the pack first: whoever sees the index finds the
    /// pack. The writer is of no use afterwards.
    ///
    /// - Returns: the name of both files without extension, and their size together.
    consuming func finish(
        into batch: WriteBatch, in folder: FilePath
    ) throws(GitError) -> (name: String, size: Int) {
        if !pending.isEmpty { try packPending() }
        do throws(FileError) {
            let checksum = try written == 0 ? writeAtOnce() : seal()
            let index = PackIndex.encoded(entries, packChecksum: checksum)
            // By its checksum, so that two packs of one name are the same to the last byte.
            let name = "pack-" + Hex.encode(checksum)
            let again = try FileDescriptor.open(path, .read)
            try batch.add(again, at: path, to: folder.appending(name + ".pack"), mode: 0o444)
            let indexPath = temporary.newPath()
            let indexFile = try FileDescriptor.open(indexPath, .write, create: .exclusive)
            try indexFile.write(all: index)
            try batch.add(indexFile, at: indexPath, to: folder.appending(name + ".idx"), mode: 0o444)
            return (name, written + index.count)
        } catch {
            throw GitError(error, call: "write pack")
        }
    }

    /// Completes the pack where it is, without an index: for one that is sent somewhere and then of no use. The writer is of no
    /// use afterwards either.
    consuming func finish() throws(GitError) -> FilePath {
        if !pending.isEmpty { try packPending() }
        do throws(FileError) {
            _ = try written == 0 ? writeAtOnce() : seal()
            return path
        } catch { throw GitError(error, call: "write pack") }
    }

    /// Writes a pack of which nothing is on the disk yet, with its number of objects and its checksum.
    private func writeAtOnce() throws(FileError) -> [UInt8] {
        buffer.replaceSubrange(..<Self.headerSize, with: Self.header(count: entries.count))
        let hash = SHA1()
        buffer.withUnsafeBytes { hash.update($0) }
        let checksum = hash.finish()
        buffer.append(contentsOf: checksum)
        try writeBuffer()
        return checksum
    }

    /// Writes the number of objects, hashes the file and writes its checksum at its end.
    private func seal() throws(FileError) -> [UInt8] {
        try writeBuffer()
        try Self.header(count: entries.count).withUnsafeBufferPointer { (bytes) throws(FileError) in
            try descriptor.pwrite(all: UnsafeRawBufferPointer(bytes), at: 0)
        }
        let checksum = try Self.checksum(of: descriptor, upTo: written)
        try descriptor.write(all: checksum)
        written += checksum.count
        return checksum
    }

    /// The checksum of the first bytes of a file.
    static func checksum(of file: borrowing FileDescriptor, upTo end: Int) throws(FileError) -> [UInt8] {
        let hash = SHA1()
        var room = [UInt8](repeating: 0, count: bufferSize)
        var offset = 0
        while offset < end {
            let got = try room.withUnsafeMutableBufferPointer { (room) throws(FileError) in
                let rest = UnsafeMutableBufferPointer(rebasing: room[..<min(room.count, end - offset)])
                return try file.pread(into: UnsafeMutableRawBufferPointer(rest), at: Int64(offset))
            }
            guard got > 0 else { throw FileError(.truncated, "read", file.path) }
            room.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
            offset += got
        }
        return hash.finish()
    }

    /// What a pack of so many objects begins with.
    static func header(count: Int) -> [UInt8] {
        var header = Array("PACK".utf8)
        header.appendBigEndian(2 as UInt32)
        header.appendBigEndian(UInt32(truncatingIfNeeded: count))
        return header
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func appendBigEndian(_ value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
