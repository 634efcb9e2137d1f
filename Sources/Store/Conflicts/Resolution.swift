public import Blobs
public import Catalog
import Digest
import Git

/// Decides one field of a record in a draft: the value, the files that go with it, and what was kept for the decision.
struct Resolution<Kind: RecordKind> {
    let draft: Draft
    let conflict: OpenConflict
    private var record: Record<Kind>
    private let files: [TreeEntry]
    /// Whether another file was put in the place of the one before.
    private var takesFile = false

    private var path: RecordPath { conflict.path }
    private var dispute: Dispute { conflict.dispute }

    /// Takes up a conflict of the draft's base; nil where its record cannot be read.
    init?(of conflict: OpenConflict, _ kind: Kind.Type, in draft: Draft) throws(StoreError) {
        guard case .present(let holding) = try draft.base.holding(kind, at: conflict.path) else { return nil }
        (self.draft, self.conflict) = (draft, conflict)
        (record, files) = (holding.record, holding.files)
    }

    mutating func carryOut(_ choice: ConflictChoice, facts: (Pointer) -> Facts?) throws {
        switch choice {
        case .current: break
        case .other(let other):
            if conflict.isAboutRemoval { return try remove() }
            try take(other, facts: facts)
        case .value(let value): try set(value)
        case .text(let text): try set(Record<Kind>.value(of: dispute.field, from: text))
        }
        record.settle(
            dispute, at: stamp(dispute.others.map { record.stamp(of: $0.key.description, in: "conflicts") }))
        try draft.put(record, at: path)
        try clear()
    }

    /// A stamp later than all that waited for the decision.
    private func stamp(_ replaced: [Stamp?]) -> Stamp {
        draft.stamp(after: replaced + dispute.others.flatMap { [$0.at, $0.key.stamp] })
    }

    private mutating func set(_ value: JSON?) throws(CatalogError) {
        try record.set(dispute.field, to: value, at: stamp([record.stamp(of: dispute.field)]))
    }

    // MARK: Taking what lost

    private mutating func take(_ other: Conflict, facts: (Pointer) -> Facts?) throws {
        let value = try draft.base.value(kept: other, in: conflict.folder)
        if other.longValue != nil, value == other.value {
            throw StoreError(
                .damaged, "the text that \(path) keeps of \(conflict.field) is gone",
                hint: "`offbeat fsck` looks for such things; take what stands, or write the value")
        }
        let file = record.file
        do throws(Unreadable) {
            try take(value)
        } catch {
            throw StoreError(
                .damaged, "what \(path) keeps of \(conflict.field) cannot be taken: \(error.reason)",
                hint: "take what stands, or write the value")
        }
        if record.file != file { try takeFile(facts) }
    }

    private mutating func take(_ value: JSON?) throws(Unreadable) {
        guard dispute.field == Conflict.wholeRecord else {
            return try record.take(lost: value, in: dispute.field, stamp: stamp)
        }
        let fields = value?.asObject ?? JSONObject()
        record.take(lost: try Record<Kind>(fields: fields, expecting: record.id), stamp: stamp)
    }

    /// Puts the pointer of the file that the record speaks of now in the place of the one before.
    private mutating func takeFile(_ facts: (Pointer) -> Facts?) throws {
        removeFiles()
        takesFile = true
        guard let oid = record.file else { return }
        let kept = try keptFile(oid)
        guard let ending = kept?.ending ?? record.fileExtension ?? FileExtension("bin"),
            let pointer = kept?.pointer ?? record.namedFile, let place = path.file(ending: ending)
        else {
            throw StoreError(
                .refused, "no pointer to the file \(oid) is left in \(conflict.folder.path)",
                hint: "take what stands, and give it the file itself again")
        }
        try draft.put(pointer.encoded(), at: place)
        draft.name(pointer, mayBeAbsent: true)
        guard Kind.schema["facts"] != nil, record.fields["facts"]?["of"]?.asString != oid.hex,
            let known = facts(pointer)
        else { return }
        try record.set("facts", to: .object(known.fields), at: stamp([record.stamp(of: "facts")]))
    }

    private func removeFiles() {
        for file in files { draft.remove(TreePath(path).parent.appending(file.name)) }
    }

    /// The pointer that a merge put aside, and what its file's name ends in.
    private func keptFile(_ oid: ContentHash) throws -> (pointer: Pointer, ending: FileExtension)? {
        for (path, entry) in try draft.base.kept(in: conflict.folder) {
            switch path {
            case .conflictAudio(_, oid, let ending), .conflictImage(_, _, oid, let ending):
                if let pointer = try draft.base.pointer(entry), pointer.oid == oid { return (pointer, ending) }
            default: continue
            }
        }
        return nil
    }

