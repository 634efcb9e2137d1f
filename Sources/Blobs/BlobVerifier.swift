import Digest
public import Files

/// Looks at every byte of one file after the other, with the same memory. For one thread at a time.
public final class BlobVerifier: Sendable {
    private let store: BlobStore
    private let copier = Copier()

    /// Prepares to verify files of a store.
    public init(of store: BlobStore) { self.store = store }

    /// Reads a whole file and compares it with its name and size.
    public func verify(_ pointer: Pointer) throws(BlobError) -> BlobStore.Verdict {
        guard !pointer.isEmpty else { return try store.look(at: pointer) }
        return try verify(pointer, at: store.place(of: pointer.oid))
    }

    /// Reads the whole file that lies at `path` and compares it with what it is to be.
    public func verify(_ pointer: Pointer, at path: FilePath) throws(BlobError) -> BlobStore.Verdict {
        let first = try BlobStore.look(at: path, size: pointer.size)
        guard first == .sound else { return first }
        do throws(FileError) {
            let file = try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
            let found = try copier.hash(file, expecting: pointer.size)
            return found == pointer.oid ? .sound : .wrongHash(found)
        } catch {
            if error.code == .io || error.isDenied { return .unreadable(error.description) }
            throw BlobError(error)
        }
    }
}
