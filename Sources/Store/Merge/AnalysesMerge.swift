import Blobs
import Digest
import Git

/// Merges two trees of analyses that were made from one.
///
/// What was computed of a file by one version of an analyzer is a pair, the pointer to the blob and the summary beside it,
/// and is taken whole from one side. All of it can be computed again, so nothing is kept for a person to decide. What lies
/// outside the grammar is merged as in the library's own tree.
final class AnalysesMerge: RootMerge {
    /// Where something was removed here and computed again there, the end depends on who met whom. In a ring of laptops
    /// it could come and go for ever.
    static let settlesByHistory = true

    private let outside: TreeMerge

    var report: MergeReport { outside.report }

    init(_ objects: ObjectOverlay) { outside = TreeMerge(objects, knowsRecords: false) }

    func merge(_ roots: Branches<ObjectID?>) throws(GitError) -> ObjectID? {
        if let settled = roots.settled { return settled }
        return outside.write(try entries(outside.roots(roots), []))
    }

    private func entries(_ trees: Branches<Tree>, _ path: [EntryName]) throws(GitError) -> [TreeEntry] {
        var kept: [TreeEntry] = []
        for name in outside.names(of: trees) {
            if let entry = try entry(trees.map { $0[name] }, path + [name]) { kept.append(entry) }
        }
        return kept
    }

    private func entry(_ entries: Branches<TreeEntry?>, _ path: [EntryName]) throws(GitError) -> TreeEntry? {
        if let settled = entries.settled { return settled }
        guard AnalysisPlace.isFolder(path), entries.sides.allSatisfy({ $0?.isTree ?? true }) else {
            return try outside.entry(entries, path)
        }
        let trees = try outside.trees(entries)
        let merged = AnalysisPlace.isOfFile(path) ? try analyses(trees, path) : try self.entries(trees, path)
        return outside.folder(of: merged, named: path.last)
    }

    // MARK: The analyses of one file

    private func analyses(_ trees: Branches<Tree>, _ path: [EntryName]) throws(GitError) -> [TreeEntry] {
        let pairs = trees.map(AnalysisPlace.pairs)
        var kept: [TreeEntry] = []
        for key in Set(pairs.sides.flatMap(\.keys)) {
            kept += try merged(pairs.map { $0[key] ?? AnalysisPair() }).entries
        }
        for name in outside.names(of: trees) where AnalysisPlace.key(of: name) == nil {
            if let entry = try outside.entry(trees.map { $0[name] }, path + [name]) { kept.append(entry) }
        }
        return kept
    }

    /// A change stands against a removal, a pair against a part of one, and else what has the smaller hash: where one
    /// analyzer gives different bytes on two machines, none of them is better.
    private func merged(_ pairs: Branches<AnalysisPair>) throws(GitError) -> AnalysisPair {
        if let settled = pairs.settled { return settled }
        let (one, other) = (pairs.one, pairs.other)
        if one.isEmpty || other.isEmpty { return one.isEmpty ? other : one }
        let ranks = try (rank(of: one), rank(of: other))
        return ranks.0.lexicographicallyPrecedes(ranks.1) ? one : other
    }

    /// What stands in front stands: no two pairs have the same.
    private func rank(of pair: AnalysisPair) throws(GitError) -> [String] {
        let pointer = try pair.pointer.flatMap { (entry) throws(GitError) in try outside.pointer(entry) }
        let isWhole = pointer.map { !$0.isEmpty } ?? false && pair.summary?.mode.isFile == true
        let ids = [pair.pointer, pair.summary].flatMap { [$0?.id.hex ?? "", $0?.mode.description ?? ""] }
        return [isWhole ? "0" : "1", pointer?.oid.hex ?? ""] + ids
    }
}

extension EntryMode {
    fileprivate var isFile: Bool { self == .blob || self == .executable }
}
