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
    public var kind: String {
        switch change.folder {
        case .store?: "store"
        case .person?: "person"
        case .workspace?: "workspace"
        case .post?: "post"
        case .track?: "track"
        case nil: "other"
        }
    }

    /// The record's id; the path of what has none.
    public var id: String {
        switch change.folder {
        case .person(let id)?: id.hex
        case .workspace(let id)?: id.hex
        case .post(_, let id)?: id.hex
        case .track(let id)?: id.hex
        case .store?, nil: change.path
        }
    }
}

extension Session {
    /// Visits the log, newest first; with a track's name only the versions that changed it.
    public func log(of name: String? = nil, _ visit: (LogEntry) throws -> Bool) throws(Failure) {
        do {
            let view = try view()
            let wanted = try name.map { RecordFolder.track(try find($0, in: view).id) }
            try store.forEachVersion(from: view.snapshot.version) { entry in
                let changes = try visibleChanges(from: entry.parents.first, to: entry.version, in: view)
                if let wanted, !changes.contains(where: { $0.folder == wanted }) { return true }
                if view.hidesSomething && changes.isEmpty && !entry.parents.isEmpty { return true }
                let by = entry.person.map { view.handle(of: $0) } ?? entry.author
                return try visit(LogEntry(entry: entry, by: by, changes: changes.count))
            }
        } catch { throw Failure(error) }
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
    private func visibleChanges(from old: Version?, to new: Version, in view: View) throws -> [RecordChange] {
        let changes = try store.changes(from: old, to: new)
        guard view.hidesSomething else { return changes }
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
