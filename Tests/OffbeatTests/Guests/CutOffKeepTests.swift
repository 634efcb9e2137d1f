import Blobs
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

    /// Whoever tried to keep it before and could not: the guest's tracks become those of the person who can.
    @Test(arguments: [nil, "ana"]) func whoKeepsItInTheEndGetsTheTracks(_ worker: String?) throws {
        try withPlace(people: ["ana", "ben"]) { place in
            var hidden: (stored: FilePath, bytes: [UInt8])?
            let id = try place.work(for: worker) { guest in
                let file = try place.sound("new.wav")
                _ = try guest.session().add(AddRequest(paths: [file]))
                let stored = try BlobStore(directory: guest.path.appending("lfs")).path(of: pointer(to: file).oid)
                hidden = (stored, try FileSystem.read(stored))
                try FileSystem.setMode(of: stored, to: 0o644)
                try FileDescriptor.open(stored, .write).write(all: [0x58])
            }
            try failure(.damaged) { try place.session("ana").keepGuest(id, as: "ben") }
            let (stored, bytes) = try #require(hidden)
            try FileSystem.write(bytes, to: stored)
            _ = try place.session("ana").keepGuest(id)
            #expect(try place.session.list(ListRequest()).tracks.map(\.owner) == ["ana"])
            try place.expectSound()
        }
    }

    /// What the library had is nobody's to give, though a guest has changed what was removed there meanwhile.
    @Test func whatTheLibraryHadKeepsItsOwner() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            try place.add("song.wav", as: "ana")
            let id = try place.work(for: "ana") { guest in
                place.clock.pass(seconds: 1)
                try guest.edit("song", "title=Guest's")
            }
            _ = try place.session("ana").remove(["song"])
            _ = try place.session("ben").keepGuest(id)
            let tracks = try place.session.list(ListRequest()).tracks
            #expect(tracks.map(\.track.title) == ["Guest's"] && tracks.map(\.owner) == ["ana"], "\(tracks)")
        }
    }
}
