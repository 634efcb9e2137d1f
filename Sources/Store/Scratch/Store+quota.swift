import Blobs
import Catalog
import Git

extension Store {
    private static let makeRoom = "nothing was changed; `offbeat rm` what you do not need, then `offbeat gc`"

    /// How much was made here over the store below; nil where this is no scratch store. The cost follows what was made.
    public func scratchUsage() throws -> ScratchUsage? {
        guard let loan else { return nil }
        return ScratchUsage(bytes: try storedBytes(), records: try changedFolders(since: loan).count)
    }

    private func changedFolders(since loan: Loan) throws(StoreError) -> Set<RecordFolder> {
        let origin = loan.origin.main.map { Version($0) }
        return Set(try changes(from: origin, to: version()).compactMap(\.folder))
    }

    private func storedBytes() throws(StoreError) -> Int64 {
        let files: Int64
        do throws(BlobError) { files = try blobs.journal.totals().bytes } catch { throw StoreError(error) }
        return try files
            + StoreError.wrapping("measure", "the objects of \(path)") { () throws(GitError) in
                try repository.storedBytes()
            }
    }

    /// Refuses a version with which more records would differ than may.
    func requireQuota(for draft: Draft) throws(StoreError) {
        guard let loan, let quota = loan.quota else { return }
        let records = try changedFolders(since: loan).union(draft.touchedFolders).count
        guard records > quota.records else { return }
        throw StoreError(
            .overQuota, "\(records) records would differ from the library's, and \(quota.records) may",
            hint: Self.makeRoom)
    }

    /// Refuses objects with which more would be stored than may.
    func requireQuota(for objects: ObjectWriter) throws(StoreError) {
        guard let quota = loan?.quota else { return }
        let bytes = try storedBytes() + Int64(objects.bytesWritten)
        guard bytes > quota.bytes else { return }
        throw StoreError(
            .overQuota, "\(bytes) bytes would be stored here, and \(quota.bytes) may",
            hint: Self.makeRoom)
    }
}
