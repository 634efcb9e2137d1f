public import Files
import Synchronization

/// Files that are brought from one place of stored files to another, a remote's for example: together, and durably.
///
/// A file shares its blocks with the original where the file system can do that; else it is the same file under a second
/// name; else it is copied. Only then are its bytes looked at: whoever takes files from a place that is not trusted puts them
/// into a `BlobBatch`, which does.
///
/// The place may be one that other users and other computers write to as well. Where it keeps a journal of its files, that
/// learns of what comes; none is begun.
///
/// ``deliver(_:from:)`` may be called from several threads.
public final class BlobDelivery: Sendable {
    /// How a file came.
    public enum Means: Sendable, Hashable {
        /// It was there before.
        case none
        case sharedBlocks, secondName, copy
    }

    private let target: BlobStore
    private let temporary: TemporaryDirectory
    private let files: WriteBatch
    private let modes: SharedModes
    private let brought = Mutex<[Pointer]>([])
    private let canShare = Atomic(true)
    private let canLink = Atomic(true)
    /// Whether a second name was given already, so that it can be taken for possible.
    private let hasLinked = Atomic(false)

    /// Begins to deliver files to a place of stored files, with the permissions that `modes` makes of theirs.
    ///
    /// Its directories are made where they are missing, but not what they lie in.
    public init(
        to target: BlobStore, modes: SharedModes = .unshared, durable: Bool = true
    ) throws(BlobError) {
        self.target = target
        self.modes = modes
        let root = target.directory.parent
        do throws(FileError) {
            temporary = try TemporaryDirectory(shared: target.temporary, inside: root, modes: modes)
        } catch { throw BlobError(error) }
        files = WriteBatch(temporary: temporary, durable: durable, modes: modes, inside: root)
    }

    /// Brings a file. It has its name there after ``commit()``.
    ///
    /// - Parameter isReplacing: whether it is brought even if a file of that name and size is there.
    /// - Throws: `.missing` or `.damaged` where the source does not have it, judged by name, kind and size.
    public func deliver(
        _ pointer: Pointer, from source: BlobStore, replacing isReplacing: Bool = false
    ) throws(BlobError) -> Means {
        if !isReplacing, target.contains(pointer) { return .none }
        if try link(pointer, from: source) { return .secondName }
        let original = try source.open(pointer)
        do throws(FileError) {
            return try bring(original, pointer)
        } catch {
            guard error.code == .changed else { throw BlobError(error) }
            throw BlobError(
                .damaged, "the stored file \(pointer.oid) is damaged: its bytes are others", file: error)
        }
    }

    /// A place for a file that is to be written here, and then taken in by ``take(_:at:as:)``.
    public func newPath() -> FilePath { temporary.newPath() }

    /// Takes in a file that was written at such a place, and hashed on its way there. It replaces what may be in its place: that
    /// has the same bytes, or should have.
    public func take(
        _ file: consuming FileDescriptor, at path: FilePath, as pointer: Pointer
    ) throws(BlobError) {
        do throws(FileError) { _ = try add(file, at: path, pointer, .copy) } catch { throw BlobError(error) }
    }

    /// Makes the files durable and gives them their names.
    public func commit() throws(BlobError) {
        let brought = brought.withLock { $0 }.sorted { $0.oid < $1.oid }
        guard !brought.isEmpty else { return }
        let intents =
            try target.keepsJournal ? target.journal.note(brought, owner: temporary, durable: true) : nil
        do throws(FileError) { try files.commit() } catch { throw BlobError(error) }
        if let intents {
            try target.journal.arrived(brought)
            try target.journal.forget(intents)
        }
    }

    private func bring(
        _ original: borrowing FileDescriptor, _ pointer: Pointer
    ) throws(FileError) -> Means {
        let path = temporary.newPath()
        do throws(FileError) {
            if canShare.load(ordering: .relaxed) {
                let new = try FileDescriptor.open(path, .write, create: .exclusive)
                if try new.reflink(from: original) { return try add(new, at: path, pointer, .sharedBlocks) }
                canShare.store(false, ordering: .relaxed)
                try FileSystem.remove(path)
            }
            // A second name has the permissions of the first: where they have to differ there is none.
            if canLink.load(ordering: .relaxed), try original.status().mode == modes.file(0o444) {
                if try link(original, at: path) {
                    hasLinked.store(true, ordering: .relaxed)
                    return try add(FileDescriptor.open(path, .read), at: path, pointer, .secondName)
                }
                canLink.store(false, ordering: .relaxed)
            }
            let new = try FileDescriptor.open(path, .write, create: .exclusive)
            // Copying shows each byte anyway, so they are looked at.
            guard try Copier().copy(original, to: new, size: pointer.size) == pointer.oid else {
                throw FileError(.changed, "copy", original.path)
            }
            return try add(new, at: path, pointer, .copy)
        } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
    }

    /// Has a file get a second name without opening it, where that has worked for another one.
    private func link(_ pointer: Pointer, from source: BlobStore) throws(BlobError) -> Bool {
        guard hasLinked.load(ordering: .relaxed) else { return false }
        let original = source.path(of: pointer.oid)
        guard let status = try translated({ try FileSystem.statusIfExists(of: original, followingLinks: false) }),
            status.kind == .regular, status.size == pointer.size, status.mode == modes.file(0o444),
            // The system may refuse a second name to who does not own the file.
            status.isOwn
        else { return false }
        files.add(linkTo: original, at: target.path(of: pointer.oid), replacing: true)
        brought.withLock { $0.append(pointer) }
        return true
    }

    /// Gives the file a second name; false where the place is on another disk, or knows no such thing.
    private func link(_ original: borrowing FileDescriptor, at path: FilePath) throws(FileError) -> Bool {
        do throws(FileError) {
            try FileSystem.link(original.path, to: path)
            return true
        } catch {
            guard error.isOfLinking else { throw error }
            return false
        }
    }

    private func add(
        _ file: consuming FileDescriptor, at path: FilePath, _ pointer: Pointer, _ means: Means
    ) throws(FileError) -> Means {
        try files.add(file, at: path, to: target.path(of: pointer.oid), size: pointer.size, replacing: true)
        brought.withLock { $0.append(pointer) }
        return means
    }
}
