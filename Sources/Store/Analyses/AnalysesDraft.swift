import Blobs
import Catalog
import Git

/// A version of the analyses in the making. It belongs to one writer who holds the store's lock.
public final class AnalysesDraft {
    /// What it starts from; nil where nothing was ever said.
    public let base: AnalysesSnapshot?

    private let writer: ObjectWriter
    private var edit = TreeEdit()
    /// The blobs that the new version names, maybe anew.
    private(set) var named: Set<Pointer> = []

    var isEmpty: Bool { edit.isEmpty }

    init(over base: AnalysesSnapshot?, _ writer: ObjectWriter) {
        self.base = base
        self.writer = writer
    }

    /// Says what an analyzer says, in place of what it said before. The blob must be in the store's files.
    public func put(_ entry: AnalysisEntry) throws(StoreError) {
        let summary = JSON.object(entry.summary.fields).canonical()
        guard summary.count < AnalysisSummary.limit else {
            throw StoreError(
                .tooLarge,
                "the summary of \(entry.key) has \(summary.count) bytes, more than \(AnalysisSummary.limit)",
                hint: "keep what is large in the blob")
        }
        try put(summary, at: AnalysisPlace.summary(of: entry.key))
        guard let pointer = entry.pointer else { return edit.remove(AnalysisPlace.pointer(of: entry.key)) }
        named.insert(pointer)
        try put(pointer.encoded(), at: AnalysisPlace.pointer(of: entry.key))
    }

    /// Takes back what an analyzer said.
    public func remove(_ key: AnalysisKey) {
        edit.remove(AnalysisPlace.pointer(of: key))
        edit.remove(AnalysisPlace.summary(of: key))
    }

    private func put(_ bytes: [UInt8], at path: TreePath) throws(StoreError) {
        let id = try StoreError.wrapping("write", path.description) { () throws(GitError) in
            try writer.write(blob: bytes)
        }
        edit.set(path, blob: id)
    }

    /// Makes the tree, and in it what git-lfs knows the blobs by.
    func writeTrees(reading repository: Repository) throws(StoreError) -> ObjectID {
        try put(Array(AnalysisPlace.attributes.utf8), at: AnalysisPlace.attributesFile)
        return try StoreError.wrapping("write", "the analyses") { () throws(GitError) in
            if let root = try edit.apply(to: base?.root, reading: repository, writing: writer) { return root }
            return try writer.write(Tree())
        }
    }
}
