import Blobs
import Catalog
import Digest
import Git

/// A record's own file and the pointers beside it, as entries of one folder.
struct HoldingEntries: Equatable {
    var record: TreeEntry?
    var files: [TreeEntry] = []

    var isEmpty: Bool { record == nil && files.isEmpty }
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
    private var limit: Int { Catalog.recordLimit }

    func merged(_ holdings: Branches<HoldingEntries>) throws(GitError) -> MergedHolding {
        if let settled = holdings.settled { return taken(settled) }
        let records = try holdings.map { (holding) throws(GitError) in try read(holding) }
        switch (records.one, records.other) {
        case (let one?, let other?):
            return try joined(one, other, records.base, holdings)
        case (.some, nil): return try kept(holdings.one, against: holdings.other, holdings.base)
        case (nil, .some): return try kept(holdings.other, against: holdings.one, holdings.base)
        case (nil, nil):
            let entries = holdings.map(\.record)
            let chosen = entries.settled ?? merge.choose(entries, place)
            let side = holdings.sides.first { $0.record == chosen } ?? holdings.one
            return MergedHolding(entries: HoldingEntries(record: chosen, files: side.files))
        }
    }

    // MARK: Reading

    /// The record, if it can be read, with the file that its pointer names: the pointer is the truth.
    private func read(_ holding: HoldingEntries) throws(GitError) -> Record<Kind>? {
        guard let entry = holding.record, let bytes = try? merge.objects.readBlob(entry.id, limit: limit),
            let record = try? Record<Kind>.read(bytes, expecting: path.identity.flatMap { Kind.Identity($0) })
        else { return nil }
        let pointers = holding.files.compactMap(pointer)
        if let first = pointers.first, let named = record.file, !pointers.contains(where: { $0.oid == named }) {
            return record.speaking(of: first.oid, size: first.size)
        }
        return record
    }

    private func pointer(_ entry: TreeEntry) -> Pointer? {
        let bytes = try? merge.objects.readBlob(entry.id, limit: Pointer.sizeLimit)
        return bytes.flatMap { Pointer.parse($0)?.pointer }
    }

    /// What one side has, as it is.
    func taken(_ holding: HoldingEntries) -> MergedHolding {
        var merged = MergedHolding(entries: holding)
        guard let entry = holding.record, let bytes = try? merge.objects.readBlob(entry.id, limit: limit),
            let record = try? Record<Kind>.read(bytes, expecting: path.identity.flatMap { Kind.Identity($0) })
        else {
            merged.isReadable = holding.record == nil
            return merged
        }
        note(record, &merged)
        return merged
    }

    private func note(_ record: Record<Kind>, _ merged: inout MergedHolding) {
        merged.isReadable = true
        merged.lostFiles = Set(record.conflicts.compactMap(\.file))
        merged.longTexts = Set(record.conflicts.flatMap(\.longTexts))
    }

    // MARK: Both sides

    private func joined(
        _ one: Record<Kind>, _ other: Record<Kind>, _ base: Record<Kind>?, _ holdings: Branches<HoldingEntries>
    ) throws(GitError) -> MergedHolding {
        let joined = one.merged(with: other, base: base)
        if joined.isTooLarge { merge.tellTooLarge(path) }
        merge.tell(joined.lost, in: path)
        var merged = MergedHolding(entries: HoldingEntries(record: entry(of: joined.record)))
        note(joined.record, &merged)
        merged.newTexts = joined.longTexts
        merged.entries.files = files(for: joined.record, holdings)
        return merged
    }

    private func entry(of record: Record<Kind>) -> TreeEntry? {
        guard let bytes = try? record.encode(), let name = place.last else { return nil }
        return TreeEntry(mode: .blob, name: name, id: merge.objects.make(blob: bytes))
    }

    /// The pointers that go with the joined record: those of the file that it speaks of, under one name.
    private func files(for record: Record<Kind>, _ holdings: Branches<HoldingEntries>) -> [TreeEntry] {
        // What is no pointer, audio that plain git committed as it is, stands where somebody put it.
        let raw = holdings.sides.flatMap(\.files)
            .filter { pointer($0) == nil && !holdings.base.files.contains($0) }
        if let greatest = raw.max(by: { ($0.id, $0.mode.rawValue) < ($1.id, $1.mode.rawValue) }) {
            merge.tellArbitrary(place.dropLast() + [greatest.name])
            return [greatest]
        }
        guard let oid = record.file else {
            return Kind.schema["audio"] == nil ? [] : holdings.map(\.files).settled ?? holdings.one.files
        }
        let fitting = holdings.sides.flatMap(\.files).filter { pointer($0)?.oid == oid }
        if let first = fitting.min(by: { ($0.name, $0.id) < ($1.name, $1.id) }) { return [first] }
        let names = holdings.sides.flatMap(\.files).map(\.name).sorted()
        return pointerEntry(of: record, oid, like: names.first).map { [$0] } ?? []
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
        return taken(own)
    }

    /// What was changed while somebody removed it stands, and that is for a person to decide.
    func keptAgainstRemoval(_ own: HoldingEntries, _ base: HoldingEntries) throws(GitError) -> MergedHolding {
        guard let record = try read(own), let before = try read(base),
            let kept = record.keptAgainstRemoval(since: before)
        else { return taken(own) }
        if let conflict = kept.conflict { merge.tell([conflict], in: path) }
        var merged = MergedHolding(entries: HoldingEntries(record: entry(of: kept.record), files: own.files))
        note(kept.record, &merged)
        return merged
    }
}
