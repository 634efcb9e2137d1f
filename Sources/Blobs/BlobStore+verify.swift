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
        /// The disk does not give its bytes, in the system's words.
        case unreadable(String)
    }

    /// Reads the whole file and compares it with its name.
    public func verify(_ pointer: Pointer) throws(BlobError) -> Verdict {
        try BlobVerifier(of: self).verify(pointer)
    }

    /// What can be said of a file by its name, kind and size alone.
    public func look(at pointer: Pointer) throws(BlobError) -> Verdict {
        guard !pointer.isEmpty else { return pointer == .empty ? .sound : .wrongHash(.ofNothing) }
        let found = try Self.look(at: path(of: pointer.oid), size: pointer.size)
        guard found == .missing, let lender else { return found }
        return try lender.look(at: pointer)
    }

    static func look(at path: FilePath, size: Int64) throws(BlobError) -> Verdict {
        verdict(try translated { try FileSystem.statusIfExists(of: path, followingLinks: false) }, size: size)
    }

    static func verdict(_ status: FileStatus?, size: Int64) -> Verdict {
        guard let status else { return .missing }
        guard status.kind == .regular else { return .notRegular(status.kind.words) }
        return status.size == size ? .sound : .wrongSize(status.size)
    }

    /// Every file that is stored, in the order of their hashes. Several threads look at once.
    public func files() throws(BlobError) -> [Pointer] {
        try translated { try ObjectWalk.files(in: directory) }
    }
}
