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
    private var temporary: TemporaryDirectory?
    private var coming: WriteBatch?

    /// Takes the folder called `lfs` of a repository, which may be missing; the repository may not.
    public init(_ directory: FilePath, modes: SharedModes = .unshared) {
        store = BlobStore(directory: directory)
        self.modes = modes
    }

    /// Those of these files that are there, by name and size.
    public func present(_ files: [Pointer]) throws -> Set<Pointer> {
        Set(files.filter { store.contains($0) })
    }

    /// Opens a file by its name; nil where it is not there, and where something else is in its place.
    public func open(_ oid: ContentHash) throws -> FileDescriptor? {
        let status = try FileSystem.statusIfExists(of: store.path(of: oid), followingLinks: false)
        guard let status, status.kind == .regular else { return nil }
        return try store.open(oid, size: status.size)
    }

    /// Begins to take a file.
    public func begin(_ file: Pointer) throws -> any TransferArrival {
        let place = try prepare()
        try FileSystem.requireRoom(for: file.size, at: place.path)
        return try Arrival(file, at: place.newPath(), in: self)
    }

    private func prepare() throws -> TemporaryDirectory {
        if let temporary { return temporary }
        let folder = store.directory.appending("tmp")
        // What was cut off long ago, or by the end of its program.
        _ = try? TemporaryDirectory.sweep(shared: folder)
        let made = try TemporaryDirectory(shared: folder, inside: store.directory.parent, modes: modes)
        temporary = made
        return made
    }

    /// Makes all files durable that were finished, and gives them their names.
    public func commit() throws {
        guard let batch = coming else { return }
        coming = nil
        try batch.commit()
    }

    /// Removes what is half-written.
    public func end() { (coming, temporary) = (nil, nil) }

    fileprivate func add(_ file: consuming FileDescriptor, at path: FilePath, as pointer: Pointer) throws(FileError)
    {
        guard let temporary else { return }
        let batch =
            coming
            ?? WriteBatch(temporary: temporary, durable: true, modes: modes, inside: store.directory.parent)
        coming = batch
        // What is there already and came meanwhile has the same bytes, or should have had.
        try batch.add(file, at: path, to: store.path(of: pointer.oid), size: pointer.size, replacing: true)
    }
}

/// One file on its way into the folder.
private final class Arrival: TransferArrival {
    private let pointer: Pointer
    private let path: FilePath
    private let folder: TransferFolder
    private var file: FileDescriptor?
    private let digest = SHA256()
    private var received: Int64 = 0
    private var begun: Int64 = 0
    private static let writebackStep: Int64 = 1 << 23

    init(_ pointer: Pointer, at path: FilePath, in folder: TransferFolder) throws(FileError) {
        (self.pointer, self.path, self.folder) = (pointer, path, folder)
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
        do throws(FileError) { try folder.add(file, at: path, as: pointer) } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
        return true
    }
}
