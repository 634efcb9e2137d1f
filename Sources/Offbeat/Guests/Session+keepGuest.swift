import Catalog
public import Guests
import Store

extension Session {
    /// Takes a guest's work into the library, as one version, also if the library has moved on; then the guest is gone.
    ///
    /// What the guest did must be what the person may do: what was done for another person, only that one keeps, but for
    /// tracks that this person may edit as well.
    ///
    /// - Parameter handle: whose work it becomes; else this session's person's.
    public func keepGuest(_ id: String, as handle: String? = nil) throws(Failure) -> KeptWork {
        do {
            try library.refuseGuests("keep guests' work")
            let scratches = Scratches(over: store)
            let scratch = try scratches.find(id)
            let person = try handle.map { try view().people.one(named: $0) } ?? person
            guard let person else {
                throw Failure(
                    .usage, "it is not said whose the guest's work becomes", hint: "say --as HANDLE")
            }
            return try scratches.keep(scratch, as: person) { changes, base in
                if scratch.pass.person == person.id { return }
                let session = Session(library: library, person: person, sharing: sharing, isOneOfMany: false)
                let view = try View(store.snapshot(of: base), for: session, under: sharing)
                for change in changes { try session.requireMayKeep(change, of: scratch.pass, in: view) }
            }
        } catch { throw Failure(error) }
    }

    private func requireMayKeep(_ change: RecordChange, of guest: GuestPass, in view: View) throws {
        let name = person?.handle?.text ?? ""
        guard case .track(let id)? = change.folder else {
            throw Failure(
                .notAllowed, "the guest changed \(change.path), which \(name) may not do for another person",
                hint: "let \(Self.name(of: guest, in: view)) keep it, with --as")
        }
        if change.kind == .added { return }
        let track = try view.readable(id)?.track
        let isHidden = view.hidesTracks && track == nil
        let isOthersRemoved = view.hidesTracks && change.kind == .removed && track?.owner != person?.id
        guard isHidden || isOthersRemoved else { return }
        throw Failure(
            .notAllowed, "the guest changed track \(id.hex.prefix(8)), which \(name) may not",
            hint: "let \(Self.name(of: guest, in: view)) keep it, with --as")
    }

    private static func name(of guest: GuestPass, in view: View) -> String {
        guest.person.map { view.handle(of: $0) } ?? "a person who may"
    }
}
