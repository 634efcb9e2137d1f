public import Blobs
import Files
import Synchronization

/// Moves files to and from a repository on another computer by ssh alone: `git-lfs-transfer`, version 1.
///
/// It may be used by any number of threads at once. Several connections are used, each for one file after the other, without
/// waiting for each answer. A connection that is cut off is made again; what has come stays. The protocol has no way to ask
/// for a part: of a file that was cut off all bytes travel again, and those that were here are looked at with the rest.
public final class TransferClient: Sendable {
    private let ssh: SSHClient
    private let address: SSHAddress
    /// How many connections are used at once.
    let width: Int
    /// Those that wait for something to do.
    private let idle = Mutex<[TransferDirection: [TransferConnection]]>([:])
    private let other = Mutex<NetworkError?>(nil)
    private let count = TransferCount()
    /// Taken while a connection is made for which somebody may be asked: whether one more would have to ask again.
    private let isAlone = Mutex(false)

    /// Prepares to reach a repository.
    public init(ssh: SSHClient, address: SSHAddress, connections: Int = 4) {
        (self.ssh, self.address, width) = (ssh, address, max(1, connections))
    }

    deinit { close() }

    /// Connects; false where the other end has no `git-lfs-transfer`, and files have to go by another way.
    public func connect(_ direction: TransferDirection) throws(NetworkError) -> Bool {
        if idle.withLock({ $0[direction]?.isEmpty == false }) { return true }
        guard let connection = try open(direction) else { return false }
        giveBack(connection, direction)
        return true
    }

    private func open(
        _ direction: TransferDirection, isQuiet: Bool = false
    ) throws(NetworkError) -> TransferConnection? {
        let presence = TransferPresence(in: count, direction)
        return try TransferConnection(ssh, address, direction, presence: presence, isQuiet: isQuiet) { error in
            other.withLock { $0 = error }
        }
    }

    /// What was said where ``connect(_:)`` found nothing, if it is not known to mean that there is no such program.
    var otherWords: NetworkError? { other.withLock { $0 } }

    /// Ends the connections that nobody uses.
    public func close() {
        let all = idle.withLock { idle in
            defer { idle = [:] }
            return idle.values.joined()
        }
        for connection in all { connection.close() }
    }

    /// A connection for one thread. Where a person may be asked for a passphrase, they are for the first of them, and not for
    /// each: nil where one more would take that.
    func take(_ direction: TransferDirection, _ report: LFSReport) throws(NetworkError) -> TransferConnection? {
        let known = waiting(direction)
        let connection = if let known { known } else { try opened(direction) }
        connection?.heed(report.isStopped)
        return connection
    }

    private func waiting(_ direction: TransferDirection) -> TransferConnection? {
        idle.withLock { $0[direction]?.popLast() }
    }

    private func opened(_ direction: TransferDirection) throws(NetworkError) -> TransferConnection? {
        guard ssh.mayAsk else { return try required(open(direction)) }
        return try isAlone.withLock { isAlone throws(NetworkError) -> TransferConnection? in
            if let known = waiting(direction) { return known }
            if count[direction] == 0 { return try required(open(direction)) }
            if isAlone { return nil }
            do throws(NetworkError) { return try required(open(direction, isQuiet: true)) } catch {
                guard error.code == .denied else { throw error }
                isAlone = true
                return nil
            }
        }
    }

    private func required(_ connection: TransferConnection?) throws(NetworkError) -> TransferConnection {
        if let connection { return connection }
        throw otherWords
            ?? NetworkError(
                .refused, "\(address.host) has no git-lfs-transfer",
                hint: "install Offbeat there, where ssh's sessions find it")
    }

    func giveBack(_ connection: TransferConnection, _ direction: TransferDirection) {
        connection.heed { false }
        idle.withLock { $0[direction, default: []].append(connection) }
    }

    // MARK: What can be asked

    /// Those of these files that the server does not have.
    public func lacking(_ files: [Pointer], report: LFSReport = .none) throws(NetworkError) -> [Pointer] {
        let present = try present(files, report: report)
        return files.filter { !$0.isEmpty && !present.contains($0) }
    }

    /// Those of these files that the server says it has, by name and size.
    public func present(_ files: [Pointer], report: LFSReport = .none) throws(NetworkError) -> Set<Pointer> {
        let present = Mutex<Set<Pointer>>([])
        let work = TransferWork(files.worthAsking, self, .download, report, isQuestion: true)
        _ = try work.run { (connection, chunk) throws(NetworkError) in
            let known = try connection.batch(chunk.left, .download, ref: nil).keys
            present.withLock { $0.formUnion(known) }
            chunk.left = []
        }
        return present.withLock { $0 }
    }

    /// Brings files into a store. Those that are there are left as they are, and each is hashed on its way. What has come
    /// stays, also when this throws.
    ///
    /// - Parameter ref: the whole name of the branch that the files are of, for servers that ask for it.
    public func download(
        _ files: [Pointer], to store: BlobStore, ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> LFSClient.Result {
        let wanted = files.worthAsking.filter { !store.contains($0) }
        let portions = LFSPortions(of: store)
        let result = Result { () throws(NetworkError) in
            try bring(wanted, to: LFSStoreGoal(store: store, portions: portions), ref, report)
        }
        do throws(BlobError) { try portions.finish() } catch { throw NetworkError(error) }
        return try result.get()
    }

    /// Reads files at the server and looks whether they are what their names say; nothing of them is kept.
    public func verify(
        _ files: [Pointer], ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> LFSClient.Result {
        try bring(files.worthAsking, to: LFSHashGoal(), ref, report)
    }

    private func bring(
        _ wanted: [Pointer], to goal: any LFSGoal, _ ref: String?, _ report: LFSReport
    ) throws(NetworkError) -> LFSClient.Result {
        let work = TransferWork(wanted, self, .download, report)
        let download = TransferDownload(work: work, goal: goal, ref: ref)
        return try work.run { (connection, chunk) throws(NetworkError) in
            try download.bring(&chunk, over: connection)
        }
    }

    /// Brings to the server those of these files that it lacks.
    ///
    /// The bytes of each are looked at on their way, and the server gets no whole file that is another than its name says.
    /// What is neither there nor here is told as missing, what is other here as damaged.
    ///
    /// - Parameter ref: the whole name of the branch that the files are of, for servers whose permissions go by it.
    public func upload(
        _ files: [Pointer], from store: BlobStore, ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> LFSClient.Result {
        let work = TransferWork(files.worthAsking, self, .upload, report)
        let upload = TransferUpload(work: work, store: store, ref: ref)
        return try work.run { (connection, chunk) throws(NetworkError) in try upload.send(&chunk, over: connection)
        }
    }
}
