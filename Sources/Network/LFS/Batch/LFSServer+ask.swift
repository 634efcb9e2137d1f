import HTTP

extension LFSServer {
    /// Asks what is to be done with some files; nil where they are too many at once.
    func ask(_ batch: LFSBatch, isStopped: () -> Bool) throws(LFSFailure) -> [LFSObject]? {
        let answer: (head: HTTPResponse, body: [UInt8])
        do throws(NetworkError) {
            // Asking twice does no harm.
            answer = try ask(
                .post, "objects/batch", batch.body, upTo: LFSBatch.answerLimit, isRepeatable: true,
                isStopped: isStopped)
        } catch { throw LFSFailure(error) }
        if answer.head.status == 413, batch.files.count > 1 { return nil }
        guard answer.head.status == 200 else {
            let failure = LFSFailure(answer.head, answer.body, asking: "take the question about files")
            guard case .missing = failure.kind else { throw failure }
            throw LFSFailure(.all, failure.error)
        }
        do throws(NetworkError) { return try batch.read(answer.body, answer.head) } catch {
            throw LFSFailure(.all, error)
        }
    }
}
