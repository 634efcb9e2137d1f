import Blobs
import Catalog
import Files
import Git

/// What came of taking in a version from elsewhere.
public struct TakenIn: Sendable {
    /// The head before.
    public let from: Version
    /// The head now.
    public let to: Version
    /// Whether a merge was made: whoever made the other version does not have it yet.
    public let isMerge: Bool
    /// What was decided on the way.
    public let report: MergeReport
}

extension Store {
    /// Makes the head hold what another version holds, beside what it holds already: moves it on, or merges the two.
    ///
    /// The version and all objects below it must be in the repository. Where nothing is to be done, nothing is.
    @discardableResult
    public func takeIn(_ other: Version, because reason: String) throws -> TakenIn {
        try exclusively { writer in try takeIn(other, because: reason, writer) }
    }

    func takeIn(
        _ other: Version, because reason: String, _ writer: borrowing Writer
    ) throws(StoreError) -> TakenIn {
        let head = try version()
        let merge = VersionMerge(in: repository)
        let outcome = try StoreError.wrapping("merge", "version \(other.short)") { () throws(GitError) in
            try merge.merge(head.id, other.id)
        }
        switch outcome {
        case .later(let version), .same(let version):
            if version != head { try move(from: head, to: version, because: reason, nil, writer) }
            return TakenIn(from: head, to: version, isMerge: false, report: MergeReport())
        case .merged(let commit, let report):
            let version = Version(merge.objects.make(commit))
            try move(from: head, to: version, because: reason, merge.objects, writer)
            return TakenIn(from: head, to: version, isMerge: true, report: report)
        }
    }

    func move(
        from head: Version, to version: Version, because reason: String, _ made: ObjectOverlay?,
        _ writer: borrowing Writer
    ) throws(StoreError) {
        try makeReady(version, over: head, made)
        let author = signature(of: nil, at: try commitTime(after: head))
        try writer.advance(from: head, to: version, because: reason, by: author)
    }

    /// Makes durable what a version needs that was made for it, and has the files here that a branch comes to name.
    func makeReady(_ version: Version, over head: Version?, _ made: ObjectOverlay?) throws(StoreError) {
        let temporary = try wrappingFiles { () throws(FileError) in try TemporaryDirectory(in: temporaryParent) }
        if let made {
            let objects = ObjectWriter(
                repository: repository, temporary: temporary, checksExisting: false,
                looseLimit: Self.looseWhenMerged)
            try StoreError.wrapping("write", "the merge") { () throws(GitError) in
                try made.write(version.id, to: objects)
            }
            try persist(objects, replica: nil, temporary)
        }
        // What a collection has set aside here may be what the other version names.
        let named = try files(namedBy: version, andNotBy: head)
        do throws(BlobError) { _ = try blobs.quarantine.takeBack(named, owner: temporary) } catch {
            throw StoreError(error)
        }
    }
}
