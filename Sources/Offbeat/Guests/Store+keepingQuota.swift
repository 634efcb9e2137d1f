import Blobs
import Store

extension Store {
    /// Runs a step that makes a version of files; where that would be more than may be, the files that no version came to
    /// name are taken away again. Then what a guest may have left is as before.
    func keepingQuota<R>(by withdraw: () -> Void, _ step: () throws -> R) throws -> R {
        do { return try step() } catch {
            if loan != nil, Failure(error).code == .overLimit { withdraw() }
            throw error
        }
    }

    /// The same for the files of one batch.
    func keepingQuota<R>(of batch: BlobBatch, _ step: () throws -> R) throws -> R {
        // What stays by mistake goes with a collection.
        try keepingQuota(by: { _ = try? self.withdraw([batch]) }, step)
    }
}
