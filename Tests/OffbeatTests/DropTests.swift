import Blobs
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Freeing space on this computer, and filling it again.
@Suite struct DropTests {
    /// A library with a track, and its file.
    private func withTrack(_ body: (Place, TrackID, Pointer) throws -> Void) throws {
        try withPlace { place in
            let id = try place.add("one.wav").id
            try place.addRemote()
            try body(place, id, pointer(to: place.sounds.appending("one.wav")))
        }
    }

    private func expectRefusal(
        _ place: Place, _ id: TrackID, _ file: Pointer, _ reason: String,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try place.session.drop([id.hex])
        #expect(outcome.changed.isEmpty && outcome.bytes == 0, sourceLocation: location)
        #expect(outcome.refused.map(\.id) == [id], sourceLocation: location)
        let told = outcome.refused.first?.reason ?? ""
        #expect(told.contains(reason), "\(told)", sourceLocation: location)
        #expect(try place.isHere(file), sourceLocation: location)
    }

    @Test func whatARemoteHoldsGoesAndComesBack() throws {
        try withTrack { place, id, file in
            try place.push()
            let dropped = try place.session.drop(["one"])
            #expect(dropped.changed == [id] && dropped.bytes == file.size && dropped.refused.isEmpty)
            #expect(try !place.isHere(file))
            #expect(try place.store.blobs.journal.totals().files == 0)
            #expect(try place.store.blobs.journal.differences().isEmpty)
            #expect(try place.session.show("one").track.title == "one", "the track stays")
            #expect(try place.session.drop(["one"]).changed.isEmpty)

            let fetched = try place.session.fetch(["one"])
            #expect(fetched.changed == [id] && fetched.bytes == file.size && fetched.refused.isEmpty)
            #expect(try place.store.blobs.verify(file) == .sound)
            #expect(try place.session.fetch(["one"]).changed.isEmpty)
            #expect(try place.library.wantedFiles().files.isEmpty)
        }
    }

    @Test func fsckDoesNotComplainOfWhatWasDropped() throws {
        try withTrack { place, _, _ in
            try place.push()
            _ = try place.session.drop(["one"])
            let request = CheckRequest(scratch: place.folder.appending("scratch"))
            let report = try Library.check(at: place.path, request, context: place.clock.context)
            #expect(report.problems.isEmpty && report.counts.elsewhere == 1)
        }
    }

    // MARK: What is refused

    @Test func whatWasNotPushedStays() throws {
        try withTrack { place, id, file in
            // The bytes are there, and no version of the remote's names them: its own collection may take them.
            try place.give(FileSystem.read(place.sounds.appending("one.wav")), as: file)
            try expectRefusal(place, id, file, "not pushed to origin")
        }
    }

    @Test func whatTheRemoteLacksStays() throws {
        try withTrack { place, id, file in
            try place.push(withFiles: false)
            try expectRefusal(place, id, file, "no remote holds it")
        }
    }

    @Test func theSameFileUnderASecondNameIsNoCopy() throws {
        try withTrack { place, id, file in
            try place.push(withFiles: false)
            let copy = BlobStore(directory: place.remote().appending("lfs")).path(of: file.oid)
            try FileSystem.makeDirectories(copy.parent)
            try FileSystem.link(place.store.blobs.path(of: file.oid), to: copy)
            try expectRefusal(place, id, file, "no remote holds it")
        }
    }

    @Test func damagedBytesAtTheRemoteAreNoCopyUnlessNobodyReadsThem() throws {
        try withTrack { place, id, file in
            try place.push(withFiles: false)
            try place.give([UInt8](repeating: 0, count: Int(file.size)), as: file)
            try expectRefusal(place, id, file, "no remote holds it")
            #expect(try place.session.drop([id.hex], reading: false).changed == [id])
        }
    }

    @Test func whatIsPinnedStays() throws {
        try withTrack { place, id, file in
            try place.push()
            for word in [id.hex, "title:one"] {
                _ = try place.session.pin([word])
                try expectRefusal(place, id, file, word == id.hex ? "it is pinned" : "by the query title:one")
                _ = try place.session.unpin([word])
            }
            #expect(try place.session.drop([id.hex]).changed == [id])
        }
    }

    @Test func withoutARemoteNothingGoes() throws {
        try withTrack { place, id, file in
            try place.push()
            try FileSystem.rename(place.remote(), to: place.folder.appending("away"))
            try expectRefusal(place, id, file, "is not there")
            _ = try place.library.removeRemote("origin")
            try expectRefusal(place, id, file, "there is no remote")
        }
    }

