public import Blobs

extension LFSClient {
    /// Brings to the server those of these files that it lacks.
    ///
    /// The bytes of each are looked at on their way, and no server gets a whole file that is another than its name says. What
    /// is neither there nor here is told as missing, what is other here as damaged.
    ///
    /// - Parameter ref: the whole name of the branch that the files are of, for servers whose permissions go by it.
    public func upload(
        _ files: [Pointer], from store: BlobStore, ref: String? = nil, report: LFSReport = .none
    ) throws(NetworkError) -> Result {
        let wanted = files.worthAsking
        guard !wanted.isEmpty else { return Result() }
        let transfer = LFSTransfer(
            wanted, uploads, reference: ref, report: report, patience: patience, width: width,
            trace: trace)
        let upload = LFSUpload(transfer: transfer, store: store)
        let found = try transfer.run { (objects) throws(NetworkError) in
            let nexts = objects.map { object in Self.decide(object, store) }
            transfer.plan(zip(objects, nexts).filter { $0.1.isTravel }.map(\.0.file))
            return nexts
        } travel: { (item) throws(LFSFailure) in
            try upload.send(&item)
        }
        return Result(transfer, found, in: wanted)
    }

    private static func decide(_ object: LFSObject, _ store: BlobStore) -> LFSTransfer.Next {
        if let problem = object.problem { return .failed(LFSFailure(problem)) }
        // Without it the server has the file.
        guard object.actions["upload"] != nil else { return .nothing }
        if store.contains(object.file) { return .travel }
        return .failed(LFSFailure(.missing, NetworkError(.missing, "the file \(object.file.oid) is not here")))
    }
}
