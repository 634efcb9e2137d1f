import Blobs
import HTTP

extension LFSServer {
    /// Asks what is to be done with some files; nil where they are too many at once.
    func ask(_ batch: LFSBatch, isStopped: () -> Bool) throws(LFSFailure) -> [LFSObject]? {
        let (head, body) = try post(batch, isStopped)
        switch head.status {
        case 200: return try read(body, head, of: batch)
        case 413 where batch.files.count > 1 && !Words.tellLimit(Words.said(body) ?? "", status: 413): return nil
        case 404 where batch.operation == .download:
            if let missing = try lacking(batch.files, isStopped) { return missing }
        default: break
        }
        let failure = LFSFailure(head, body, asking: "take the question about files")
        if case .missing = failure.kind { throw LFSFailure(.all, failure.error) }
        throw failure
    }

    private func post(
        _ batch: LFSBatch, _ isStopped: () -> Bool
    ) throws(LFSFailure) -> (head: HTTPResponse, body: [UInt8]) {
        do throws(NetworkError) {
            // Asking twice does no harm.
            return try ask(
                .post, "objects/batch", batch.body, upTo: LFSBatch.answerLimit, isRepeatable: true,
                isStopped: isStopped)
        } catch { throw LFSFailure(error) }
    }

    private func read(
        _ body: [UInt8], _ head: HTTPResponse, of batch: LFSBatch
    ) throws(LFSFailure) -> [LFSObject] {
        do throws(NetworkError) { return try batch.read(body, head) } catch { throw LFSFailure(.all, error) }
    }

    /// Some servers, giftless among them, answer 404 where they have none of the files, just as where there is no such
    /// server at all. Which it is, is told by the question whether the files might be sent there; nil where it is not.
    private func lacking(_ files: [Pointer], _ isStopped: () -> Bool) throws(LFSFailure) -> [LFSObject]? {
        let batch = LFSBatch(operation: .upload, reference: nil, files: files)
        let (head, body) = try post(batch, isStopped)
        guard head.status == 200 else { return nil }
        _ = try read(body, head, of: batch)
        return files.map { LFSObject(file: $0, problem: LFSProblem(.missing)) }
    }
}
