import Catalog
public import Store

/// What an undo took back, and what it left.
public struct UndoReport: Sendable {
    /// One record that is as it was before.
    public struct Change: Sendable {
        /// What kind of record it is.
        public let kind: String
        /// Its id.
        public let id: String
        /// What the operation had done to it.
        public let what: RecordChange.Kind
        /// The fields that were put back; none where the record came or went.
        public let fields: [String]
    }

    /// What was left as it is, and why.
    public struct Kept: Sendable {
        /// What kind of record it is.
        public let kind: String
        /// Its id.
        public let id: String
        /// The field; nil for the record as a whole.
        public let field: String?
        /// Why, in words.
        public let reason: String
    }

    /// The version after the undo.
    public let version: Version
    /// The version that was taken back.
    public let undone: HistoryEntry
    /// What was put back.
    public let changes: [Change]
    /// What was left.
    public let kept: [Kept]
}

extension Session {
    /// Takes back what this person last did on this computer. Done again, it goes further back.
    ///
    /// What somebody changed since is left as it is. Throws `.notFound` where nothing is left to undo, and `.wrongState`
    /// where all of it was changed since.
    @discardableResult
    public func undo() throws(Failure) -> UndoReport {
        do {
            try requireWriter()
            let found = try store.undo(by: person) { base in
                reversalPermissions(in: try View(base, for: self))
            }
            guard let found else {
                throw Failure(
                    .notFound, "there is nothing left that you did on this computer and could undo",
                    hint: "`offbeat restore ID --at VERSION` takes a track back to any version")
            }
            let kept = try reasons(for: found.outcome.kept)
            if found.outcome.changes.isEmpty { throw refusal(of: found.undone, kept) }
            let changes = found.outcome.changes.map {
                UndoReport.Change(
                    kind: $0.folder.kindName, id: $0.folder.idText, what: $0.kind, fields: $0.fields)
            }
            return UndoReport(version: found.version, undone: found.undone, changes: changes, kept: kept)
        } catch { throw Failure(error) }
    }

    private func refusal(of entry: HistoryEntry, _ kept: [UndoReport.Kept]) -> Failure {
        let reasons = kept.prefix(3).map { kept in
            let field = kept.field.map { "\($0) of " } ?? ""
            return "\(field)\(kept.kind) \(kept.id.prefix(8)): \(kept.reason)"
        }
        let all = reasons.joined(separator: "; ") + (kept.count > 3 ? "; …" : "")
        return Failure(
            .wrongState, "nothing of \"\(entry.subject)\" can be undone: \(all)",
            hint: "`offbeat restore ID --at \(entry.parents.first?.short ?? "VERSION")` takes a track back anyway")
    }

    // MARK: What may be put back

    /// Says how far this person may put records back, as they stand in a version.
    func reversalPermissions(in view: View) -> ReversalPermissions {
        { folder, step in
            switch folder {
            case .track(let id): try self.permission(forTrack: id, step, in: view)
            case .person(let id):
                id == self.person?.id && step == .remove ? .none("it is the person that you act as") : .all
            case .workspace(let id): try self.permission(forWorkspace: id, step, in: view)
            case .post(let workspace, let id): try self.permission(forPost: id, of: workspace, step, in: view)
            case .store: .all
            }
        }
    }

    private func permission(forTrack id: TrackID, _ step: ReversalStep, in view: View) throws -> ReversalPermission
    {
        guard view.sharing == .workspaces, step != .bringBack else { return .all }
        guard let folder = try view.readable(id) else { return .none("you may no longer edit it") }
        if folder.track.owner == person?.id { return .all }
        return step == .remove
            ? .none("only its owner removes it") : .except(["owner"], "only its owner gives it away")
    }

    private func permission(
        forWorkspace id: WorkspaceID, _ step: ReversalStep, in view: View
    ) throws -> ReversalPermission {
        guard let person, let workspace = try view.snapshot.workspace(id) else { return .all }
        if workspace.standing(of: person.id) != .owner { return .none("only its owners change it") }
        // Its posts would stay behind, where nobody belongs to them.
        let hasPosts = try step == .remove && view.snapshot.postCount(of: id) > 0
        return hasPosts ? .none("it has posts") : .all
    }

    /// What the table of steps says of editing, removing and scheduling a post holds for putting it back as well.
    private func permission(
        forPost id: PostID, of workspace: WorkspaceID, _ step: ReversalStep, in view: View
    ) throws -> ReversalPermission {
        guard let person, let workspace = try view.snapshot.workspace(workspace) else { return .all }
        guard let role = workspace.standing(of: person.id), role >= .editor else {
            return .none("only its editors change it")
        }
        guard step != .bringBack, case .post(let folder)? = try view.snapshot.read(id, in: workspace.id) else {
            return .all
        }
        let found = try view.reviewed(folder, of: workspace)
        if found.refusal(of: step == .remove ? .remove : .edit, by: person) != nil || step == .remove && found.isOut
        {
            return .none("it is \(found.review.state.rawValue)")
        }
        return found.refusal(of: .schedule, by: person) == nil
            ? .all : .except(["schedule"], "it is \(found.review.state.rawValue)")
    }

    // MARK: Why something was left

    /// Says in words why something was left.
    func reasons(for kept: [ReversalOutcome.Kept]) throws -> [UndoReport.Kept] {
        if kept.isEmpty { return [] }
        let people = try view().people
        return kept.map { kept in
            UndoReport.Kept(
                kind: kept.folder.kindName, id: kept.folder.idText, field: kept.field,
                reason: reason(kept.cause, people))
        }
    }

    private func reason(_ cause: ReversalOutcome.Cause, _ people: PeopleLookup) -> String {
        switch cause {
        case .changed(let entry?) where entry.person != nil && entry.person == person?.id:
            return "you changed it since"
        case .changed(let entry?):
            let handle = entry.person.flatMap { people[$0]?.handle?.text }
            return "\(handle ?? entry.author) changed it since"
        case .changed(nil): return "somebody changed it since"
        case .removed: return "it was removed since"
        case .addedAgain: return "it was added again since"
        case .unreadable: return "its record cannot be read"
        case .refused(let why): return why
        }
    }
}