    @Test func whatSomebodyIsPushingHereStays() throws {
        try withTrack { place, id, file in
            try place.push()
            let lease = try Lease(on: [file.oid], in: place.store.blobs.directory)
            try expectRefusal(place, id, file, "at work")
            lease.release()
            let batch = try place.store.blobs.beginBatch()
            _ = try batch.put(place.sounds.appending("one.wav"))
            try batch.commit()
            try expectRefusal(place, id, file, "at work")
            batch.end()
            #expect(try place.session.drop([id.hex]).bytes == file.size)
        }
    }

    @Test func aTrackGoesWholeOrNotAtAll() throws {
        try withTrack { place, id, file in
            let other = try place.sound("stem.wav", frequency: 900)
            let batch = try place.store.blobs.beginBatch()
            let stem = try batch.put(other).pointer
            try batch.commit()
            try place.commitPlainly(["\(RecordFolder.track(id).path)/stems/drums.wav": stem.encoded()])
            batch.end()
            try place.push()
            try place.give([1], as: stem)
            try expectRefusal(place, id, file, "no remote holds it")
            #expect(try place.isHere(stem))
        }
    }

    // MARK: What other tracks need

    @Test func aFileThatAnotherTrackNamesStays() throws {
        try withTrack { place, id, file in
            let second = try place.add("two.wav", frequency: 600).id
            let shared = try pointer(to: place.sounds.appending("two.wav"))
            try place.commitPlainly(["\(RecordFolder.track(id).path)/stems/drums.wav": shared.encoded()])
            try place.push()
            let first = try place.session.drop([id.hex])
            #expect(first.changed == [id] && first.bytes == file.size)
            #expect(try place.isHere(shared))
            #expect(try place.session.drop([id.hex, second.hex]).bytes == shared.size)
            #expect(try !place.isHere(shared))
        }
    }

    // MARK: Several remotes

    @Test func whatOneRemoteLacksComesFromTheNext() throws {
        try withTrack { place, id, file in
            let second = try place.add("two.wav", frequency: 600).id
            let other = try pointer(to: place.sounds.appending("two.wav"))
            try place.addRemote("stick")
            for name in ["origin", "stick"] { try place.push(to: name) }
            try FileSystem.remove(BlobStore(directory: place.remote().appending("lfs")).path(of: other.oid))
            try place.give([1, 2], as: file, to: "stick")
            #expect(try Set(place.session.drop([id.hex, second.hex]).changed) == [id, second])
            #expect(try Set(place.session.fetch([id.hex, second.hex]).changed) == [id, second])
            for file in [file, other] { #expect(try place.store.blobs.verify(file) == .sound) }
        }
    }

    @Test func whatNoRemoteHasIsToldWithTheRest() throws {
        try withTrack { place, id, file in
            let second = try place.add("two.wav", frequency: 600).id
            let other = try pointer(to: place.sounds.appending("two.wav"))
            try place.push(withFiles: false)
            try place.give(FileSystem.read(place.sounds.appending("one.wav")), as: file)
            try place.lose(file, other)
            let outcome = try place.session.fetch([id.hex, second.hex])
            #expect(outcome.changed == [id] && outcome.bytes == file.size)
            #expect(outcome.refused.map(\.id) == [second])
            #expect(outcome.refused[0].reason == "no remote has its files")
        }
    }

    @Test func aRemoteThatIsNotThereIsOffline() throws {
        try withTrack { place, id, file in
            try place.lose(file)
            try FileSystem.rename(place.remote(), to: place.folder.appending("away"))
            try failure(.offline) { try place.session.fetch([id.hex]) }
            _ = try place.library.removeRemote("origin")
            #expect(try place.session.fetch([id.hex]).refused[0].reason.contains("there is no remote"))
        }
    }

    // MARK: Two stores that are each other's remotes

    /// Each would let go of a file because the other has it.
    @Test func theLastTwoCopiesDoNotBothGo() throws {
        try withTrack { place, id, file in
            try FileSystem.removeTree(place.remote())
            try place.git("clone", "-q", "--bare", place.path.string, place.remote().string)
            let other = try Library(at: place.remote(), context: place.clock.context)
            try place.push()
            try BlobStore(directory: other.path.appending("lfs")).journal.rebuild()
            _ = try other.addRemote("back", at: place.path.string, from: place.folder)
            let git = try run(
                command: "git", arguments: ["-C", other.path.string, "fetch", "-q", "back"],
                environment: hermeticEnvironment(home: place.folder))
            try #require(git.status == 0, "\(git.stderr)")
            for _ in 0..<8 {
                try Parallel.forEach(count: 2, workers: 2) { number in
                    _ = try (number == 0 ? place.library : other).session().drop([id.hex])
                }
                let here = [place.path, other.path].filter {
                    BlobStore(directory: $0.appending("lfs")).contains(file)
                }
                #expect(!here.isEmpty)
                for library in [place.library, other] { _ = try library.session().fetch([id.hex]) }
            }
            #expect(try place.isHere(file))
        }
    }
}
