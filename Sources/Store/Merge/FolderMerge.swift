import Blobs
import Catalog
import Digest
import Git

/// Merges what is one for people: a track with its audio and stems, a post with its image, a person.
struct FolderMerge {
    let folder: RecordFolder
    let merge: TreeMerge

    init(of folder: RecordFolder, in merge: TreeMerge) {
        self.folder = folder
        self.merge = merge
    }

    private var place: [EntryName] { TreePath(folder).names }

    /// What stands in its place, where both sides changed it.
    func merge(_ entries: Branches<TreeEntry?>) throws(GitError) -> TreeEntry? {
        guard folder.isDirectory else {
            let holdings = entries.map { HoldingEntries(record: $0) }
            return try record(folder.record, holdings).entries.record
        }
        let trees = try entries.map(merge.tree)
        guard let one = trees.one, let other = trees.other else { return try keepWhole(entries, trees) }
        return try together(Branches(base: trees.base ?? Tree(), one: one, other: other))
    }

    // MARK: Removed on one side

    /// An edit stands against a removal: the whole folder lives, and its record says what happened.
    private func keepWhole(
        _ entries: Branches<TreeEntry?>, _ trees: Branches<Tree?>
    ) throws(GitError) -> TreeEntry? {
        guard let entry = entries.one ?? entries.other, var tree = trees.one ?? trees.other,
            let name = TreePath(folder.record).names.last
        else { return nil }
        let own = HoldingEntries(record: tree[name])
        let base = HoldingEntries(record: trees.base?[name])
        let merged = try record(
            folder.record, Branches(base: base, one: own, other: HoldingEntries()), isRemoved: true)
        guard let kept = merged.entries.record, kept != own.record else { return entry }
        tree.set(kept)
        return merge.folder(of: tree.entries, named: entry.name)
    }

    // MARK: Changed on both sides

    private func together(_ trees: Branches<Tree>) throws(GitError) -> TreeEntry? {
        var parts = Parts()
        try add(folder.record, trees, &parts)
        if case .track = folder { try addStems(trees, &parts) }
        try addKept(trees, &parts)
        let rest = merge.names(of: trees).filter { !parts.done.contains($0) }
        for name in rest {
            if let entry = try merge.entry(trees.map { $0[name] }, place + [name]) { parts.entries.append(entry) }
        }
        return merge.folder(of: parts.entries, named: place.last)
    }

    /// What a folder is put together from.
    private struct Parts {
        var entries: [TreeEntry] = []
        /// The names that are dealt with.
        var done: Set<EntryName> = []
        var holdings: [MergedHolding] = []

        var isReadable: Bool { holdings.allSatisfy(\.isReadable) }
    }

    private func add(_ path: RecordPath, _ trees: Branches<Tree>, _ parts: inout Parts) throws(GitError) {
        guard let name = TreePath(path).names.last else { return }
        let holdings = trees.map { HoldingEntries(record: $0[name], files: files(of: path, in: $0)) }
        if holdings.all.allSatisfy(\.isEmpty) { return }
        let merged = try record(path, holdings)
        parts.entries += [merged.entries.record].compactMap(\.self) + merged.entries.files
        parts.done.insert(name)
        for holding in holdings.all { parts.done.formUnion(holding.files.map(\.name)) }
        parts.holdings.append(merged)
    }

    private func files(of path: RecordPath, in tree: Tree) -> [TreeEntry] {
        guard let stem = path.fileStem else { return [] }
        return tree.entries.filter { !$0.isTree && FileExtension(of: $0.name, stem: stem) != nil }
    }

    private func record(
        _ path: RecordPath, _ holdings: Branches<HoldingEntries>, isRemoved: Bool = false
    ) throws(GitError) -> MergedHolding {
        func merged<Kind: RecordKind>(_ kind: Kind.Type) throws(GitError) -> MergedHolding {
            let merge = HoldingMerge<Kind>(path: path, merge: merge)
            return try isRemoved ? merge.keptAgainstRemoval(holdings.one, holdings.base) : merge.merged(holdings)
        }
        guard let kind = path.kind else { return MergedHolding(entries: holdings.one) }
        return try merged(kind)
    }

