public import Blobs
public import Network
import Store
import Synchronization

/// The files of a remote on another computer, at its git-lfs server.
public final class NetworkFiles: FileTransport {
    private static let branch = "refs/heads/main"

    private let remote: NetworkRemote
    private let lfsconfig: @Sendable () -> LFSConfig
    private let isStopped: @Sendable () -> Bool
    private let client = Mutex<(any FileClient)?>(nil)

    /// Takes the files of a remote. Nothing is asked of it yet.
    ///
    /// - Parameters:
    ///   - lfsconfig: what `.lfsconfig` of the newest version says, read when it is first needed.
    ///   - isStopped: asked several times a second, on any thread, whether somebody wants an end.
    public init(
        at remote: NetworkRemote, lfsconfig: @escaping @Sendable () -> LFSConfig,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.remote = remote
        self.lfsconfig = lfsconfig
        self.isStopped = isStopped
    }

    /// Brings to the server those of these files that it lacks.
    public func upload(
        _ files: [Pointer], from blobs: BlobStore, report: TransferReport
    ) throws(SyncError) -> Upload {
        if files.worthMoving.isEmpty { return Upload() }
        let result = try asking(.upload) { (client) throws(NetworkError) in
            try client.upload(files, from: blobs, ref: Self.branch, report: told(report))
        }
        let gone = Set(result.missing + result.damaged)
        return Upload(
            files: result.files, bytes: result.bytes, missing: files.worthMoving.filter(gone.contains))
    }

    /// Refuses where somebody else has locked what a push changes, as git-lfs does.
    public func requireUnlocked(_ touches: (String) -> Bool) throws(SyncError) {
        try asking(.upload) { (client) throws(NetworkError) in
            try client.requireUnlocked(ref: Self.branch, isStopped: isStopped, touches: touches)
        }
    }

    /// Those of these files that the server does not have.
    public func lacking(_ files: [Pointer]) throws(SyncError) -> [Pointer] {
        let wanted = files.worthMoving
        if wanted.isEmpty { return [] }
        return try asking(.download) { (client) throws(NetworkError) in
            try client.lacking(wanted, report: told(.none))
        }
    }

    /// Brings files from the server into the store.
    public func download(
        _ files: [Pointer], to blobs: BlobStore, report: TransferReport
    ) throws(SyncError) -> Download {
        let wanted = files.worthMoving
        // Which of them are here, whoever brings them looks: each look is a call.
        guard wanted.contains(where: { !blobs.contains($0) }) else { return Download() }
        let result = try asking(.download) { (client) throws(NetworkError) in
            try client.download(wanted, to: blobs, ref: Self.branch, report: told(report))
        }
        var download = Download()
        download.files = result.files
        download.bytes = result.bytes
        download.missing = result.missing
        download.damaged = result.damaged
        return download
    }

    /// Those that the server says it has, by name and size; with `verifying` their bytes are read.
    public func confirmed(
        _ files: [Pointer], apart from: BlobStore, verifying: Bool
    ) throws(SyncError) -> Set<Pointer> {
        let wanted = files.worthMoving
        let empty = Set(files.filter(\.isEmpty))
        if wanted.isEmpty { return empty }
        let held = try asking(.download) { (client) throws(NetworkError) -> Set<Pointer> in
            guard verifying else { return try client.present(wanted, report: told(.none)) }
            let result = try client.verify(wanted, ref: Self.branch, report: told(.none))
            return Set(wanted).subtracting(result.missing).subtracting(result.damaged)
        }
        return held.union(empty)
    }

    /// Ends the connections, as long as which what was brought is kept at the other end of ssh; servers of the web keep it.
    public func release() { client.withLock { $0?.release() } }

    private func asking<R>(
        _ direction: TransferDirection, _ step: (any FileClient) throws(NetworkError) -> R
    ) throws(SyncError) -> R {
        do throws(NetworkError) { return try step(opened(direction)) } catch { throw SyncError(error) }
    }

    private func opened(_ direction: TransferDirection) throws(NetworkError) -> any FileClient {
        if let client = client.withLock({ $0 }) { return client }
        let opened = try remote.files(for: direction, by: lfsconfig())
        client.withLock { $0 = opened }
        return opened
    }

    private func told(_ report: TransferReport) -> LFSReport {
        LFSReport(planned: report.planned, done: report.done, isStopped: isStopped)
    }
}
