public import Blobs
import Digest
import Synchronization
public import Trace

/// Moves files to and from a git-lfs server.
///
/// It may be used by any number of threads at once. What can pass is tried again, for at most as long as ``LFSPatience``
/// says; what has come stays, whatever becomes of the rest.
public final class LFSClient: Sendable {
    /// Runs `git-lfs-authenticate` at the other end of ssh, and gives its answer; nil where there is no such program.
    public typealias Authenticate =
        @Sendable (SSHAddress, TransferDirection) throws(NetworkError) -> [UInt8]?

    let downloads: LFSServer
    let uploads: LFSServer
    let patience: LFSPatience
    /// How many files travel at once.
    let width: Int
    /// Whether locks are looked at before a push: true refuses a server that has none, nil takes that for no locks.
    private let verifiesLocks: Bool?
    let trace: Trace

    /// As many files travel at once where nothing is said, as with git-lfs.
    public static let usualWidth = 8

    /// Speaks with a server.
    ///
    /// - Parameters:
    ///   - download: where files come from.
    ///   - upload: where they go.
    ///   - web: who asks.
    ///   - width: how many files travel at once.
    ///   - authenticate: what is asked first where an endpoint is reached by ssh.
    public convenience init(
        download: LFSEndpoint, upload: LFSEndpoint, web: WebClient, width: Int = usualWidth,
        verifiesLocks: Bool? = nil, trace: Trace = .off,
        authenticate: @escaping Authenticate = { (_, _) throws(NetworkError) in nil }
    ) {
        self.init(
            download: download, upload: upload, web: web, authenticate: authenticate, patience: LFSPatience(),
            width: width, verifiesLocks: verifiesLocks, trace: trace)
    }

    init(
        download: LFSEndpoint, upload: LFSEndpoint, web: WebClient, authenticate: @escaping Authenticate,
        patience: LFSPatience, width: Int = usualWidth, verifiesLocks: Bool? = nil, trace: Trace = .off
    ) {
        self.width = width
        self.verifiesLocks = verifiesLocks
        self.trace = trace
        downloads = LFSServer(.download, at: download, web: web, authenticate: authenticate)
        uploads = LFSServer(.upload, at: upload, web: web, authenticate: authenticate)
        self.patience = patience
    }

    /// Looks before a push whether somebody else has locked what it changes, and refuses it then, as the settings say.
    public func requireUnlocked(
        ref: String?, isStopped: () -> Bool, touches: (String) -> Bool
    ) throws(NetworkError) {
        if verifiesLocks == false { return }
        do throws(NetworkError) {
            try requireUnlocked(
                ref: ref, isRequired: verifiesLocks == true, isStopped: isStopped, touches: touches)
        } catch {
            // Who has not asked for it need not wait for a server that cannot tell just now.
            guard verifiesLocks == nil, error.code == .offline || error.code == .refused else { throw error }
        }
    }

    /// What a transfer has done.
    public struct Result: Sendable, Hashable {
        /// How many files were moved.
        public internal(set) var files = 0
        /// How many bytes they have.
        public internal(set) var bytes: Int64 = 0
        /// The files that are not where they should come from, in the order in which they were asked for.
        public internal(set) var missing: [Pointer] = []
        /// The files in whose place there is something else, in the same order.
        public internal(set) var damaged: [Pointer] = []

        /// Nothing was asked for.
        public init() {}

        init(
            _ transfer: LFSTransfer, _ found: (missing: Set<Pointer>, damaged: Set<Pointer>), in files: [Pointer]
        ) {
            (self.files, bytes) = transfer.done
            missing = files.filter(found.missing.contains)
            damaged = files.filter(found.damaged.contains)
        }
    }
}

extension LFSClient {
    /// Those of these files that the server does not have.
    public func lacking(_ files: [Pointer], report: LFSReport = .none) throws(NetworkError) -> [Pointer] {
        let present = try present(files, report: report)
        return files.filter { !$0.isEmpty && !present.contains($0) }
    }

    /// Those of these files that the server says it has, by name and size.
    public func present(_ files: [Pointer], report: LFSReport = .none) throws(NetworkError) -> Set<Pointer> {
        let wanted = files.worthAsking
        let present = Mutex<Set<Pointer>>([])
        var patience = patience
        patience.tries = min(patience.tries, patience.questions)
        let transfer = LFSTransfer(
            wanted, downloads, reference: nil, report: report, patience: patience, width: width,
            trace: trace)
        _ = try transfer.run { objects in
            objects.map { object in
                if let problem = object.problem { return .failed(LFSFailure(problem)) }
                if object.actions["download"] == nil { return .failed(LFSFailure(.missing, object.isSilent)) }
                present.withLock { _ = $0.insert(object.file) }
                return .nothing
            }
        } travel: { _ throws(LFSFailure) in
        }
        return present.withLock { $0 }
    }
}

extension LFSFailure {
    /// What it means for a file that the server says so.
    init(_ problem: LFSProblem) {
        switch problem.kind {
        case .missing: self.init(.missing, NetworkError(.missing, "the server does not have a file"))
        case .damaged: self.init(.damaged, NetworkError(.refused, "the server has another file of that name"))
        case .failed(let error): self.init(.final, error)
        }
    }
}

extension LFSObject {
    /// Says that the server neither gives the file nor says why.
    var isSilent: NetworkError { NetworkError(.missing, "the server does not say how to get the file \(file.oid)") }
}

extension [Pointer] {
    /// Each file once, and none that has no bytes, in the same order.
    var worthAsking: [Pointer] {
        var seen: Set<ContentHash> = []
        return filter { !$0.isEmpty && seen.insert($0.oid).inserted }
    }

    /// How many bytes the files have together, as far as that can be counted.
    var byteCount: Int64 {
        reduce(0) { sum, file in
            let (result, overflows) = sum.addingReportingOverflow(file.size)
            return overflows ? .max : result
        }
    }
}
