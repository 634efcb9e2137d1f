import Blobs
import Catalog
import Files
import Guests
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// A library that is collected, moved on or moved away while guests work over it.
@Suite struct GuestCollectTests {
    /// Keeps nothing that is not needed.
    private func collect(_ place: Place) throws {
        try place.library.settings.set(.keepHistory, to: "0")
        try place.library.settings.set(.keepQuarantine, to: "0")
        // One run never deletes what it has set aside itself.
        for _ in 0..<2 { _ = try place.library.collect() }
    }

    /// Says that a remote has all, so that nothing is kept because nobody else has it.
    private func confirm(_ place: Place) throws {
        try place.store.remember(RemoteHeads(main: place.store.version().id), of: "origin")
    }

    @Test func whatAGuestStillNamesStays() throws {
        try withPlace { place in
            let file = try place.sound("song.wav")
            try place.add("song.wav")
            let guest = try place.guest()
            _ = try place.session.remove(["song"])
            try confirm(place)
            try collect(place)
            var bytes: [UInt8] = []
            _ = try guest.session().cat("song") { bytes += $0 }
            #expect(try bytes == FileSystem.read(file))
            #expect(try guest.session().status().files.missing == 0)
        }
    }

    @Test func whatAGuestPutStaysThoughTheLibraryRemovedIt() throws {
        try withPlace { place in
            try place.add("song.wav")
            let guest = try place.guest()
            _ = try guest.session().remove(["song"])
            _ = try place.session.remove(["song"])
            try confirm(place)
            // The file is the library's, and the guest names it anew.
            _ = try guest.session().add(AddRequest(paths: [place.sounds.appending("song.wav")]))
            try collect(place)
            #expect(try guest.session().list(ListRequest()).tracks.map(\.isHere) == [true])
        }
    }

    @Test func aLibraryThatMovesOnIsNotSeenToMove() throws {
        try withPlace { place in
            try place.add("song.wav")
            let guest = try place.guest()
            try place.edit("song", "title=Later")
            try place.add("other.wav", frequency: 500)
            #expect(try titles(guest.session()) == ["song"])
            try guest.edit("song", "artist=Guest")
            #expect(try titles(guest.session()) == ["song"])
            #expect(try titles(place.session) == ["Later", "other"])
        }
    }

    @Test func guestsMoveWithTheirLibrary() throws {
        try withPlace { place in
            try place.add("song.wav")
            let guest = try place.guest()
            try guest.edit("song", "title=Guest's")
            let id = try guest.guestID
            let moved = place.folder.appending("moved")
            try FileSystem.rename(place.path, to: moved)
            try failure(.notAStore) { try Library(at: guest.path, context: place.clock.context) }
            let again = try Library(at: moved.appending("scratch").appending(id), context: place.clock.context)
            #expect(try titles(again.session()) == ["Guest's"])
            try again.edit("Guest's", "artist=Moved")
        }
    }

    /// A library adds, removes and collects all the time, and guests add the very same files: what they name is there.
    @Test func collectingBesideGuestsTakesNothingThatTheyName() throws {
        try withPlace { place in
            var paths: [FilePath] = []
            for number in 0..<6 {
                paths.append(try place.sound("\(number).wav", frequency: Double(200 + 10 * number)))
            }
            let files = paths
            let guests = try (0..<3).map { _ in try place.guest() }
            let isDone = Atomic(false)
            try collect(place)
            try Parallel.forEach(count: guests.count + 1, workers: guests.count + 1) { index in
                var chance = SeededRandom(seed: Seed.current &+ UInt64(index))
                if index < guests.count {
                    let session = try guests[index].session()
                    for _ in 0..<25 {
                        _ = try session.add(AddRequest(paths: [files.randomElement(using: &chance) ?? files[0]]))
                        let found = try session.list(ListRequest()).tracks
                        #expect(!found.contains { !$0.isHere }, "\(chance)")
                        if let one = found.randomElement(using: &chance) { _ = try session.remove([one.id.hex]) }
                    }
                    isDone.store(true, ordering: .releasing)
                } else {
                    while !isDone.load(ordering: .acquiring) {
                        _ = try place.session.add(
                            AddRequest(paths: [files.randomElement(using: &chance) ?? files[0]]))
                        if let one = try place.session.list(ListRequest()).tracks.first {
                            _ = try place.session.remove([one.id.hex])
                        }
                        try self.confirm(place)
                        try self.collect(place)
                    }
                }
            }
            for guest in guests {
                let report = try Library.check(
                    at: guest.path, CheckRequest(scratch: place.folder.appending("check")),
                    context: place.clock.context)
                #expect(report.problems.isEmpty, "\(report.problems)")
            }
            try place.expectSound()
        }
    }
}
