import Blobs
import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

extension Place {
    /// Two collections without a time of grace: what nothing needs goes for good.
    func loseForGood(_ file: Pointer) throws {
        let blobs = try store.blobs
        let owner = try TemporaryDirectory(in: path.appending("lfs/tmp"))
        let shelf = try blobs.quarantine.setAside([file], at: 1, owner: owner)
        try blobs.quarantine.delete(blobs.quarantine.items(on: shelf))
    }

    /// Does something when the first file has been read in.
    func once(_ step: @escaping @Sendable () throws -> Void) -> Progress {
        let isDone = Atomic(false)
        return Progress(receive: { _ in
            guard !isDone.exchange(true, ordering: .relaxed) else { return }
            #expect(throws: Never.self) { try step() }
        })
    }
}

@Test func whatGoesWhileItIsAddedIsAddedFromTheStart() throws {
    try withPlace { place in
        let old = try place.add("old.wav")
        let file = try pointer(to: place.sounds.appending("old.wav"))
        _ = try place.session.remove([old.id.hex])
        // It is here already, so it is not written again; and then it goes.
        let outcome = try place.session.add(
            AddRequest(paths: [place.sounds.appending("old.wav")]),
            progress: place.once { try place.loseForGood(file) })
        #expect(outcome.added.map(\.id) == [old.id])
        #expect(try place.store.blobs.verify(file) == .sound)
    }
}

@Test func whatGoesWhileItReplacesIsTakenFromTheStart() throws {
    try withPlace { place in
        let one = try place.add("one.wav")
        let old = try place.add("old.wav", frequency: 880)
        let file = try pointer(to: place.sounds.appending("old.wav"))
        _ = try place.session.remove([old.id.hex])
        let outcome = try place.session.replace(
            one.id.hex, with: place.sounds.appending("old.wav"),
            progress: place.once { try place.loseForGood(file) })
        #expect(outcome.tracks.map(\.track.audio.oid) == [file.oid])
        #expect(try place.store.blobs.verify(file) == .sound)
    }
}

@Test func afterAnAddNothingIsClaimed() throws {
    try withPlace { place in
        let one = try place.add("one.wav")
        try place.add("two.wav", frequency: 880)
        _ = try place.session.replace(one.id.hex, with: place.sounds.appending("two.wav"))
        #expect(try place.store.blobs.journal.claimed().isEmpty)
    }
}

@Test func whatIsUndoneTakesItsFilesBackFromQuarantine() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let stem = try place.addStem("drums", to: track)
        let files = [try pointer(to: place.sounds.appending("one.wav")), stem]
        _ = try place.session.remove([track.id.hex])
        let owner = try TemporaryDirectory(in: place.path.appending("lfs/tmp"))
        try place.store.blobs.quarantine.setAside(files, at: 1, owner: owner)
        _ = try place.session.undo()
        #expect(try files.map(place.store.blobs.contains) == [true, true])
    }
}

@Test func whatIsUndoneIsUndoneThoughItsFileIsGone() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        _ = try place.session.remove([track.id.hex])
        try place.loseForGood(pointer(to: place.sounds.appending("one.wav")))
        _ = try place.session.undo()
        #expect(try place.session.show(track.id.hex).isHere == false)
    }
}
