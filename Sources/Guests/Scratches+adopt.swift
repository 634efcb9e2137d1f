import Catalog
import Files
import Store

extension Scratches {
    /// Gives the tracks that the guest has added to the person, but for those that the guest had given to somebody else.
    ///
    /// What the library had when the guest began is not the guest's, whoever has removed it there since. And what a keeping
    /// that was cut off has given to another person is given anew.
    func adopt(_ scratch: Scratch, in guest: Store, since head: Version, for person: Person) throws {
        let added = try guest.changes(from: head, to: guest.version()).compactMap { change -> TrackID? in
            guard change.kind == .added, case .track(let id)? = change.folder else { return nil }
            return id
        }
        guard !added.isEmpty else { return }
        let origin = try scratch.pass.base.map { try guest.snapshot(of: $0) }
        let earlier = try earlierAdoptions(of: scratch, in: guest)
        try guest.write(by: person) { draft in
            for id in added where try origin?.track(id) == nil {
                guard case .track(let folder)? = try draft.base.read(id) else { continue }
                var track = folder.track
                let isGuests = track.owner == scratch.pass.person || earlier[id] == .some(track.owner)
                guard isGuests, track.owner != person.id else { continue }
                let stamp = draft.stamp(after: track.stamp(of: "owner"))
                try track.set("owner", to: .string(person.id.hex), at: stamp)
                try draft.put(track)
            }
            return Self.adoption(by: scratch)
        }
    }

    private static func adoption(by scratch: Scratch) -> String {
        "Adopt the tracks of guest \(scratch.id.hex.prefix(8))"
    }

    /// To whom tracks were given by keepings that were cut off.
    private func earlierAdoptions(of scratch: Scratch, in guest: Store) throws -> [TrackID: PersonID?] {
        var found: [TrackID: PersonID?] = [:]
        try guest.forEachVersion(from: guest.version()) { entry in
            if entry.version == scratch.pass.base { return false }
            guard entry.subject == Self.adoption(by: scratch), let before = entry.parents.first else { return true }
            for change in try guest.changes(from: before, to: entry.version) {
                guard case .track(let id)? = change.folder, found[id] == nil else { continue }
                found[id] = .some(entry.person)
            }
            return true
        }
        return found
    }
}
