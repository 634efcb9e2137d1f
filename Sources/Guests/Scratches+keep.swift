public import Catalog
import Files
public import Store

/// What came of keeping a guest's work.
public struct KeptWork: Sendable {
    /// The guest.
    public let id: GuestID
    /// How it came in.
    public let absorbed: Absorbed
    /// The records that the guest had changed.
    public let changes: [RecordChange]
}

extension Scratches {
    /// Takes a guest's work into the store below, as one version of this person's, and the scratch store away.
    ///
    /// The tracks that the guest added become the person's, but for those that the guest had given to somebody else. Cut off
    /// at any point it can be done again.
    ///
    /// - Parameter permitting: is asked whether this person may do what the guest did: with the changes, and the version
    ///   from which they lead.
    public func keep(
        _ scratch: Scratch, as person: Person, permitting: ([RecordChange], Version) throws -> Void
    ) throws -> KeptWork {
        guard let alone = try ScratchUse.take(scratch.path, shared: false) else {
            throw GuestError(
                .inUse, "a program is at work as guest \(scratch.id)",
                hint: "try again when it is done, or end that program")
        }
        return try withExtendedLifetime(alone) {
            let guest = try scratch.store(store.context, within: nil)
            let base = try store.beginning(of: guest)
            let changes = try guest.changes(from: base, to: guest.version())
            try permitting(changes, base)
            let absorbed = try store.absorb(guest, by: person, because: Self.subject(scratch, changes)) { head in
                try adopt(scratch, in: guest, since: head, for: person)
            }
            try erase(scratch.path)
            return KeptWork(id: scratch.id, absorbed: absorbed, changes: changes)
        }
    }

    private static func subject(_ scratch: Scratch, _ changes: [RecordChange]) -> String {
        "Keep the work of guest \(scratch.id.hex.prefix(8)): \(changes.count) \(changes.count == 1 ? "record" : "records")"
    }

    /// Gives the guest's own tracks to the person, if they are not the person's already.
    private func adopt(_ scratch: Scratch, in guest: Store, since head: Version, for person: Person) throws {
        let own = scratch.pass.person
        guard own != person.id else { return }
        let added = try guest.changes(from: head, to: guest.version()).compactMap { change -> TrackID? in
            guard change.kind == .added, case .track(let id)? = change.folder else { return nil }
            return id
        }
        guard !added.isEmpty else { return }
        try guest.write(by: person) { draft in
            for id in added {
                guard case .track(let folder)? = try draft.base.read(id), folder.track.owner == own else {
                    continue
                }
                var track = folder.track
                let stamp = draft.stamp(after: track.stamp(of: "owner"))
                try track.set("owner", to: .string(person.id.hex), at: stamp)
                try draft.put(track)
            }
            return "Adopt the tracks of guest \(scratch.id.hex.prefix(8))"
        }
    }
}
