public import Catalog
import Store

/// One person at work in a library. Every read and every write of every surface goes through a session, which holds
/// who may see and do what.
///
/// In a store that has no people yet, and shares everything, a session may act for nobody.
public struct Session: Sendable {
    /// The library.
    public let library: Library
    /// Who acts; nil where nobody is named.
    public let person: Person?

    let sharing: Sharing
    /// Nobody was named though several people could be meant.
    let isOneOfMany: Bool

    var store: Store { library.store }

    /// The store as this person sees it now.
    func view() throws -> View { try View(store.snapshot(), for: self) }

    /// Refuses to write in nobody's name where it matters whose.
    func requireWriter() throws(Failure) {
        if person != nil { return }
        if isOneOfMany {
            throw Failure(
                .notAllowed, "several people use this store, and it is not said who you are",
                hint: "name yourself with --user HANDLE, or once with `offbeat config set user HANDLE`")
        }
        if sharing == .workspaces {
            throw Failure(
                .notAllowed, "this store keeps people's tracks apart, so each change needs a person",
                hint: "add yourself with `offbeat user add HANDLE` and `offbeat config set user HANDLE`")
        }
    }
}

/// One version as one person sees it: what `sharing` hides is not there.
struct View: Sendable {
    let snapshot: Snapshot
    /// Who sees what in this version, or the stricter rule that came later.
    let sharing: Sharing
    let people: PeopleLookup
    private let person: Person?
    private let memberships: Set<WorkspaceID>

    /// Takes a version, and the rule of the present one where the version is of the past: what was open to all once is
    /// hidden in the log too when tracks are kept apart now.
    init(_ snapshot: Snapshot, for session: Session, under present: Sharing = .everyone) throws(StoreError) {
        self.snapshot = snapshot
        person = session.person
        let own = try snapshot.info().sharing
        sharing = own == .workspaces ? own : present
        people = PeopleLookup(in: snapshot)
        var memberships: Set<WorkspaceID> = []
        if sharing == .workspaces, let person {
            for workspace in try snapshot.workspaces() where workspace.role(of: person.id) != nil {
                memberships.insert(workspace.id)
            }
        }
        self.memberships = memberships
    }

    func maySee(_ track: Track) -> Bool {
        switch sharing {
        case .everyone: true
        case .workspaces: person.map { sharing.mayUse(track, person: $0.id, memberships: memberships) } ?? false
        }
    }

    func isMember(of workspace: WorkspaceID) -> Bool { memberships.contains(workspace) }

    /// Whether anything at all may be hidden from this person.
    var hidesSomething: Bool { sharing == .workspaces }

    /// Whether this person may see a record's change, judged by this version alone.
    func maySee(_ change: RecordChange) throws(StoreError) -> Bool {
        guard hidesSomething, let id = change.track else { return true }
        return try readable(id) != nil
    }

    /// A track that this person may see, or nil; throws `.damaged` for one that cannot be read, unless it may be hidden:
    /// whose it is nobody can tell then.
    func track(_ id: TrackID) throws(StoreError) -> TrackFolder? {
        if hidesSomething { return try readable(id) }
        return try snapshot.track(id)
    }

    /// A track that can be read and that this person may see, or nil.
    func readable(_ id: TrackID) throws(StoreError) -> TrackFolder? {
        guard case .track(let folder)? = try snapshot.read(id), maySee(folder.track) else { return nil }
        return folder
    }

    /// Visits the tracks that this person may see; what cannot be read is passed over.
    func forEachTrack(_ visit: (TrackFolder) throws -> Void) throws {
        try snapshot.forEachTrack { reading in
            if case .track(let folder) = reading, maySee(folder.track) { try visit(folder) }
        }
    }

    /// The handle by which a person is shown.
    func handle(of id: PersonID) -> String { people[id]?.handle?.text ?? id.hex }
}

extension RecordChange {
    /// The track that it belongs to, also by a file that only a newer program knows.
    fileprivate var track: TrackID? {
        let place = folder ?? RecordFolder(path: path.split(separator: "/").prefix(5).joined(separator: "/"))
        if case .track(let id)? = place { return id }
        return nil
    }
}
