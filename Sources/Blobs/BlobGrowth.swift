import Digest
public import Files

/// A new file of a batch that comes piece by piece, from whoever has no file of it: it is hashed and written once, as it comes.
///
/// It lies in the batch's temporary directory. One that is dropped before ``finish()`` leaves nothing. Not for two threads at
/// once.
public final class BlobGrowth {
    /// The file as far as it has come.
    public let file: FileDescriptor
    /// How many bytes have come.
    public private(set) var size: Int64 = 0

    private let batch: BlobBatch
    private let path: FilePath
    private let digest = SHA256()
    private var reserved: Int64 = 0
    private var begun: Int64 = 0
    private var isDone = false

    /// Room is taken in such steps where nobody says how much is to come.
    private static let roomStep: Int64 = 1 << 24
    private static let writebackStep: Int64 = 1 << 23

    init(in batch: BlobBatch, expecting size: Int64?) throws(FileError) {
        self.batch = batch
        path = batch.temporary.newPath()
        file = try FileDescriptor.open(path, .readWrite, create: .exclusive)
        if let size { try reserve(size) }
    }

    deinit {
        guard !isDone else { return }
        _ = try? FileSystem.remove(path)
        batch.giveBack(reserved)
    }

    private func reserve(_ size: Int64) throws(FileError) {
        try batch.reserve(size)
        reserved += size
    }

    /// Takes a step's room, or where that is not left, as much as is needed.
    private func makeRoom(for size: Int64) throws(FileError) {
        if size < Self.roomStep, try batch.canReserve(Self.roomStep) {
            reserved += Self.roomStep
        } else {
            try reserve(size)
        }
    }

    /// Adds what has come next.
    ///
    /// - Throws: `.noSpace` where the disk is full, `.overQuota` where more may not be here.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(BlobError) {
        let after = size + Int64(bytes.count)
        do throws(FileError) {
            if after > reserved { try makeRoom(for: after - reserved) }
            digest.update(bytes)
            try file.write(all: bytes)
        } catch { throw batch.described(error, size: after) }
        size = after
        // The disk begins while the rest is still coming.
        if size - begun >= Self.writebackStep {
            file.startWriteback(offset: begun, length: size - begun)
            begun = size
        }
    }

    /// Puts the file into its batch: all of it has come.
    public func finish() throws(BlobError) -> Put {
        do throws(FileError) {
            let pointer = Pointer(oid: digest.finish(), size: size)
            batch.giveBack(reserved - size)
            reserved = size
            let place: BlobBatch.Place = pointer.isEmpty ? .taken : try batch.place(of: pointer)
            // Dropped: nothing of it is needed.
            if place == .taken { return Put(pointer: pointer, wasHere: true) }
            // By a descriptor of its own, which the batch keeps until the bytes are durable.
            let own = try FileDescriptor.open(path, .readWrite, noFollow: true)
            let put = try batch.add(own, at: path, as: pointer, replacing: place == .damaged)
            isDone = true
            return put
        } catch { throw batch.described(error, size: size) }
    }
}

extension BlobBatch {
    /// Begins a file that comes piece by piece; where it is known how many bytes it will have, their room is taken first.
    public func grow(expecting size: Int64? = nil) throws(BlobError) -> BlobGrowth {
        do throws(FileError) { return try BlobGrowth(in: self, expecting: size) } catch {
            throw described(error, size: size ?? 0)
        }
    }
}
