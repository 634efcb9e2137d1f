import Blobs
import Digest

/// Files that go over a connection.
struct TransferUpload: Sendable {
    let work: TransferWork
    let store: BlobStore
    let ref: String?

    /// So many files, or so many bytes, go before the first of them has to be answered.
    private static let ahead = TransferConnection.batchSize
    private static let bytesAhead: Int64 = 4 << 20

    /// A file that went and is not answered yet.
    private struct Sent {
        let file: Pointer
        /// Why it is not what its name says, or could not be read.
        let failure: LFSFailure?
    }

    /// Sends the files of a chunk.
    func send(_ chunk: inout TransferWork.Chunk, over connection: TransferConnection) throws(NetworkError) {
        let grants = try connection.batch(chunk.left, .upload, ref: ref)
        // What it does not want it has.
        chunk.left.removeAll { grants[$0] == nil }
        for file in chunk.left where !store.contains(file) { work.isMissing(file, in: &chunk) }
        work.plan(chunk.left, in: &chunk)
        var rest = chunk.left[...]
        var sent: [Sent] = []
        while !rest.isEmpty || !sent.isEmpty {
            if work.isOver { throw NetworkError(.stopped, "the transfer was stopped; what was done so far stays") }
            let isFull = sent.count >= Self.ahead || sent.map(\.file).byteCount >= Self.bytesAhead
            if !isFull, let file = rest.popFirst() {
                if let one = try put(file, grants[file]?.arguments ?? [], in: &chunk, over: connection) {
                    sent.append(one)
                }
            } else if !sent.isEmpty {
                try connection.writer.send()
                try hear(sent.removeFirst(), in: &chunk, over: connection)
            }
        }
    }

    /// Sends a file, and asks for it to be verified; nil where it is not here.
    private func put(
        _ file: Pointer, _ arguments: [String], in chunk: inout TransferWork.Chunk,
        over connection: TransferConnection
    ) throws(NetworkError) -> Sent? {
        let source: LFSSource
        do throws(BlobError) { source = LFSSource(try store.open(file), of: file) } catch {
            switch error.code {
            case .missing: work.isMissing(file, in: &chunk)
            case .damaged: work.isDamaged(file, in: &chunk)
            default: throw NetworkError(error)
            }
            return nil
        }
        let writer = connection.writer
        for line in ["put-object \(file.oid.hex)", "size=\(file.size)"] + arguments { try writer.line(line) }
        writer.delimiter()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketWriter.dataLimit, alignment: 16)
        defer { buffer.deallocate() }
        while source.position < file.size, !connection.takesNoMore, let count = source.read(into: buffer), count > 0
        {
            try writer.data(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            work.moved(file, to: source.position, in: &chunk)
        }
        writer.flush()
        try writer.message(["verify-object \(file.oid.hex)", "size=\(file.size)"] + arguments)
        return Sent(file: file, failure: source.failure)
    }

    /// Hears what became of a file.
    private func hear(
        _ sent: Sent, in chunk: inout TransferWork.Chunk, over connection: TransferConnection
    ) throws(NetworkError) {
        var error: NetworkError?
        for what in ["take the file", "have the file"] {
            let answer = try connection.readAnswer()
            if answer.isSuccess {
                try connection.readBody(of: answer) { (_) throws(NetworkError) in }
            } else {
                let failure = try connection.failure(answer, asking: "\(what) \(sent.file.oid)")
                error = error ?? failure
            }
        }
        if let failure = sent.failure {
            guard case .damaged = failure.kind else { throw failure.error }
            return work.isDamaged(sent.file, in: &chunk)
        }
        guard let error else { return work.arrived(sent.file, in: &chunk) }
        switch error.code {
        case .refused, .missing: work.failed(sent.file, error, in: &chunk)
        default: throw error
        }
    }
}
