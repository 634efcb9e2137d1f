import Blobs
import Catalog
import Digest
import Git

/// Finds the pointers of files that lost a merge.
struct KeptFiles {
    let folder: RecordFolder
    let merge: TreeMerge

    /// Entries for the folder of conflicts, made of the pointers that the sides have anywhere in the record's folder.
    func pointers(_ oids: Set<ContentHash>, in trees: Branches<Tree>) throws(GitError) -> [TreeEntry] {
        if oids.isEmpty { return [] }
        var found: [ContentHash: TreeEntry] = [:]
        for tree in trees.all { try look(in: tree, for: oids, &found) }
        return oids.compactMap { oid in found[oid].flatMap { entry(oid, like: $0) } }
    }

    private func look(
        in tree: Tree, for oids: Set<ContentHash>, _ found: inout [ContentHash: TreeEntry]
    ) throws(GitError) {
        for entry in tree.entries {
            if entry.isTree {
                // Pointers lie at most one folder deep.
                guard ["stems", "conflicts"].contains(entry.name.string) else { continue }
                for inner in try merge.tree(entry)?.entries ?? [] where !inner.isTree {
                    try note(inner, oids, &found)
                }
            } else {
                try note(entry, oids, &found)
            }
        }
    }

    private func note(
        _ entry: TreeEntry, _ oids: Set<ContentHash>, _ found: inout [ContentHash: TreeEntry]
    ) throws(GitError) {
        guard let oid = try merge.pointer(entry)?.oid, oids.contains(oid) else { return }
        // Of several pointers to one file the same on each laptop.
        if let known = found[oid], (known.fileEnding, known.id) <= (entry.fileEnding, entry.id) { return }
        found[oid] = entry
    }

    private func entry(_ oid: ContentHash, like entry: TreeEntry) -> TreeEntry? {
        let ending = FileExtension(entry.fileEnding)?.text ?? "bin"
        let text = if case .post = folder { "image.\(oid.hex).\(ending)" } else { "\(oid.hex).\(ending)" }
        return EntryName(text).map { TreeEntry(mode: .blob, name: $0, id: entry.id) }
    }
}

extension TreeEntry {
    /// What stands behind the last dot of its name.
    fileprivate var fileEnding: String { name.string.split(separator: ".").last.map(String.init) ?? "" }
}
