public import Digest
import Files

extension BlobStore {
    /// What a look at every byte of a file found.
    public enum Verdict: Sendable, Hashable {
        /// The bytes are those that the name says.
        case sound
        /// There is no such file.
        case missing
        /// There is something else than a plain file in its place.
        case notRegular(String)
        /// It has another number of bytes, this one.
        case wrongSize(Int64)
        /// It has the right number of bytes, but their hash is this.
        case wrongHash(ContentHash)
    }

    /// Reads the whole file and compares it with its name.
    public func verify(_ pointer: Pointer) throws(BlobError) -> Verdict {
        guard !pointer.isEmpty else { return pointer == .empty ? .sound : .wrongHash(.ofNothing) }
        return try translated {
            let path = path(of: pointer.oid)
            guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false) else {
                return .missing
            }
            guard status.kind == .regular else { return .notRegular(status.kind.words) }
            guard status.size == pointer.size else { return .wrongSize(status.size) }
            let file = try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
            let found = try Copier().hash(file, expecting: pointer.size)
            return found == pointer.oid ? .sound : .wrongHash(found)
        }
    }
}
