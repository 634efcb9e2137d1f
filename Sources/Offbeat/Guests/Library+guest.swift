import Catalog
public import Files
public import Guests
public import Store

/// A guest at work in a scratch store.
struct GuestStay: Sendable {
    let pass: GuestPass
    /// Keeps the store from being swept as long as the library is open.
    let use: ScratchUse
}

extension Library {
    /// Whose scratch store this is; nil for a store of its own.
    public var guest: GuestPass? { stay?.pass }

    /// How much this guest has made; nil in a store of its own, and where it cannot be told.
    public func guestUsage() -> ScratchUsage? { try? store.scratchUsage() }

    /// Whose scratch store lies at a place; nil where none does.
    public static func guest(at path: FilePath) throws(Failure) -> GuestPass? {
        do { return try Scratch.at(path)?.pass } catch { throw Failure(error) }
    }

    /// Refuses what a guest may not do: what would reach others, or speak for a person.
    func refuseGuests(_ what: String) throws(Failure) {
        guard let guest else { return }
        throw Failure(
            .notAllowed, "a guest may not \(what)",
            hint:
                "let a person keep your work with `offbeat guest keep \(guest.id.hex.prefix(8))` in the library itself"
        )
    }

    /// The session of the guest: as the person for whom it works, who cannot be chosen anew.
    func guestSession(_ guest: GuestPass, as handle: String?) throws -> Session {
        let snapshot = try store.snapshot()
        let people = try snapshot.people()
        let person = people.first { $0.id == guest.person }
        if person == nil, let missing = guest.person {
            throw Failure(
                .damaged, "guest \(guest.id) works for the person \(missing), whom the library does not know",
                hint: "end it, and start another")
        }
        if let handle, try people.one(named: handle).id != person?.id {
            throw Failure(
                .notAllowed,
                "this guest works for \(person?.handle?.text ?? "nobody"), and cannot act as \(handle)",
                hint: "leave out --user, or let \(handle) start a guest")
        }
        return Session(library: self, person: person, sharing: try snapshot.info().sharing, isOneOfMany: false)
    }
}
