import Synchronization

/// How many bytes the files of a store may have, and how many are on their way to it.
///
/// The journal knows of those that have arrived, whichever process brought them; what this process is still bringing is
/// counted here.
final class BlobQuota: Sendable {
    let limit: Int64
    private let coming = Mutex<Int64>(0)

    init(_ limit: Int64) { self.limit = limit }

    /// Takes so many bytes of it; false where there are not as many left.
    func take(_ size: Int64, in journal: BlobJournal) throws(BlobError) -> Bool {
        let arrived = try journal.totals().bytes
        return coming.withLock { coming in
            guard size <= limit - arrived - coming else { return false }
            coming += size
            return true
        }
    }

    /// Counts bytes no more that the journal knows of by now, or that will not come.
    func settle(_ size: Int64) { coming.withLock { $0 -= size } }
}
