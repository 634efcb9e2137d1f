import Catalog
import Store
import Synchronization

/// The workspaces of one version that a person belongs to, read when first asked for.
final class WorkspaceLookup: Sendable {
    private let snapshot: Snapshot
    private let person: PersonID?
    private let known = Mutex<[Workspace]?>(nil)

    init(in snapshot: Snapshot, for person: PersonID?) { (self.snapshot, self.person) = (snapshot, person) }

    /// Those that this person belongs to, by slug.
    func own() throws(StoreError) -> [Workspace] {
        if let known = known.withLock({ $0 }) { return known }
        guard let person else { return [] }
        let own = try snapshot.workspaces().filter { $0.standing(of: person) != nil }
        known.withLock { $0 = own }
        return own
    }

    /// The ids of those.
    func memberships() throws(StoreError) -> Set<WorkspaceID> { Set(try own().map(\.id)) }

    /// The one of these that a slug, an id or four or more digits of an id name.
    func one(named name: String) throws -> Workspace {
        let own = try own()
        var found = own.filter { $0.slug?.text == name || $0.id.hex == name }
        if found.isEmpty, name.utf8.count >= 4 { found = own.filter { $0.id.hasPrefix(name) } }
        guard let workspace = found.first else {
            throw Failure(
                .notFound, "there is no workspace \(name)",
                hint: "`offbeat workspace ls` lists yours, `offbeat workspace add \(name)` makes one")
        }
        guard found.count == 1 else {
            throw Failure(
                .ambiguous, "\(found.count) workspaces are called \(name), so it stands for none of them",
                hint: "name one of them by id: " + found.map(\.id.hex).joined(separator: ", "))
        }
        return workspace
    }
}
