import Catalog
import Files
import Guests
import Offbeat
import Store
import TestSupport
import Testing

/// Keeping a guest's work again that was cut off on the way.
@Suite struct CutOffKeepTests {
    /// The guest's store holds the library's later version by then, and nothing of that is the guest's doing.
    @Test func whatTheLibraryDidIsNotTakenForTheGuests() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            try place.add("song.wav")
            let id = try place.work { try $0.edit("song", "title=Guest's") }
            // What only its person could keep, had a guest done it.
            _ = try place.workspace("band", ["ana"])
            let scratch = try Scratches(over: place.store).find(id)
            let loan = Loan(of: place.path, at: scratch.pass.origin, within: nil)
            let guest = try Store(at: scratch.path, context: place.clock.context, over: loan)
            try guest.takeIn(place.library.version(), because: "keep")
            let kept = try place.session("ben").keepGuest(id)
            #expect(kept.changes.count == 1)
            #expect(try titles(place.session) == ["Guest's"])
            #expect(try place.git("log", "-1", "--format=%s", "main").hasSuffix("1 record\n"))
            try place.expectSound()
        }
    }
}
