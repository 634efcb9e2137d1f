public import Blobs

/// Who moves files to and from the server of a remote, by whichever protocol it speaks.
///
/// It may be used by any number of threads at once. What has come stays, also when a call throws.
public protocol FileClient: Sendable {
    /// Those of these files that the server does not have.
    func lacking(_ files: [Pointer], report: LFSReport) throws(NetworkError) -> [Pointer]

    /// Those of these files that the server says it has, by name and size.
    func present(_ files: [Pointer], report: LFSReport) throws(NetworkError) -> Set<Pointer>

    /// Brings files into a store. Those that are there are left as they are, and each is hashed on its way.
    func download(
        _ files: [Pointer], to store: BlobStore, ref: String?, report: LFSReport
    ) throws(NetworkError) -> LFSClient.Result

    /// Reads files at the server and looks whether they are what their names say; nothing of them is kept.
    func verify(
        _ files: [Pointer], ref: String?, report: LFSReport
    ) throws(NetworkError) -> LFSClient.Result

    /// Brings to the server those of these files that it lacks.
    func upload(
        _ files: [Pointer], from store: BlobStore, ref: String?, report: LFSReport
    ) throws(NetworkError) -> LFSClient.Result

    /// Refuses where somebody else has locked what a push changes.
    ///
    /// - Parameter touches: whether it changes what is at a path.
    func requireUnlocked(ref: String?, isStopped: () -> Bool, touches: (String) -> Bool) throws(NetworkError)

    /// Lets go of what was asked about or brought: from now on only versions keep it there. May be called again.
    func release()
}

extension LFSClient: FileClient {
    /// Servers of the web collect nothing that was just brought.
    public func release() {}
}

extension TransferClient: FileClient {
    /// By ssh alone locks are for those who ask for them.
    public func requireUnlocked(
        ref: String?, isStopped: () -> Bool, touches: (String) -> Bool
    ) throws(NetworkError) {}

    /// Ends the connections, as long as which nothing is collected there.
    public func release() { close() }
}
