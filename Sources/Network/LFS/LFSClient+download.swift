public import Blobs
import Files

extension LFSClient {
    /// Brings files into a store. Those that are there are left as they are, and each is hashed on its way.
    ///
    /// One that was cut off before goes on from there, whether by this program or by git-lfs. What has come stays, also when
    /// this throws.
    ///
    /// - Parameter ref: the whole name of the branch that the files are of, for servers that ask for it.
    public func download(
        _ files: [Pointer], to store: BlobStore, ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> Result {
        let lookup = try? BlobLookup(in: store)
        let wanted = files.worthAsking.filter { !(lookup?.contains($0) ?? store.contains($0)) }
        let portions = LFSPortions(of: store)
        let result = Swift.Result { () throws(NetworkError) in
            try bring(wanted, to: LFSStoreGoal(store: store, portions: portions), ref, report)
        }
        do throws(BlobError) { try portions.finish() } catch { throw NetworkError(error) }
        return try result.get()
    }

    /// Reads files at the server and looks whether they are what their names say; nothing of them is kept.
    public func verify(
        _ files: [Pointer], ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> Result {
        try bring(files.worthAsking, to: LFSHashGoal(), ref, report)
    }

    private func bring(
        _ wanted: [Pointer], to goal: any LFSGoal, _ ref: String?, _ report: LFSReport
    ) throws(NetworkError) -> Result {
        guard !wanted.isEmpty else { return Result() }
        let transfer = LFSTransfer(
            wanted, downloads, reference: ref, report: report, patience: patience, width: width,
            trace: trace)
        let download = LFSDownload(transfer: transfer, goal: goal)
        let found = try transfer.run { (objects) throws(NetworkError) in
            let nexts = objects.map { object -> LFSTransfer.Next in
                if let problem = object.problem { return .failed(LFSFailure(problem)) }
                return object.actions["download"] == nil ? .failed(LFSFailure(.missing, object.isSilent)) : .travel
            }
            let coming = zip(objects, nexts).filter { $0.1.isTravel }.map(\.0.file)
            do throws(BlobError) { try goal.prepare(for: coming.byteCount) } catch { throw NetworkError(error) }
            transfer.plan(coming)
            return nexts
        } travel: { (item) throws(LFSFailure) in
            try download.bring(&item)
        }
        return Result(transfer, found, in: wanted)
    }
}

/// Where files go that come.
protocol LFSGoal: Sendable {
    /// Refuses where there is no room for so many bytes more.
    func prepare(for bytes: Int64) throws(BlobError)
    /// Whether a file has got there by another way.
    func has(_ file: Pointer) -> Bool
    /// Begins to take a file; nil where another process is at it.
    func begin(_ file: Pointer) throws(BlobError) -> (any LFSSink)?
    /// Takes a file that is whole; false where it is not what its name says: then it is forgotten.
    func finish(_ sink: any LFSSink) throws(BlobError) -> Bool
}

/// Files are kept.
struct LFSStoreGoal: LFSGoal {
    let store: BlobStore
    let portions: LFSPortions

    func prepare(for bytes: Int64) throws(BlobError) {
        do throws(FileError) { try FileSystem.requireRoom(for: bytes, at: store.directory) } catch {
            throw BlobError(error)
        }
    }

    func has(_ file: Pointer) -> Bool { store.contains(file) }

    func begin(_ file: Pointer) throws(BlobError) -> (any LFSSink)? { try store.arrival(of: file) }

    func finish(_ sink: any LFSSink) throws(BlobError) -> Bool {
        guard let arrival = sink as? BlobArrival else { return false }
        return try portions.put(arrival.file.size) { (batch) throws(BlobError) in try arrival.finish(into: batch) }
    }
}
