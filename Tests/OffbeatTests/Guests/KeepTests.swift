import Blobs
import Catalog
import Files
import Guests
import Offbeat
import Store
import TestSupport
import Testing

/// A guest's work comes into the library.
@Suite struct KeepTests {
    @Test func whatAGuestAddedAndAnalysedComesAlong() throws {
        try withPlace { place in
            let before = try place.library.version()
            let id = try place.work { guest in
                var request = AddRequest(paths: [try place.sound("new.wav", seconds: 1)])
                request.title = "New"
                let added = try guest.session().add(request)
                #expect(added.failed.isEmpty)
                _ = try guest.session().analyze()
            }
            #expect(try titles(place.session) == [])
            let kept = try place.session.keepGuest(id)
            #expect(kept.absorbed.from == before)
            #expect(kept.changes.count == 1)
            #expect(try titles(place.session) == ["New"])
            let analysed = try place.session.analyze()
            #expect(!analysed.analyzed.contains { $0.isComputed }, "it came along")
            #expect(try place.session.readAnalysis(of: "New", isCachedOnly: true).origin == .hit)
            #expect(try place.scratches.isEmpty)
            try place.expectSound()
        }
    }

    @Test func tracksOfNobodyBecomeThePersons() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let id = try place.work(for: nil) { guest in
                #expect(try guest.session().person == nil)
                _ = try guest.session().add(AddRequest(paths: [place.sound("new.wav")]))
            }
            _ = try place.session("ana").keepGuest(id, as: "ben")
            let track = try #require(try place.session("ana").list(ListRequest()).tracks.first)
            #expect(track.owner == "ben")
        }
    }

    @Test func whatBothChangedWaitsForAPerson() throws {
        try withPlace { place in
            let track = try place.add("song.wav")
            let id = try place.work { guest in
                place.clock.pass(seconds: 1)
                try guest.edit("song", "title=Guest's", "artist=Guest")
            }
            place.clock.pass(seconds: 1)
            try place.edit("song", "title=Person's")
            let kept = try place.session.keepGuest(id)
            #expect(kept.absorbed.report.conflicts.count == 1)
            let shown = try place.session.show(track.id.hex)
            #expect(shown.track.title == "Person's")
            #expect(shown.track.artist == "Guest")
            let conflicts = try place.session.conflicts()
            #expect(conflicts.map(\.conflict.field) == ["title"])
            #expect(conflicts.first?.others.first?.by == "ana", "who kept it is who said it")
        }
    }

    @Test func onceKeptIsGone() throws {
        try withPlace { place in
            let id = try place.work { guest in
                _ = try guest.session().add(AddRequest(paths: [place.sound("new.wav")]))
            }
            _ = try place.session.keepGuest(id)
            let version = try place.library.version()
            try failure(.notFound) { try place.session.keepGuest(id) }
            #expect(try place.library.version() == version)
        }
    }

    @Test func aGuestWhoDidNothingLeavesNothing() throws {
        try withPlace { place in
            try place.add("song.wav")
            let version = try place.library.version()
            let id = try place.work { (guest) throws in #expect(try titles(guest.session()) == ["song"]) }
            let kept = try place.session.keepGuest(id)
            #expect(kept.absorbed.to == version)
            #expect(try place.library.version() == version)
            #expect(try place.scratches.isEmpty)
        }
    }

    /// The library has the work, and the program was killed before the guest's store went.
    private func cutOff(_ id: String, in place: Place) throws {
        let scratch = try Scratches(over: place.store).find(id)
        let loan = Loan(of: place.path, at: scratch.pass.origin, within: nil)
        let guest = try Store(at: scratch.path, context: place.clock.context, over: loan)
        let person = try #require(try place.session.person)
        _ = try place.store.absorb(guest, by: person, because: "Keep") { _ in }
    }

    @Test func whatACutOffKeepingTookInIsNotTakenInAgain() throws {
        try withPlace { place in
            try place.add("song.wav")
            let id = try place.work { guest in
                place.clock.pass(seconds: 1)
                try guest.edit("song", "title=Guest's")
            }
            try cutOff(id, in: place)
            place.clock.pass(seconds: 1)
            try place.edit("Guest's", "title=Later")
            let version = try place.library.version()
            let kept = try place.session.keepGuest(id)
            #expect(kept.absorbed.to == version, "the person's title came after the guest's, not beside it")
            #expect(try titles(place.session) == ["Later"])
            #expect(try place.session.conflicts().isEmpty)
            #expect(try place.scratches.isEmpty)
        }
    }

    @Test func whatAGuestDidAfterACutOffKeepingComesAlone() throws {
        try withPlace { place in
            try place.add("song.wav")
            let id = try place.work { guest in
                place.clock.pass(seconds: 1)
                try guest.edit("song", "title=Guest's")
            }
            try cutOff(id, in: place)
            place.clock.pass(seconds: 1)
            try place.edit("Guest's", "title=Later")
            place.clock.pass(seconds: 1)
            try again(id, in: place) { try $0.edit("Guest's", "artist=Guest") }
            let kept = try place.session.keepGuest(id)
            #expect(kept.absorbed.report.conflicts.isEmpty)
            let track = try #require(try place.session.list(ListRequest()).tracks.first?.track)
            #expect(track.title == "Later")
            #expect(track.artist == "Guest")
        }
    }

    private func again(_ id: String, in place: Place, _ body: (Library) throws -> Void) throws {
        try body(Library(at: place.path.appending("scratch").appending(id), context: place.clock.context))
    }

    @Test func whatAGuestIsAtWorkInStays() throws {
        try withPlace { place in
            let guest = try place.guest()
            let id = try guest.guestID
            try failure(.locked) { try place.session.keepGuest(id) }
            try failure(.locked) { try place.session.endGuest(id) }
            place.clock.pass(seconds: 3 * 86_400)
            place.library.sweepGuests()
            #expect(try place.scratches == [id])
            _ = try guest.session().list(ListRequest())
        }
    }

    @Test func undoTakesItBack() throws {
        try withPlace { place in
            try place.add("song.wav")
            try place.add("other.wav", frequency: 500)
            let before = try place.git("rev-parse", "main^{tree}")
            let id = try place.work { guest in
                place.clock.pass(seconds: 1)
                try guest.edit("song", "title=Guest's", "+tag")
                _ = try guest.session().remove(["other"])
                _ = try guest.session().add(AddRequest(paths: [place.sound("new.wav", frequency: 600)]))
            }
            _ = try place.session.keepGuest(id)
            #expect(try titles(place.session) == ["Guest's", "new"])
            let undone = try place.session.undo()
            #expect(undone.kept.isEmpty)
            #expect(try titles(place.session) == ["other", "song"])
            #expect(try place.git("rev-parse", "main^{tree}") != before, "under new stamps")
            try place.expectSound()
        }
    }

    /// A guest's collection deletes at once what its present version does not name, and an undo brings back the record alone.
    @Test func whatNamesAFileThatIsNowhereStaysOutside() throws {
        try withPlace { place in
            let file = try place.sound("new.wav")
            let id = try place.work { guest in
                _ = try guest.session().add(AddRequest(paths: [file]))
                _ = try guest.session().remove(["new"])
                _ = try guest.collect()
                _ = try guest.session().undo()
                #expect(try guest.session().list(ListRequest()).tracks.map(\.isHere) == [false])
            }
            let version = try place.library.version()
            try failure(.wrongState) { try place.session.keepGuest(id) }
            #expect(try place.library.version() == version)
            try again(id, in: place) { _ = try $0.session().add(AddRequest(paths: [file])) }
            _ = try place.session.keepGuest(id)
            #expect(try place.session.list(ListRequest()).tracks.map(\.isHere) == [true])
            try place.expectSound()
        }
    }

    /// What was dropped here is at the remote: a guest may name it anew.
    @Test func whatOnlyARemoteHasMayBeNamed() throws {
        try withPlace { place in
            let file = try place.sound("song.wav")
            try place.add("song.wav")
            let version = try place.library.version()
            _ = try place.session.remove(["song"])
            let stored = try place.store.blobs.path(of: pointer(to: file).oid)
            let id = try place.work { guest in
                _ = try guest.session().restore(
                    #require(try track(in: place, at: version)), at: version.description)
            }
            try FileSystem.remove(stored)
            try place.store.blobs.journal.rebuild()
            _ = try place.session.keepGuest(id)
            #expect(try place.session.list(ListRequest()).tracks.map(\.isHere) == [false])
        }
    }

    private func track(in place: Place, at version: Version) throws -> String? {
        var found: String?
        try place.store.snapshot(of: version).forEachTrack { reading in
            if case .track(let folder) = reading { found = folder.id.hex }
        }
        return found
    }

    @Test func aDamagedFileStaysOutside() throws {
        try withPlace { place in
            let version = try place.library.version()
            let id = try place.work { guest in
                let file = try place.sound("new.wav")
                _ = try guest.session().add(AddRequest(paths: [file]))
                let stored = try BlobStore(directory: guest.path.appending("lfs")).path(of: pointer(to: file).oid)
                try FileSystem.setMode(of: stored, to: 0o644)
                let opened = try FileDescriptor.open(stored, .write)
                try opened.write(all: [0x58])
            }
            try failure(.damaged) { try place.session.keepGuest(id) }
            #expect(try place.library.version() == version)
            #expect(try place.store.blobs.files().isEmpty)
            #expect(try place.scratches == [id])
            try place.expectSound()
        }
    }
}

/// Whose work a person may keep.
@Suite struct KeepPermissionTests {
    @Test func postsOfAnotherPersonAreThatPersonsToKeep() throws {
        try withBand { place in
            let version = try place.library.version()
            let id = try place.work(for: "cara") { guest in
                _ = try guest.session().newPost(PostRequest(in: "band", text: "Out now"))
            }
            let refused = try failure(.notAllowed) { try place.session("ben").keepGuest(id) }
            #expect(refused.hint?.contains("cara") == true)
            #expect(try place.library.version() == version)
            #expect(try place.scratches == [id])
            _ = try place.session("ana").keepGuest(id, as: "cara")
            #expect(try place.texts("ana") == ["Out now"])
        }
    }

    @Test func whereTracksAreKeptApartOnlyWhoMaySeeThemKeepsTheirChanges() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
            try place.add("song.wav", as: "ana")
            let id = try place.work { guest in try guest.edit("song", "title=Guest's") }
            try failure(.notAllowed) { try place.session("ben").keepGuest(id) }
            _ = try place.session("ana").keepGuest(id)
            #expect(try titles(place.session("ana")) == ["Guest's"])
        }
    }

    @Test func aGuestSeesWhatItsPersonMaySee() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
            let track = try place.add("song.wav", as: "ana")
            let guest = try place.guest(for: "ben")
            #expect(try titles(guest.session()).isEmpty)
            try failure(.notFound) { try guest.session().show(track.id.hex) }
            try failure(.notAllowed) { try guest.session(as: "ana") }
            #expect(try titles(guest.session(as: "ben")).isEmpty)
        }
    }
}
