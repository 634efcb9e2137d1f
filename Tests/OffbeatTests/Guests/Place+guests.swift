import Catalog
import Files
import Guests
import Offbeat
import Store
import TestSupport
import Testing

extension Place {
    /// Starts a guest for somebody, or for nobody, and opens its store.
    func guest(
        for handle: String? = "ana", _ limits: GuestLimits = GuestLimits(), context: StoreContext? = nil
    ) throws -> Library {
        let person = try handle.flatMap { try session($0).person }
        let made = try library.startGuest(for: person, limits)
        defer { withExtendedLifetime(made.use) {} }
        return try Library(at: made.guest.path, context: context ?? clock.context)
    }

    /// Lets a guest work, and gives its id when nobody is at work in its store any more.
    func work(for handle: String? = "ana", _ body: (Library) throws -> Void) throws -> String {
        let guest = try guest(for: handle)
        try body(guest)
        return try guest.guestID
    }

    /// The folder of scratch stores, by names.
    var scratches: [String] {
        get throws {
            let folder = path.appending("scratch")
            return FileSystem.exists(folder) ? try FileSystem.list(folder).map(\.name.string).sorted() : []
        }
    }
}

extension Library {
    /// The id of the guest whose store it is.
    var guestID: String { get throws { try #require(guest).id.hex } }

    /// Changes the one track that a word names.
    func edit(_ name: String, _ changes: String...) throws {
        let changes = try changes.map { try TrackChange(parsing: $0) }
        _ = try session().edit(EditRequest(.one(name), changes: changes))
    }
}
