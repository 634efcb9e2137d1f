import Catalog
import Store
import Synchronization

/// The people of one version, each read when first asked for: a single track shown costs a single person read.
final class PeopleLookup: Sendable {
    private let snapshot: Snapshot
    private let known = Mutex<[PersonID: Person?]>([:])

    init(in snapshot: Snapshot) { self.snapshot = snapshot }

    /// The person of an id; nil where there is none, or none that can be read.
    subscript(id: PersonID) -> Person? {
        known.withLock { known in
            if let person = known[id] { return person }
            let person = try? snapshot.person(id)
            known[id] = .some(person)
            return person
        }
    }

    /// The one person of a handle or id; refused where there is none, or more than one.
    func one(named name: String) throws -> Person { try snapshot.people().one(named: name) }
}
