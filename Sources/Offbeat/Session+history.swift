import Catalog
public import Store

/// One line of the log.
public struct LogEntry: Sendable {
    /// The version, its time, author and subject.
    public let entry: HistoryEntry
    /// The handle or name of who made it.
    public let by: String
    /// How many records it changed.
    public let changes: Int
}

/// How one record differs between two versions, with the names of the fields that do.
public struct FieldChanges: Sendable {
    /// The record.
    public let change: RecordChange
    /// The fields that differ, by name.
    public let fields: [String]

    /// What kind of record it is; `other` for what is none of ours.
    public var kind: String { change.folder?.kindName ?? "other" }

    /// The record's id; the path of what has none.
    public var id: String { change.folder?.idText ?? change.path }
}

extension RecordFolder {
    /// What kind of record it is, in a word.
    var kindName: String {
        switch self {
        case .store: "store"
        case .person: "person"
        case .workspace: "workspace"
        case .post: "post"
        case .track: "track"
        }
    }

    /// The record's id; the path of the store's own record.
    var idText: String {
        switch self {
        case .person(let id): id.hex
        case .workspace(let id): id.hex
        case .post(_, let id): id.hex
        case .track(let id): id.hex
        case .store: path
        }
    }
}

extension Session {
    /// Visits the log, newest first; with a track's or post's name only the versions that changed it, a track also if it
    /// is gone by now.
    ///
    /// - Parameter cursor: the version at which an earlier visit ended; `.notFound` is thrown for one that the log does not
    ///   have.
    public func log(
        of name: String? = nil, after cursor: String? = nil, _ visit: (LogEntry) throws -> Bool
    ) throws(Failure) {
        do {
            let view = try view()
            let wanted = try name.map { try findForLog($0, in: view) }
            let end = try cursor.map { try store.version(named: $0) }
            var isBehind = end == nil
            try store.forEachVersion(from: view.snapshot.version) { entry in
                guard isBehind else {
                    isBehind = entry.version == end
                    return true
                }
                let all = try store.changes(from: entry.parents.first, to: entry.version)
                let changes = try visible(all, from: entry.parents.first, to: entry.version, in: view)
                if let wanted, !changes.contains(where: { $0.folder == wanted }) { return true }
                let isHidden = changes.isEmpty && (view.hidesTracks || !all.isEmpty)
                if isHidden && !entry.parents.isEmpty { return true }
                let by = entry.person.map { view.handle(of: $0) } ?? entry.author
                return try visit(LogEntry(entry: entry, by: by, changes: changes.count))
            }
            if !isBehind {
                throw Failure(
                    .notFound, "the log does not have the version \(cursor ?? "")",
                    hint: "list again from the beginning")
            }
        } catch { throw Failure(error) }
    }

    /// Finds the track that a word names, or else the post.
    private func findForLog(_ name: String, in view: View) throws -> RecordFolder {
        do { return .track(try findEvenIfRemoved(name, in: view)) } catch let failure as Failure
            where failure.code == .notFound
        {
            guard let post = try? self.post(named: name, in: view) else { throw failure }
            return .post(post.workspace.id, post.folder.post.id)
        }
    }

    /// Finds the one track that a word names; where there is none now, among those that were removed.
    private func findEvenIfRemoved(_ name: String, in view: View) throws -> TrackID {
        do { return try find(name, in: view).id } catch let failure as Failure where failure.code == .notFound {
            let found = try removedTracks(named: name, in: view)
            guard let only = found.first else { throw failure }
            guard found.count == 1 else {
                throw Failure(
                    .ambiguous, "\(name) names several removed tracks: \(found.map(\.hex).joined(separator: ", "))",
                    hint: "name one by its id")
            }
            return only
        }
    }

    /// The tracks that a word named when they were removed, the last removed first; the whole history is gone through.
    private func removedTracks(named name: String, in view: View) throws -> [TrackID] {
        var found: [TrackID] = []
        let query = try Query(parsing: name)
        try store.forEachVersion(from: view.snapshot.version) { entry in
            guard let parent = entry.parents.first else { return true }
            let gone = try store.changes(from: parent, to: entry.version).filter { $0.kind == .removed }
            if gone.isEmpty { return true }
            let before = try View(store.snapshot(of: parent), for: self, under: view.sharing)
            for case .track(let id)? in gone.map(\.folder) where !found.contains(id) {
                guard let folder = try before.readable(id) else { continue }
                let isMeant = name.utf8.count >= 4 && id.hasPrefix(name)
                if isMeant || query.matches(subject(folder, in: before, query), now: Int64(library.context.now())) {
                    found.append(id)
                }
            }
            return true
        }
        return found
    }

    /// What differs between two versions, as far as this person may see it.
    public func diff(_ old: String, _ new: String) throws(Failure) -> [FieldChanges] {
        do {
            let (old, new) = (try store.version(named: old), try store.version(named: new))
            let (before, after) = (try store.snapshot(of: old), try store.snapshot(of: new))
            return try visibleChanges(from: old, to: new, in: view()).map {
                FieldChanges(change: $0, fields: try fields(of: $0, before, after))
            }
        } catch { throw Failure(error) }
    }

    /// What differs, without what was hidden from this person before and after; `view` is the present.
    func visibleChanges(from old: Version?, to new: Version, in view: View) throws -> [RecordChange] {
        try visible(store.changes(from: old, to: new), from: old, to: new, in: view)
    }

    private func visible(
        _ changes: [RecordChange], from old: Version?, to new: Version, in view: View
    ) throws -> [RecordChange] {
        guard view.hidesTracks || changes.contains(where: { $0.path.hasPrefix("workspaces/") }) else {
            return changes
        }
        let views = try [old, new].compactMap(\.self).map {
            try View(store.snapshot(of: $0), for: self, under: view.sharing)
        }
        return try changes.filter { change in try views.contains { try $0.maySee(change) } }
    }

    private func fields(of change: RecordChange, _ before: Snapshot, _ after: Snapshot) throws -> [String] {
        guard let path = change.folder?.record.text else { return [] }
        let (old, new) = (try before.fields(at: path), try after.fields(at: path))
        let names = Set(old.keys.map(FieldName.init)).union(new.keys.map(FieldName.init))
        return names.map(\.text).filter { $0 != "edits" && old[$0] != new[$0] }.sorted()
    }
}

/// A field's name, equal only to the same bytes.
private struct FieldName: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
    func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}
