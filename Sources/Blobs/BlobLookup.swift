import Digest
import Files

/// Looks for many stored files: the directory that they lie in is held open, so that the way to it is gone only once.
public final class BlobLookup: Sendable {
    private let objects: FileDescriptor
    private let lender: BlobLookup?

    /// Opens the directory, and that of the lender.
    public init(in store: BlobStore) throws(BlobError) {
        let path = store.objects
        objects = try translatedFile { () throws(FileError) in try FileDescriptor.openDirectory(path) }
        lender = try store.lender.map { (lender) throws(BlobError) in try BlobLookup(in: lender) }
    }

    /// What can be said of a file by its name, kind and size alone.
    public func look(at pointer: Pointer) throws(BlobError) -> BlobStore.Verdict {
        guard !pointer.isEmpty else { return pointer == .empty ? .sound : .wrongHash(.ofNothing) }
        let found: BlobStore.Verdict
        do throws(FileError) {
            found = BlobStore.verdict(try status(of: pointer), size: pointer.size)
        } catch { throw BlobError(error) }
        guard found == .missing, let lender else { return found }
        return try lender.look(at: pointer)
    }

    /// Whether there is a plain file of that name and size. Its bytes are not looked at. The empty file always is.
    public func contains(_ pointer: Pointer) -> Bool {
        (try? look(at: pointer)) == .sound
    }

    private func status(of pointer: Pointer) throws(FileError) -> FileStatus? {
        let digits = pointer.oid.hexDigits
        let slash = UInt8(ascii: "/")
        return try objects.status(
            ofEntry: FilePath(bytes: digits[0..<2] + [slash] + digits[2..<4] + [slash] + digits))
    }
}
