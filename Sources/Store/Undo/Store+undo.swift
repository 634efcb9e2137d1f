public import Catalog
import Git

/// What an undo did.
public struct UndoOutcome: Sendable {
    /// The version after it.
    public internal(set) var version: Version
    /// The version that was taken back.
    public let undone: HistoryEntry
    /// What of it was taken back, and what was left.
    public let outcome: ReversalOutcome
}

extension Store {
    /// Takes back the last operation that this person did on purpose at this replica; nil where there is none.
    ///
    /// It is taken back field by field, under new stamps, and only where nobody has decided anew since. Where somebody
    /// has everywhere, no version is made. Undone once more, it goes further back.
    ///
    /// - Parameter permissions: makes what says how far this person may put records of a version back.
    public func undo(
        by person: Person?, permissions: (Snapshot) throws -> ReversalPermissions
    ) throws -> UndoOutcome? {
        var found: UndoOutcome?
        let version = try write { draft in
            found = try self.undo(in: draft, by: person?.id, permissions(draft.base))
            var operation = Operation("Undo \"\(found?.undone.subject ?? "")\"", by: person)
            operation.undoes = found?.undone.operation
            return operation
        }
        found?.version = version
        return found
    }

    private func undo(
        in draft: Draft, by person: PersonID?, _ permissions: @escaping ReversalPermissions
    ) throws -> UndoOutcome? {
        var search = OperationSearch(by: person, at: draft.replica.id)
        var found: UndoOutcome?
        try forEachVersion(from: draft.base.version) { entry in
            guard search.takes(entry) else { return true }
            let outcome = try reverse(entry, in: draft, search, permissions)
            // What consists of nothing that could be taken back, such as a decision about a post, is passed over.
            if outcome.isEmpty { return true }
            found = UndoOutcome(version: draft.base.version, undone: entry, outcome: outcome)
            return false
        }
        return found
    }

    private func reverse(
        _ entry: HistoryEntry, in draft: Draft, _ search: OperationSearch,
        _ permissions: @escaping ReversalPermissions
    ) throws -> ReversalOutcome {
        var reversal = Reversal(
            of: draft, from: try snapshot(of: entry.parents[0]), to: try snapshot(of: entry.version),
            permissions: permissions)
        reversal.author = search.author
        reversal.echoes = try echoes(of: search.undone)
        for change in try changes(from: entry.parents[0], to: entry.version) { try reversal.reverse(change) }
        return reversal.outcome
    }

    // MARK: What undos repeat

    /// Which stamps of undos repeat what was decided before.
    private func echoes(
        of undone: [(operation: HistoryEntry, undos: [HistoryEntry])]
    ) throws -> Echoes {
        var echoes = Echoes()
        for (operation, undos) in undone {
            guard let origin = operation.parents.first else { continue }
            let original = try snapshot(of: origin)
            for undo in undos where undo.parents.count == 1 {
                try note(undo, of: original, in: &echoes)
            }
        }
        return echoes
    }

    private func note(_ undo: HistoryEntry, of original: Snapshot, in echoes: inout Echoes) throws {
        let (found, left) = (try snapshot(of: undo.parents[0]), try snapshot(of: undo.version))
        for change in try changes(from: undo.parents[0], to: undo.version) {
            for path in change.paths where path.isRecord {
                if let kind = path.kind { try Self.note(kind, path, original, found, left, &echoes) }
            }
        }
    }

    private static func note<Kind: RecordKind>(
        _ kind: Kind.Type, _ path: RecordPath, _ original: Snapshot, _ found: Snapshot, _ left: Snapshot,
        _ echoes: inout Echoes
    ) throws {
        guard case .present(let undo) = try left.holding(kind, at: path),
            case .present(let earlier) = try original.holding(kind, at: path)
        else { return }
        var before: Record<Kind>?
        if case .present(let holding) = try found.holding(kind, at: path) { before = holding.record }
        echoes.note(undo: undo.record, found: before, original: earlier.record)
    }
}

extension Draft {
    /// Makes one record what it was in an earlier version, with all that is in its folder, under new stamps; says
    /// what that changed. A record that is gone, or cannot be read any more, returns.
    ///
    /// Conflicts that wait for a person go on waiting, and none returns.
    public func restore(
        _ folder: RecordFolder, from old: Snapshot,
        permissions: @escaping ReversalPermissions = { _, _ in .all }
    ) throws -> ReversalOutcome {
        guard let change = try base.change(of: folder, since: old) else { return ReversalOutcome() }
        var reversal = Reversal(of: self, from: old, to: base, permissions: permissions)
        reversal.isRestoring = true
        try reversal.reverse(change)
        return reversal.outcome
    }
}
