import Cache
public import Catalog
public import Store

/// One field of a record that waits for a person to decide.
public struct ConflictSummary: Sendable {
    /// A value that lost.
    public struct Other: Sendable {
        /// The value; nil where that side had taken it away.
        public let value: JSON?
        /// The handle of who wrote it, where that is known.
        public let by: String?
        /// When it was written. Of a removal, when the removed record was last changed.
        public let at: Timestamp
    }

    /// The record and its field.
    public let conflict: OpenConflict
    /// What stands; nil where nothing does.
    public let current: JSON?
    /// What lost, the earliest first.
    public let others: [Other]
    /// What the record is called, where it has a name.
    public let name: String?

    /// What kind of record it is.
    public var kind: String { conflict.folder.kindName }

    /// The record's id.
    public var id: String { conflict.folder.idText }

    /// The field, by which it is resolved.
    public var field: String { conflict.field }
}

extension Session {
    /// Everything that waits for a person to decide, as far as this person may see it: tracks with their stems, then
    /// posts, workspaces, people and the store itself.
    public func conflicts() throws(Failure) -> [ConflictSummary] {
        do {
            let view = try view()
            let open = try openConflicts(in: view)
            let stamps = open.filter { !$0.isAboutRemoval }.flatMap { $0.dispute.others.map(\.key.stamp) }
            let authors = try store.versions(giving: stamps, before: view.snapshot.version)
                .compactMapValues { $0.person.map { view.handle(of: $0) } }
            return try open.map { try summary(of: $0, in: view, authors) }
        } catch { throw Failure(error) }
    }

    private func summary(
        of conflict: OpenConflict, in view: View, _ authors: [Stamp: String]
    ) throws -> ConflictSummary {
        let others = try conflict.dispute.others.map { other in
            ConflictSummary.Other(
                value: try view.snapshot.value(kept: other, in: conflict.folder), by: authors[other.key.stamp],
                at: other.key.stamp.time)
        }
        return ConflictSummary(
            conflict: conflict, current: conflict.dispute.current, others: others,
            name: try view.name(of: conflict.folder))
    }

    private func openConflicts(in view: View) throws -> [OpenConflict] {
        guard let folders = try foldersInConflict(in: view) else { return try openConflictsWithoutIndex(in: view) }
        return try folders.filter { try view.maySee($0) }.flatMap { try view.snapshot.openConflicts(in: $0) }
    }

    /// The records with conflicts, by the index; nil where it cannot be asked, or is of another version already.
    private func foldersInConflict(in view: View) throws -> [RecordFolder]? {
        let found = try library.indexed { index in
            try index.survey { reader -> [RecordFolder]? in
                guard reader.version == view.snapshot.version else { return nil }
                let tracks = try reader.tracksInConflict(in: view.scope).map(RecordFolder.track)
                return try tracks + reader.conflictsBesideTracks().map(\.folder).sorted { $0.rank < $1.rank }
            }
        }
        return found ?? nil
    }

    /// The same by reading every record.
    func openConflictsWithoutIndex(in view: View) throws -> [OpenConflict] {
        var found: [OpenConflict] = []
        try view.forEachTrack { found += $0.openConflicts }
        return found + (try openConflictsBesideTracks(in: view))
    }

    /// What waits for a person in posts, workspaces, people and the store's own record.
    func openConflictsBesideTracks(in view: View) throws -> [OpenConflict] {
        try view.snapshot.foldersBesideTracks().filter { try view.maySee($0) }
            .flatMap { try view.snapshot.openConflicts(in: $0) }
    }
}

extension View {
    /// What people call a record.
    func name(of folder: RecordFolder) throws(StoreError) -> String? {
        let fields = try snapshot.fields(at: folder.record.text)
        let field =
            switch folder {
            case .track, .post: "title"
            case .person: "handle"
            case .workspace: "slug"
            case .store: "name"
            }
        return fields[field]?.asString
    }
}

extension RecordFolder {
    /// Where its kind stands among those whose conflicts are listed.
    fileprivate var rank: Int {
        switch self {
        case .track: 0
        case .post: 1
        case .workspace: 2
        case .person: 3
        case .store: 4
        }
    }
}
