import Cache
import Catalog
import Store

/// One version as one person sees it: what `sharing` hides is not there, and neither are other people's workspaces.
struct View: Sendable {
    let snapshot: Snapshot
    /// Who sees what in this version, or the stricter rule that came later.
    let sharing: Sharing
    let people: PeopleLookup
    let workspaces: WorkspaceLookup
    let person: Person?
    /// What our own analyzer says of audio, where no person has decided.
    let summaries: AnalysisSummaries
    /// The posts that this computer is bringing out now.
    let onTheirWay: PostsOnTheirWay

    /// Takes a version, and the rule of the present one where the version is of the past: what was open to all once is
    /// hidden in the log too when tracks are kept apart now.
    init(_ snapshot: Snapshot, for session: Session, under present: Sharing = .everyone) throws(StoreError) {
        self.snapshot = snapshot
        person = session.person
        summaries = try session.library.summaries()
        let own = try snapshot.info().sharing
        sharing = own == .workspaces ? own : present
        people = PeopleLookup(in: snapshot)
        onTheirWay = PostsOnTheirWay(from: session.library.path)
        workspaces = WorkspaceLookup(in: snapshot, for: session.person?.id)
    }

    /// Whether tracks may be hidden from this person.
    var hidesTracks: Bool { sharing == .workspaces }

    func maySee(_ track: Track) throws(StoreError) -> Bool {
        guard hidesTracks else { return true }
        guard let person else { return false }
        return sharing.mayUse(track, person: person.id, memberships: try workspaces.memberships())
    }

    /// Whose tracks lists show to this person.
    var scope: TrackRequest.Scope {
        guard hidesTracks else { return .everything }
        return person.map { .usable(by: $0.id) } ?? .nothing
    }

    /// The track of a row that was made of this version.
    func read(_ row: TrackRow) throws(StoreError) -> TrackFolder? {
        guard case .track(let folder) = try snapshot.read(row.id, in: row.folder) else { return nil }
        return folder
    }

    /// Whether this person may see a record. A workspace and its posts are its members', however tracks are shared.
    func maySee(_ folder: RecordFolder) throws(StoreError) -> Bool {
        switch folder {
        case .track(let id): return try hidesTracks ? readable(id) != nil : true
        case .workspace(let id), .post(let id, _): return try workspaces.memberships().contains(id)
        case .person, .store: return true
        }
    }

    /// Whether this person may see a record's change, judged by this version alone.
    func maySee(_ change: RecordChange) throws(StoreError) -> Bool {
        try change.owner.map { (folder) throws(StoreError) in try maySee(folder) } ?? true
    }

    /// A track that this person may see, or nil; throws `.damaged` for one that cannot be read, unless it may be hidden:
    /// whose it is nobody can tell then.
    func track(_ id: TrackID) throws(StoreError) -> TrackFolder? {
        if hidesTracks { return try readable(id) }
        return try snapshot.track(id)
    }

    /// A track that can be read and that this person may see, or nil.
    func readable(_ id: TrackID) throws(StoreError) -> TrackFolder? {
        guard case .track(let folder)? = try snapshot.read(id), try maySee(folder.track) else { return nil }
        return folder
    }

    /// Visits the tracks that this person may see; what cannot be read is passed over.
    func forEachTrack(_ visit: (TrackFolder) throws -> Void) throws {
        try snapshot.forEachTrack { reading in
            if case .track(let folder) = reading, try maySee(folder.track) { try visit(folder) }
        }
    }

    /// The handle by which a person is shown.
    func handle(of id: PersonID) -> String { people[id]?.handle?.text ?? id.hex }
}

extension RecordChange {
    /// The record that it belongs to, also by a file that only a newer program knows; of what lies elsewhere in a
    /// workspace's folder, the workspace.
    fileprivate var owner: RecordFolder? {
        if let folder { return folder }
        let names = path.split(separator: "/").map(String.init)
        if let known = RecordFolder(path: names.prefix(5).joined(separator: "/")) { return known }
        guard names.first == "workspaces", names.count > 1 else { return nil }
        return WorkspaceID(names[1]).map(RecordFolder.workspace)
    }
}
