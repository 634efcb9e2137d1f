import Blobs
import Digest

/// Files that come over a connection.
struct TransferDownload: Sendable {
    let work: TransferWork
    let goal: any LFSGoal
    let ref: String?

    /// So many files are asked for before the first of them has come.
    private static let ahead = 16

    /// Brings the files of a chunk.
    func bring(_ chunk: inout TransferWork.Chunk, over connection: TransferConnection) throws(NetworkError) {
        let grants = try connection.batch(chunk.left, .download, ref: ref)
        for file in chunk.left where grants[file] == nil { work.isMissing(file, in: &chunk) }
        work.plan(chunk.left, in: &chunk)
        do throws(BlobError) { try goal.prepare(for: chunk.left.byteCount) } catch { throw NetworkError(error) }
        var rest = chunk.left[...]
        var asked: [(file: Pointer, sink: any LFSSink)] = []
        while !rest.isEmpty || !asked.isEmpty {
            // What was asked for comes in any case, so a stop has to cut the connection off.
            if work.isOver { throw NetworkError(.stopped, "the transfer was stopped; what was done so far stays") }
            while asked.count < Self.ahead, let file = rest.popFirst() {
                guard let sink = try begin(file, in: &chunk) else { continue }
                try connection.writer.message(
                    ["get-object \(file.oid.hex)", "size=\(file.size)"] + (grants[file]?.arguments ?? []))
                asked.append((file, sink))
            }
            try connection.writer.send()
            if !asked.isEmpty {
                let (file, sink) = asked.removeFirst()
                try receive(file, into: sink, in: &chunk, over: connection)
            }
        }
    }

    /// Begins to take a file; nil where that is not to be, or it has come already.
    private func begin(_ file: Pointer, in chunk: inout TransferWork.Chunk) throws(NetworkError) -> (any LFSSink)? {
        do throws(BlobError) {
            if goal.has(file) {
                work.arrived(file, in: &chunk)
                return nil
            }
            guard let sink = try goal.begin(file) else {
                work.isBusy(file, in: &chunk)
                return nil
            }
            // It was cut off between its last byte and its name.
            if sink.received == file.size, try goal.finish(sink) {
                work.arrived(file, in: &chunk)
                return nil
            }
            return sink
        } catch { throw NetworkError(error) }
    }

    private func receive(
        _ file: Pointer, into sink: any LFSSink, in chunk: inout TransferWork.Chunk,
        over connection: TransferConnection
    ) throws(NetworkError) {
        let answer = try connection.readAnswer()
        guard answer.isSuccess else {
            let error = try connection.failure(answer, asking: "give the file \(file.oid)")
            switch error.code {
            case .missing: work.isMissing(file, in: &chunk)
            case .refused: work.failed(file, error, in: &chunk)
            default: throw error
            }
            return
        }
        let isWhole = try take(file, answer, into: sink, in: &chunk, over: connection)
        let isRight: Bool
        do throws(BlobError) {
            isRight = if isWhole { try goal.finish(sink) } else { false }
            if !isRight { try sink.restart() }
        } catch { throw NetworkError(error) }
        if isRight { return work.arrived(file, in: &chunk) }
        // What was left here before may have been at fault: then it comes once more, as one that is cut off does.
        if !chunk.suspects.insert(file).inserted { work.isDamaged(file, in: &chunk) }
    }

    /// Takes the bytes of a file; false where they are more or fewer than it has. Those that are here already are passed
    /// over: all of them are looked at in the end.
    private func take(
        _ file: Pointer, _ answer: TransferAnswer, into sink: any LFSSink, in chunk: inout TransferWork.Chunk,
        over connection: TransferConnection
    ) throws(NetworkError) -> Bool {
        var here = sink.received
        var count: Int64 = 0
        try connection.readBody(of: answer) { (bytes) throws(NetworkError) in
            count += Int64(bytes.count)
            guard count <= file.size else { return }
            let known = Int(min(here, Int64(bytes.count)))
            here -= Int64(known)
            do throws(BlobError) {
                if known < bytes.count { try sink.append(UnsafeRawBufferPointer(rebasing: bytes[known...])) }
            } catch { throw NetworkError(error) }
            work.moved(file, to: count, in: &chunk)
        }
        return count == file.size
    }
}