    // MARK: Stems

    private func addStems(_ trees: Branches<Tree>, _ parts: inout Parts) throws(GitError) {
        guard case .track(let id) = folder, let name = EntryName.stems else { return }
        guard let stems = try folders(trees.map { $0[name] }, name) else { return }
        parts.done.insert(name)
        var inside = Parts()
        for type in Set(stems.all.flatMap { $0.entries.compactMap { StemType(recordName: $0.name) } }).sorted() {
            try add(.stem(id, type), stems, &inside)
        }
        for other in merge.names(of: stems) where !inside.done.contains(other) {
            let entry = try merge.entry(stems.map { $0[other] }, place + [name, other])
            if let entry { inside.entries.append(entry) }
        }
        parts.holdings += inside.holdings
        if let entry = merge.folder(of: inside.entries, named: name) { parts.entries.append(entry) }
    }

    // MARK: What is kept for a person

    /// The pointers and texts that conflicts name, and no others; all of them where a record cannot be read.
    private func addKept(_ trees: Branches<Tree>, _ parts: inout Parts) throws(GitError) {
        let files = parts.holdings.reduce(into: Set<ContentHash>()) { $0.formUnion($1.lostFiles) }
        let texts = parts.holdings.reduce(into: Set<ContentHash>()) { $0.formUnion($1.longTexts) }
        let made = parts.holdings.reduce(into: [:]) { $0.merge($1.newTexts) { first, _ in first } }
        let pointers = try KeptFiles(folder: folder, merge: merge).pointers(files, in: trees)
        try addFolder(named: "conflicts", trees, &parts, pointers) { path in
            switch path {
            case .conflictAudio(_, let oid, _), .conflictImage(_, _, let oid, _): files.contains(oid)
            default: nil
            }
        }
        let written = made.compactMap { hash, bytes in
            EntryName("\(hash.hex).txt").map {
                TreeEntry(mode: .blob, name: $0, id: merge.objects.make(blob: bytes))
            }
        }
        try addFolder(named: "long", trees, &parts, written) { path in
            if case .long(_, let hash) = path { texts.contains(hash) } else { nil }
        }
    }

    /// Merges a folder of what is kept. `isNeeded` says nil of what is none of it.
    private func addFolder(
        named text: String, _ trees: Branches<Tree>, _ parts: inout Parts, _ made: [TreeEntry],
        isNeeded: (RecordPath) -> Bool?
    ) throws(GitError) {
        guard let name = EntryName(text) else { return }
        let entries = trees.map { $0[name] }
        var found = try folders(entries, name)
        if found == nil, !made.isEmpty {
            // What somebody called like it has to give way.
            merge.tellArbitrary(place + [name])
            found = Branches(base: Tree(), one: Tree(), other: Tree())
        }
        guard let inside = found else { return }
        parts.done.insert(name)
        var kept: [EntryName: TreeEntry] = [:]
        for child in merge.names(of: inside) {
            let path = place + [name, child]
            let found = inside.map { $0[child] }
            if let isNeeded = isNeeded(RecordPath(bytes: TreePath(path).bytes)) {
                guard isNeeded || !parts.isReadable else { continue }
                kept[child] = merge.choose(found, path)
            } else {
                kept[child] = try merge.entry(found, path)
            }
        }
        // What was made is right, whatever somebody put under its name.
        for entry in made { kept[entry.name] = entry }
        let entry = merge.folder(of: Array(kept.values), named: name)
        if let entry { parts.entries.append(entry) }
    }

    /// The folders behind entries; nil where the sides have none. Where one of them has something else of that name, the
    /// folder that stands against it is all that there is.
    private func folders(_ entries: Branches<TreeEntry?>, _ name: EntryName) throws(GitError) -> Branches<Tree>? {
        if entries.sides.allSatisfy({ $0?.isTree ?? true }) { return try merge.trees(entries) }
        let chosen = entries.settled ?? merge.choose(entries, place + [name])
        guard let chosen, chosen.isTree else { return nil }
        return try merge.trees(Branches(base: chosen, one: chosen, other: chosen))
    }
}
