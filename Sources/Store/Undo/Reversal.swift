import Catalog
import Git

/// Puts what a step changed back in a draft, record by record, wherever nobody has decided anew since.
///
/// The step leads from `before` to `after`; what is now is the draft's base. A restore takes the base itself for
/// `after`: then nobody can have decided anything since, and each record becomes what it was before. The fields
/// themselves are `Record.takeBack`'s concern; here are the files around them.
struct Reversal {
    let draft: Draft
    let before: Snapshot
    let after: Snapshot
    var echoes = Echoes()
    /// Whether a record is to be what it was, and not only what the step changed: then also what cannot be read gives
    /// way, and what a merge kept for a person goes on waiting.
    var isRestoring = false
    /// Tells who changed what stands under a stamp now.
    var author: (Stamp) -> HistoryEntry? = { _ in nil }
    let permissions: ReversalPermissions

    private(set) var outcome = ReversalOutcome()

    var now: Snapshot { draft.base }
    /// Fields that stay as they are, without a word.
    var ignored: [String] { isRestoring ? ["conflicts"] : [] }

    init(
        of draft: Draft, from before: Snapshot, to after: Snapshot,
        permissions: @escaping ReversalPermissions
    ) {
        self.draft = draft
        self.before = before
        self.after = after
        self.permissions = permissions
    }

    /// Puts one record back, with all that is in its folder. What lies outside the grammar is left alone.
    mutating func reverse(_ change: RecordChange) throws {
        guard let folder = change.folder else { return }
        switch change.kind {
        case .added: try removeAgain(folder)
        case .removed where try now.entry(at: folder.path) == nil: try bringBack(folder)
        case .removed where !isRestoring: keep(folder, nil, .addedAgain)
        case .removed, .changed: try putBack(change, in: folder)
        }
    }

    // MARK: Records as a whole

    private mutating func removeAgain(_ folder: RecordFolder) throws {
        guard try now.entry(at: folder.path) != nil else { return keep(folder, nil, .removed) }
        if case .none(let reason) = try permissions(folder, .remove) { return keep(folder, nil, .refused(reason)) }
        for path in try changedFiles(of: folder) {
            guard let record = path.owningRecord else { return keep(folder, path.text, .changed(by: nil)) }
            if let change = try firstChange(of: record) { return keep(folder, change.field, change.cause) }
        }
        draft.remove(TreePath(folder))
        note(folder, .added)
    }

    /// What of a record's folder is not as the step left it.
    private func changedFiles(of folder: RecordFolder) throws -> [RecordPath] {
        try now.change(of: folder, since: after)?.paths ?? []
    }

    private mutating func bringBack(_ folder: RecordFolder) throws {
        guard let entry = try before.entry(at: folder.path) else { return }
        if case .none(let reason) = try permissions(folder, .bringBack) {
            return keep(folder, nil, .refused(reason))
        }
        try draft.put(entry, at: TreePath(folder))
        for path in try before.recordPaths(in: folder) { try restamp(path) }
        note(folder, .removed)
    }

    // MARK: What changed in a folder

    private mutating func putBack(_ change: RecordChange, in folder: RecordFolder) throws {
        let permission = try permissions(folder, .change)
        if case .none(let reason) = permission {
            // Of what consists of decisions about a post alone nothing could be put back anyway.
            if try change.paths.contains(where: mayBePutBack) { keep(folder, nil, .refused(reason)) }
            return
        }
        var done: Set<RecordPath> = []
        for path in change.paths {
            guard let record = path.owningRecord else {
                try putBackAttachment(path, in: folder)
                continue
            }
            guard done.insert(record).inserted else { continue }
            try putBack(record, of: folder, under: permission)
        }
    }

    /// What a merge kept for a person goes with the field that names it; a restore leaves it as it is.
    private mutating func putBackAttachment(_ path: RecordPath, in folder: RecordFolder) throws {
        guard path.folder != nil, !isRestoring else { return }
        let (old, new) = (try before.entry(at: path.text), try after.entry(at: path.text))
        guard old != new, try now.entry(at: path.text) == new else { return }
        if let old { try draft.put(old, at: TreePath(path)) } else { draft.remove(TreePath(path)) }
    }

    // MARK: Telling

    mutating func note(_ folder: RecordFolder, _ kind: RecordChange.Kind, _ fields: [String] = []) {
        if let place = outcome.changes.firstIndex(where: { $0.folder == folder }) {
            outcome.changes[place].fields += fields
        } else {
            outcome.changes.append(.init(folder: folder, kind: kind, fields: fields))
        }
    }

    mutating func keep(_ folder: RecordFolder, _ field: String?, _ cause: ReversalOutcome.Cause) {
        outcome.kept.append(.init(folder: folder, field: field, cause: cause))
    }
}

extension RecordChange {
    /// The files that differ, by what they are.
    var paths: [RecordPath] { files.isEmpty ? [RecordPath(path)] : files.map { RecordPath("\(path)/\($0)") } }
}
