import Blobs
import Catalog
import Digest
import Git

/// A record's own file and the pointers beside it, as entries of one folder.
struct HoldingEntries: Equatable {
    var record: TreeEntry?
    var files: [TreeEntry] = []

    var isEmpty: Bool { record == nil && files.isEmpty }

    /// Whether the other stands where nothing else tells which of their pointers do.
    func isBelow(_ other: HoldingEntries) -> Bool {
        files.lexicographicallyPrecedes(other.files) { $0.isBelow($1) }
    }
}

/// What came of merging one record with its pointers.
struct MergedHolding {
    var entries: HoldingEntries
    /// Files that lost, and need a pointer of their own as long as nobody decides.
    var lostFiles: Set<ContentHash> = []
    /// Texts that the record names by their hash.
    var longTexts: Set<ContentHash> = []
    /// Those of them that this merge put aside.
    var newTexts: [ContentHash: [UInt8]] = [:]
    /// Whether the record can be read, so that what it does not name is not needed.
    var isReadable = false
}

/// Merges one record together with the pointers to its files: they are chosen as one.
struct HoldingMerge<Kind: RecordKind> {
    let path: RecordPath
    let merge: TreeMerge

    private var place: [EntryName] { TreePath(path).names }

    func merged(_ holdings: Branches<HoldingEntries>) throws(GitError) -> MergedHolding {
        if let settled = holdings.settled { return try taken(settled) }
        let records = try holdings.map { (holding) throws(GitError) in try read(holding) }
        switch (records.one, records.other) {
        case (let one?, let other?):
            return try joined(one, other, records.base, holdings)
        case (.some, nil): return try kept(holdings.one, against: holdings.other, holdings.base)
        case (nil, .some): return try kept(holdings.other, against: holdings.one, holdings.base)
        case (nil, nil):
            let entries = holdings.map(\.record)
            let chosen = entries.settled ?? merge.choose(entries, place)
            let chosenOnes = holdings.sides.filter { $0.record == chosen }
            let side = chosenOnes.max { $0.isBelow($1) } ?? holdings.one
            return MergedHolding(
                entries: HoldingEntries(record: chosen, files: holdings.map(\.files).settled ?? side.files))
        }
    }

    // MARK: Reading

    /// The record, if it can be read, with the file that its pointer names: the pointer is the truth.
    private func read(_ holding: HoldingEntries) throws(GitError) -> Record<Kind>? {
        guard let record = try record(holding) else { return nil }
        let pointers = try merge.pointers(holding.files).compactMap(\.pointer)
        if let first = pointers.first, !pointers.contains(where: { $0.oid == record.file }) {
            return record.speaking(of: first.oid, size: first.size)
        }
        return record
    }

    private func record(_ holding: HoldingEntries) throws(GitError) -> Record<Kind>? {
        guard let bytes = try merge.bytes(of: holding.record, limit: Catalog.recordLimit) else { return nil }
        return try? Record<Kind>.read(bytes, expecting: path.identity.flatMap { Kind.Identity($0) })
    }

    /// What one side has, as it is.
    func taken(_ holding: HoldingEntries) throws(GitError) -> MergedHolding {
        var merged = MergedHolding(entries: holding)
        if let record = try record(holding) {
            try note(record, &merged)
        } else {
            merged.isReadable = holding.record == nil
        }
        return merged
    }

    /// Takes note of what a record needs in its folder.
    private func note(_ record: Record<Kind>, _ merged: inout MergedHolding) throws(GitError) {
        merged.isReadable = true
        merged.lostFiles = Set(record.conflicts.compactMap(\.file))
        merged.longTexts = Set(record.conflicts.flatMap(\.longTexts))
        // Where the file itself stands in its pointer's place, the one that the record names needs another.
        let files = merged.entries.files
        guard let file = record.file, !files.isEmpty else { return }
        if try merge.pointers(files).allSatisfy({ $0.pointer == nil }) { merged.lostFiles.insert(file) }
    }

    // MARK: Both sides

    private func joined(
        _ one: Record<Kind>, _ other: Record<Kind>, _ base: Record<Kind>?, _ holdings: Branches<HoldingEntries>
    ) throws(GitError) -> MergedHolding {
        let joined = one.merged(with: other, base: base)
        if joined.isTooLarge { merge.tellTooLarge(path) }
        guard let entry = entry(of: joined.record) else {
            // It is small enough only as it was written: one side stands as it is.
            let side = joined.record == one ? holdings.one : holdings.other
            return try taken(side)
        }
        merge.tell(joined.lost, in: path)
        var merged = MergedHolding(entries: HoldingEntries(record: entry))
        merged.newTexts = joined.longTexts
        merged.entries.files = try files(for: joined.record, Branches(base: base, one: one, other: other), holdings)
        try note(joined.record, &merged)
        return merged
    }

