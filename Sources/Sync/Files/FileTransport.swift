public import Blobs

/// How files reach a remote and come from it.
///
/// Each question is about a whole list, since with some remotes every question is a journey.
public protocol FileTransport: Sendable {
    /// Brings to the remote those of these files that it lacks.
    ///
    /// When it returns the remote has them all, durably, but those told as missing. It keeps them, whatever is collected
    /// there, until ``release()``: call that when the versions that name them have their reference.
    func upload(_ files: [Pointer], from blobs: BlobStore, report: TransferReport) throws(SyncError) -> Upload

    /// Refuses where somebody else has locked what a push changes; `touches` tells whether it changes what is at a path.
    func requireUnlocked(_ touches: (String) -> Bool) throws(SyncError)

    /// Those of these files that the remote does not have.
    func lacking(_ files: [Pointer]) throws(SyncError) -> [Pointer]

    /// Brings files from the remote into the store. Those that are here are left as they are.
    ///
    /// Each is verified while it is written, and one whose hash is not its name is discarded. What has come stays, also
    /// when this throws: the next call brings the rest.
    func download(_ files: [Pointer], to blobs: BlobStore, report: TransferReport) throws(SyncError) -> Download

    /// Those of these files whose bytes the remote holds a second time: not as the same file on the disk as ours, and of
    /// the right size. With `verifying` their bytes are read, too.
    ///
    /// Nobody lets go of them at the remote because ours are here, until ``release()``: call that when ours are gone.
    func confirmed(
        _ files: [Pointer], apart from: BlobStore, verifying: Bool
    ) throws(SyncError) -> Set<Pointer>

    /// Lets go of what was uploaded or confirmed: from now on only versions keep it at the remote. May be called again.
    func release()
}

extension FileTransport {
    /// Where nobody can lock anything, nobody has.
    public func requireUnlocked(_ touches: (String) -> Bool) throws(SyncError) {}
}

/// What an upload has done.
public struct Upload: Sendable, Hashable {
    /// How many files were brought.
    public let files: Int
    /// How many bytes they have.
    public let bytes: Int64
    /// The files that are neither there nor here, by name, kind and size, in the order in which they were asked for.
    public let missing: [Pointer]

    init(_ brought: [Pointer] = [], missing: [Pointer] = []) {
        files = brought.count
        bytes = brought.totalSize
        self.missing = missing
    }

    init(files: Int, bytes: Int64, missing: [Pointer]) {
        self.files = files
        self.bytes = bytes
        self.missing = missing
    }
}

/// What a download has done.
public struct Download: Sendable, Hashable {
    /// How many files were brought.
    public internal(set) var files = 0
    /// How many bytes they have.
    public internal(set) var bytes: Int64 = 0
    /// The files that the remote does not have.
    public internal(set) var missing: [Pointer] = []
    /// The files in whose place there is something else: other bytes, or no plain file.
    public internal(set) var damaged: [Pointer] = []

    /// Nothing was asked for.
    public init() {}
}

/// Who is told how far a transfer is. Its calls come from any thread.
public struct TransferReport: Sendable {
    /// Is told how much there is to bring, once that is known.
    let planned: @Sendable (_ files: Int, _ bytes: Int64) -> Void
    /// Is told how much has been brought since the call before.
    let done: @Sendable (_ files: Int, _ bytes: Int64) -> Void

    /// Tells nobody.
    public static let none = TransferReport(planned: { _, _ in }, done: { _, _ in })

    /// Tells these two.
    ///
    /// - Parameters:
    ///   - planned: is told how much there is to bring, once that is known.
    ///   - done: is told how much has been brought since the call before.
    public init(
        planned: @escaping @Sendable (_ files: Int, _ bytes: Int64) -> Void,
        done: @escaping @Sendable (_ files: Int, _ bytes: Int64) -> Void
    ) {
        self.planned = planned
        self.done = done
    }

    func plan(_ files: [Pointer]) { planned(files.count, files.totalSize) }
}