    // MARK: Removing

    private func remove() throws {
        if path == .store {
            throw StoreError(.refused, "the store's own record stays", hint: "keep it with --take current")
        }
        if path == conflict.folder.record { return draft.remove(TreePath(conflict.folder)) }
        removeFiles()
        draft.remove(path)
        try clear(isRemoved: true)
    }

    // MARK: What was kept

    /// Removes the pointers and texts that no conflict in the folder names any more; none where a record cannot be read.
    private func clear(isRemoved: Bool = false) throws {
        guard conflict.folder.isDirectory else { return }
        var named = KeptNames()
        if !isRemoved { try named.add(record, takesFile ? [] : draft.base.pointers(files)) }
        for other in try draft.base.recordPaths(in: conflict.folder) where other != path {
            guard let kind = other.kind, try add(kind, other, &named) else { return }
        }
        for (path, _) in try draft.base.kept(in: conflict.folder) where !named.contains(path) { draft.remove(path) }
    }

    private func add<Other: RecordKind>(
        _ kind: Other.Type, _ path: RecordPath, _ named: inout KeptNames
    ) throws -> Bool {
        switch try draft.base.holding(kind, at: path) {
        case .present(let holding): named.add(holding.record, try draft.base.pointers(holding.files))
        case .absent: break
        case .unreadable: return false
        }
        return true
    }
}

extension Draft {
    /// Decides one field of a record; what was kept of it for a person goes, and does not return with an older branch.
    ///
    /// - Parameters:
    ///   - conflict: a conflict of the draft's base.
    ///   - choice: what is to stand.
    ///   - facts: says what is known of a file, if it is here.
    public func resolve(
        _ conflict: OpenConflict, with choice: ConflictChoice, facts: (Pointer) -> Facts? = { _ in nil }
    ) throws {
        func carryOut<Kind: RecordKind>(_ kind: Kind.Type) throws {
            guard var resolution = try Resolution(of: conflict, kind, in: self) else {
                throw StoreError(
                    .damaged, "\(conflict.path) cannot be read",
                    hint: "`offbeat fsck` says in which version it could be read")
            }
            try resolution.carryOut(choice, facts: facts)
        }
        if let kind = conflict.path.kind { try carryOut(kind) }
    }
}

/// The files and texts that the conflicts of some records name.
private struct KeptNames {
    private var files: Set<ContentHash> = []
    private var texts: Set<ContentHash> = []

    /// Adds what a record names; also its file, where plain git put the file itself in the place of its pointer.
    mutating func add<Kind>(_ record: Record<Kind>, _ files: [Pointer?]) {
        if let file = record.file, !files.isEmpty, files.allSatisfy({ $0 == nil }) { self.files.insert(file) }
        self.files.formUnion(record.conflicts.compactMap(\.file))
        texts.formUnion(record.conflicts.flatMap(\.longTexts))
    }

    func contains(_ path: RecordPath) -> Bool {
        switch path {
        case .conflictAudio(_, let oid, _), .conflictImage(_, _, let oid, _): files.contains(oid)
        case .long(_, let hash): texts.contains(hash)
        default: true
        }
    }
}

extension Snapshot {
    /// What files in a record's folder name; nil for what is no pointer.
    fileprivate func pointers(_ files: [TreeEntry]) throws(StoreError) -> [Pointer?] {
        var found: [Pointer?] = []
        for file in files { found.append(try pointer(file)) }
        return found
    }

    /// The pointers and texts that merges put aside in a record's folder.
    fileprivate func kept(in folder: RecordFolder) throws(StoreError) -> [(path: RecordPath, entry: TreeEntry)] {
        var found: [(RecordPath, TreeEntry)] = []
        for name in ["conflicts", "long"] {
            let place = "\(folder.path)/\(name)"
            for entry in try self.folder(at: place)?.entries ?? [] where !entry.isTree {
                found.append((RecordPath(bytes: Array("\(place)/".utf8) + entry.name.bytes), entry))
            }
        }
        return found
    }
}

extension RecordPath {
    /// The place of the pointer that belongs to the record at this path.
    fileprivate func file(ending: FileExtension) -> RecordPath? {
        switch self {
        case .track(let id): .trackAudio(id, ending)
        case .stem(let id, let type): .stemAudio(id, type, ending)
        case .post(let workspace, let id): .postImage(workspace, id, ending)
        default: nil
        }
    }
}

extension Record {
    /// The file that the record speaks of, where it says its size.
    fileprivate var namedFile: Pointer? {
        guard let oid = file, let size = fields["audio"]?["size"]?.asInteger else { return nil }
        return Pointer(oid: oid, size: size)
    }
}
