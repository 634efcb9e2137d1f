import Digest
import Files
import Synchronization

/// A file that comes from elsewhere piece by piece, perhaps over days: what has come stays, and the next try goes on from there.
///
/// It grows in `lfs/incomplete`, under the name that git-lfs gives such a file too, and is locked by whoever is at it. What
/// comes quickly and is small never gets there. Nothing of it is believed before its hash is right.
///
/// Not for two threads at once.
public final class BlobArrival: @unchecked Sendable {
    // Sendable: it is handed from thread to thread, but whoever has it, has it alone.

    /// What it is to become.
    public let file: Pointer
    /// How many of its bytes have come.
    public private(set) var received: Int64 = 0

    /// So much is held in memory before it gets a place on the disk, and only for so long: what is lost of a transfer that
    /// is cut off is never the work of a second.
    private static let heldLimit = 1 << 16
    private static let heldSeconds = 0.5
    private static let writebackStep: Int64 = 1 << 23
    /// So many seconds may lie between two tries.
    static let longestPause: Int64 = 30 * 86_400

    private let store: BlobStore
    private let path: FilePath
    private var held: [UInt8] = []
    private let watch = Stopwatch()
    private var part: Part?
    private var digest = SHA256()
    private var begun: Int64 = 0

    /// The file in `lfs/incomplete`, locked.
    private final class Part {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// Takes up what has come before; nil where another process is at the file.
    init?(of file: Pointer, in store: BlobStore) throws(FileError) {
        self.file = file
        self.store = store
        path = store.incomplete.appending("\(file.oid).part")
        let part: Part?
        do throws(FileError) {
            part = try Self.hold(path, create: .never)
        } catch {
            guard error.isAbsent else { throw error }
            return
        }
        guard let part else { return nil }
        try takeUp(part)
    }

    private static func hold(_ path: FilePath, create: FileDescriptor.Creation) throws(FileError) -> Part? {
        let descriptor = try FileDescriptor.open(path, .readWrite, create: create, noFollow: true)
        guard try descriptor.tryLock() else { return nil }
        // It may have become a stored file since it was opened.
        guard let named = try FileSystem.statusIfExists(of: path, followingLinks: false),
            named.isSameFile(as: try descriptor.status())
        else { return nil }
        return Part(descriptor)
    }

    private func takeUp(_ part: Part) throws(FileError) {
        self.part = part
        let size = try part.descriptor.status().size
        guard size <= file.size else { return try empty(part) }
        received = try hash(part.descriptor)
        begun = received
        // What grew or shrank meanwhile is nobody's who holds the lock.
        guard received == size else { return try empty(part) }
    }

    private func hash(_ part: borrowing FileDescriptor) throws(FileError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Copier.bufferSize, alignment: 16)
        defer { buffer.deallocate() }
        var count: Int64 = 0
        while true {
            let got = try part.read(into: buffer)
            if got == 0 { return count }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            count += Int64(got)
        }
    }

    /// Adds what has come next.
    ///
    /// - Throws: `.overLimit` where that is more than the file has, `.noSpace` where the disk is full.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(BlobError) {
        guard Int64(bytes.count) <= file.size - received else {
            throw BlobError(
                .overLimit, "more bytes came for the file \(file.oid) than the \(file.size) that it has")
        }
        do throws(FileError) {
            digest.update(bytes)
            received += Int64(bytes.count)
            if let part { return try write(bytes, to: part) }
            if held.isEmpty { held.reserveCapacity(Int(min(file.size, Int64(Self.heldLimit)))) }
            held.append(contentsOf: bytes)
            if held.count > Self.heldLimit || (watch.seconds > Self.heldSeconds && received < file.size) {
                try settle()
            }
        } catch {
            received -= Int64(bytes.count)
            throw BlobError(error)
        }
    }

    /// Gives what is held a place on the disk.
    private func settle() throws(FileError) {
        try FileSystem.makeDirectories(store.incomplete)
        try FileSystem.requireRoom(for: file.size, at: store.incomplete)
        guard let part = try Self.hold(path, create: .ifMissing) else { throw FileError(.exists, "write", path) }
        // What another process has left there since then begins as this does, or is of no use.
        try part.descriptor.truncate(to: 0)
        try held.withUnsafeBufferPointer { (bytes) throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: part)
        }
        held = []
        self.part = part
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to part: Part) throws(FileError) {
        try part.descriptor.write(all: bytes)
        if received - begun >= Self.writebackStep {
            // The disk begins while the rest is still coming.
            part.descriptor.startWriteback(offset: begun, length: received - begun)
            begun = received
        }
    }

    /// Forgets what has come.
    public func restart() throws(BlobError) {
        held = []
        digest.reset()
        received = 0
        begun = 0
        if let part { try translated { try empty(part) } }
    }

    private func empty(_ part: Part) throws(FileError) {
        digest.reset()
        received = 0
        begun = 0
        try part.descriptor.truncate(to: 0)
        try part.descriptor.seek(to: 0)
    }

    /// Puts the file into a batch, which gives it its name with its other files. Until the batch ends it holds a descriptor
    /// for each that was large.
    ///
    /// - Returns: false where what has come is not what the file's name says: then all of it is forgotten.
    public func finish(into batch: BlobBatch) throws(BlobError) -> Bool {
        guard received == file.size, digest.finish() == file.oid else {
            try restart()
            return false
        }
        guard part != nil else {
            if !held.isEmpty { _ = try batch.put(held, hashedAs: file) }
            held = []
            return true
        }
        try batch.put(arrived: self, at: path)
        return true
    }
}

extension BlobStore {
    /// Where files grow that come from elsewhere.
    var incomplete: FilePath { directory.appending("incomplete") }

    /// Takes up a file that is to come from elsewhere where it was left; nil where another process is at it.
    public func arrival(of file: Pointer) throws(BlobError) -> BlobArrival? {
        do throws(FileError) { return try BlobArrival(of: file, in: self) } catch { throw BlobError(error) }
    }

    /// Takes away what has come of files and nobody goes on with: those that are here by now, and those that were left alone for
    /// a month.
    public func sweepArrivals() {
        guard let names = try? FileSystem.list(incomplete), !names.isEmpty,
            let now = try? FileSystem.clock(of: incomplete)
        else { return }
        for entry in names where entry.kind == .regular && entry.name.fileExtension == "part" {
            let path = incomplete.appending(entry.name)
            guard let status = try? FileSystem.status(of: path, followingLinks: false) else { continue }
            let isHere =
                ContentHash(hex: entry.name.stem.utf8).map { FileSystem.exists(self.path(of: $0)) } ?? false
            guard isHere || now.seconds - status.modified.seconds > BlobArrival.longestPause else { continue }
            guard let file = try? FileDescriptor.open(path, .read, noFollow: true), (try? file.tryLock()) == true
            else { continue }
            _ = try? FileSystem.remove(path)
        }
    }
}

extension BlobBatch {
    /// Puts a file that has grown to its end in `lfs/incomplete`, and stays there until it gets its name: who is cut off
    /// before finds it whole.
    func put(arrived arrival: BlobArrival, at path: FilePath) throws(BlobError) {
        do throws(FileError) {
            let place = try place(of: arrival.file)
            if place == .taken {
                _ = try FileSystem.remove(path)
                return
            }
            // By a descriptor of its own: the lock stays with the arrival until the batch ends.
            let file = try FileDescriptor.open(path, .write, noFollow: true)
            state.withLock { $0.arrivals.append(arrival) }
            try add(file, at: path, as: arrival.file, replacing: place == .damaged)
        } catch { throw described(error, size: arrival.file.size) }
    }
}
