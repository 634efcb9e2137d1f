public import Blobs
public import Digest
public import Files

/// The folder called `lfs` of a bare repository, as a ``TransferServer`` gives files away from it and takes them into it.
///
/// Other users may write to it as well, and other computers. Nothing of a file is seen before all of it is durable and its
/// bytes are what its name says.
public final class TransferFolder: TransferShelf {
    private let store: BlobStore
    private let modes: SharedModes
    private let keeps: Bool
    private var coming: BlobDelivery?
    /// Those in whose place files still lie that were begun before others were made durable, and finished after that.
    private var earlier: [BlobDelivery] = []
    private var leases: [Lease] = []
    private var leased: Set<Pointer> = []

    /// Takes the folder called `lfs` of a repository, which may be missing; the repository may not.
    ///
    /// - Parameter keeps: whether nothing may collect what is asked about, until the end: somebody is about to name it.
    public init(_ directory: FilePath, modes: SharedModes = .unshared, keeping keeps: Bool = false) {
        store = BlobStore(directory: directory)
        self.modes = modes
        self.keeps = keeps
    }

    /// Those of these files that are there, by name and size.
    public func present(_ files: [Pointer]) throws -> Set<Pointer> {
        if keeps { try keep(files) }
        return Set(files.filter { store.contains($0) })
    }

    private func keep(_ files: [Pointer]) throws {
        let new = files.filter { leased.insert($0).inserted }
        if !new.isEmpty { leases.append(try Lease(on: new.map(\.oid), in: store.directory, modes: modes)) }
        for lease in leases { try lease.renew() }
    }

    /// Opens a file by its name; nil where it is not there, and where something else is in its place.
    public func open(_ oid: ContentHash) throws -> FileDescriptor? {
        let status = try FileSystem.statusIfExists(of: store.path(of: oid), followingLinks: false)
        guard let status, status.kind == .regular else { return nil }
        return try store.open(oid, size: status.size)
    }

    /// Begins to take a file.
    public func begin(_ file: Pointer) throws -> any TransferArrival {
        let delivery = try prepare()
        let path = delivery.newPath()
        try FileSystem.requireRoom(for: file.size, at: path.parent)
        return try Arrival(file, at: path, of: delivery, in: self)
    }

    private func prepare() throws -> BlobDelivery {
        if let coming { return coming }
        // What was cut off long ago, or by the end of its program.
        _ = try? TemporaryDirectory.sweep(shared: store.directory.appending("tmp"))
        let made = try BlobDelivery(to: store, modes: modes)
        coming = made
        return made
    }

    /// Makes all files durable that were finished, and gives them their names.
    public func commit() throws {
        guard let delivery = coming else { return }
        coming = nil
        defer { earlier = [] }
        try delivery.commit()
    }

    /// Removes what is half-written, and lets go of what was asked about.
    public func end() {
        (coming, earlier) = (nil, [])
        for lease in leases { lease.release() }
        leases = []
    }
}

extension TransferFolder {
    fileprivate func add(
        _ file: consuming FileDescriptor, at path: FilePath, of delivery: BlobDelivery, as pointer: Pointer
    ) throws {
        let current = try prepare()
        if current !== delivery { earlier.append(delivery) }
        try current.take(file, at: path, as: pointer)
    }
}

/// One file on its way into the folder.
private final class Arrival: TransferArrival {
    private let pointer: Pointer
    private let path: FilePath
    private let delivery: BlobDelivery
    private let folder: TransferFolder
    private var file: FileDescriptor?
    private let digest = SHA256()
    private var received: Int64 = 0
    private var begun: Int64 = 0
    private static let writebackStep: Int64 = 1 << 23

    init(
        _ pointer: Pointer, at path: FilePath, of delivery: BlobDelivery, in folder: TransferFolder
    ) throws(FileError) {
        (self.pointer, self.path, self.delivery, self.folder) = (pointer, path, delivery, folder)
        file = try FileDescriptor.open(path, .write, create: .exclusive)
    }

    deinit { if file != nil { _ = try? FileSystem.remove(path) } }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        digest.update(bytes)
        try file?.write(all: bytes)
        received += Int64(bytes.count)
        if received - begun >= Self.writebackStep {
            file?.startWriteback(offset: begun, length: received - begun)
            begun = received
        }
    }

    func finish() throws -> Bool {
        guard received == pointer.size, digest.finish() == pointer.oid, let file = file.take() else { return false }
        do { try folder.add(file, at: path, of: delivery, as: pointer) } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
        return true
    }
}