    private func entry(of record: Record<Kind>) -> TreeEntry? {
        guard let bytes = try? record.encode(), let name = place.last else { return nil }
        return TreeEntry(mode: .blob, name: name, id: merge.objects.make(blob: bytes))
    }

    /// The pointers that go with the joined record: those of the file that it speaks of, under one name; and what plain
    /// git put beside them.
    private func files(
        for record: Record<Kind>, _ records: Branches<Record<Kind>?>, _ holdings: Branches<HoldingEntries>
    ) throws(GitError) -> [TreeEntry] {
        let all = try merge.pointers(holdings.sides.flatMap(\.files))
        let raw = all.filter { $0.pointer == nil }.map(\.entry)
        // What is no pointer, audio that plain git committed as it is, stands where somebody put it.
        if let greatest = raw.filter({ !holdings.base.files.contains($0) }).max(by: { $0.isBelow($1) }) {
            merge.tellArbitrary(place.dropLast() + [greatest.name])
            return [greatest]
        }
        let extra = try extraFiles(records, holdings)
        guard let oid = record.file else { return extra }
        let fitting = all.filter { $0.pointer?.oid == oid }.map(\.entry)
        if let first = fitting.min(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            return [first] + extra.filter { $0.name != first.name }
        }
        if extra.contains(where: raw.contains) { return extra }
        let made = pointerEntry(of: record, oid, like: all.map(\.entry.name).min())
        return [made].compactMap(\.self) + extra.filter { $0.name != made?.name }
    }

    /// What lies where pointers do, and is none to a file that the records speak of: it is carried as it is.
    private func extraFiles(
        _ records: Branches<Record<Kind>?>, _ holdings: Branches<HoldingEntries>
    ) throws(GitError) -> [TreeEntry] {
        let known = Set(records.all.compactMap { $0?.file })
        let extra = try holdings.map { (holding) throws(GitError) in
            try merge.pointers(holding.files).filter { file in
                file.pointer.map { !known.contains($0.oid) } ?? true
            }.map(\.entry)
        }
        return try Set(extra.sides.joined().map(\.name)).sorted().map { (name) throws(GitError) in
            let entries = extra.map { files in files.first { $0.name == name } }
            return try merge.entry(entries, place.dropLast() + [name])
        }.compactMap(\.self)
    }

    /// A pointer that both sides have lost, made anew of what the record says.
    private func pointerEntry(of record: Record<Kind>, _ oid: ContentHash, like name: EntryName?) -> TreeEntry? {
        guard let size = record.fields["audio"]?["size"]?.asInteger, let stem = path.fileStem else { return nil }
        guard let name = name ?? EntryName("\(stem).\(record.fileExtension?.text ?? "bin")") else { return nil }
        let id = merge.objects.make(blob: Pointer(oid: oid, size: size).encoded())
        return TreeEntry(mode: .blob, name: name, id: id)
    }

    // MARK: One side alone

    /// One side has a record that can be read, and the other has removed it or made it unreadable. What can be read
    /// stands.
    private func kept(
        _ own: HoldingEntries, against other: HoldingEntries, _ base: HoldingEntries
    ) throws(GitError) -> MergedHolding {
        if other.record == nil { return try keptAgainstRemoval(own, base) }
        merge.tellArbitrary(place)
        let files = Branches(base: base.files, one: own.files, other: other.files).settled
        return try taken(HoldingEntries(record: own.record, files: files ?? own.files))
    }

    /// What was changed while somebody removed it stands, and that is for a person to decide.
    func keptAgainstRemoval(_ own: HoldingEntries, _ base: HoldingEntries) throws(GitError) -> MergedHolding {
        guard let record = try read(own), let before = try read(base),
            let kept = record.keptAgainstRemoval(since: before), let entry = entry(of: kept.record)
        else { return try taken(own) }
        if let conflict = kept.conflict { merge.tell([conflict], in: path) }
        var merged = MergedHolding(entries: HoldingEntries(record: entry, files: own.files))
        try note(kept.record, &merged)
        return merged
    }
}

extension TreeEntry {
    /// Whether the other stands where only chance decides.
    fileprivate func isBelow(_ other: TreeEntry) -> Bool {
        (id, mode.rawValue, name) < (other.id, other.mode.rawValue, other.name)
    }
}
