public import Blobs
import Git

extension Store {
    /// Takes files away again that batches have brought and of which no version came to be, so that they take no part of a
    /// quota. One that somebody else is about to name, or that some version may name, stays.
    public func withdraw(_ batches: [BlobBatch]) throws {
        try exclusively { _ in
            for batch in batches { batch.end() }
            let claimed = try NeedsSurvey.claims(of: blobs)
            try StoreError.wrapping("read", "the objects of \(path)") { () throws(GitError) in
                try repository.refresh()
            }
            for batch in batches {
                try batch.withdraw { file in
                    // The pointer to a file has one possible blob, and a version that was not made has left none.
                    !claimed.contains(file.oid) && !repository.contains(ObjectID(ofBlob: file.encoded()))
                }
            }
        }
    }
}
