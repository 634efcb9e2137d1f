import Blobs
import Catalog
import Digest
import Files
import Glibc
import Offbeat
import Store
import TestSupport
import Testing

@Test func aNamedFileBecomesATrackThatIsCalledLikeIt() throws {
    try withPlace { place in
        let file = try place.sound("Low Tide.wav")
        let outcome = try place.session.add(AddRequest(paths: [file]))
        let track = try #require(outcome.added.first)
        #expect(outcome.added.count == 1 && outcome.failed.isEmpty && outcome.present.isEmpty)
        #expect(try outcome.version == place.library.version())
        #expect(track.track.title == "Low Tide" && track.owner == "ana" && track.isHere)
        #expect(try track.id == TrackID.of(audio: pointer(to: file).oid))
        #expect(track.facts?.sampleRate == 8000 && track.facts?.channels == 1 && track.durationMs == 50)
        #expect(try track.audioSize == pointer(to: file).size)
        #expect(track.track.audio.name == "Low Tide.wav")
        #expect(FileSystem.exists(file))
    }
}

@Test func aWalkedFolderGivesAllItsAudioInOneVersion() throws {
    try withPlace { place in
        try place.sound("a/one.wav", frequency: 100)
        try place.sound("a/b/two.wav", frequency: 200)
        try place.sound(".hidden/three.wav", frequency: 300)
        try place.sound("a/.four.wav", frequency: 400)
        try FileSystem.write("hello", to: place.sounds.appending("notes.txt"))
        symlink("one.wav", place.sounds.appending("a/link.wav").string)
        let before = try place.library.version()
        let outcome = try place.session.add(AddRequest(paths: [place.sounds]))
        #expect(outcome.added.map(\.track.title) == ["two", "one"])
        let skipped = outcome.skipped.compactMap { $0.lastComponent?.string }
        #expect(Set(skipped) == ["notes.txt", "link.wav", ".four.wav"])
        #expect(outcome.failed.isEmpty)
        #expect(try place.session.diff("HEAD~1", "HEAD").count == 2)
        #expect(try place.store.version(named: "HEAD~1") == before)
    }
}

@Test func aLinkThatIsNamedLeadsToItsFile() throws {
    try withPlace { place in
        try place.sound("one.wav")
        let link = place.sounds.appending("link.wav")
        symlink("one.wav", link.string)
        #expect(try place.session.add(AddRequest(paths: [link])).added.map(\.track.title) == ["link"])
    }
}

@Test func theStoreInsideAWalkedFolderIsNotSwallowed() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        let outcome = try place.session.add(AddRequest(paths: [place.folder]))
        #expect(outcome.added.isEmpty && outcome.skipped.isEmpty && outcome.failed.isEmpty)
        #expect(outcome.present.count == 1)
    }
}

@Test func theStoreItselfIsRefusedAsAFolder() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        let outcome = try place.session.add(AddRequest(paths: [place.path]))
        #expect(outcome.present.isEmpty && outcome.added.isEmpty)
        #expect(outcome.failed.map(\.failure.code) == [.usage])
    }
}

// MARK: What is no audio

@Test func aNamedFileThatIsNoAudioIsAFailure() throws {
    try withPlace { place in
        let notes = place.sounds.appending("notes.txt")
        try FileSystem.write("hello", to: notes)
        let before = try place.library.version()
        let outcome = try place.session.add(AddRequest(paths: [notes, place.sound("one.wav")]))
        #expect(outcome.added.count == 1)
        #expect(outcome.failed.map(\.path) == [notes])
        #expect(outcome.failed.first?.failure.code == .notAudio)
        #expect(outcome.failed.first?.failure.message.contains("notes.txt") == true)
        #expect(outcome.version != before)
    }
}

@Test func aFileThatIsNotThereIsAFailure() throws {
    try withPlace { place in
        let before = try place.library.version()
        let outcome = try place.session.add(AddRequest(paths: [place.sounds.appending("none.wav")]))
        #expect(outcome.failed.first?.failure.code == .notFound)
        #expect(outcome.version == before)
        #expect(try place.library.version() == before)
    }
}

@Test func anEmptyFileIsNoAudio() throws {
    try withPlace { place in
        let empty = place.sounds.appending("empty.wav")
        try FileSystem.write("", to: empty)
        #expect(try place.session.add(AddRequest(paths: [empty])).failed.first?.failure.code == .notAudio)
        #expect(try place.session.add(AddRequest(paths: [place.sounds])).skipped == [empty])
    }
}

@Test func aPipeIsNoAudioAndCannotMakeAnybodyWait() throws {
    try withPlace { place in
        let pipe = place.sounds.appending("pipe.wav")
        mkfifo(pipe.string, 0o600)
        let failed = try place.session.add(AddRequest(paths: [pipe])).failed
        #expect(failed.first?.failure.code == .notAudio)
        #expect(failed.first?.failure.message.contains("pipe.wav") == true)
    }
}

@Test func namingNothingAddsNothing() throws {
    try withPlace { place in
        let outcome = try place.session.add(AddRequest(paths: []))
        #expect(try outcome.added.isEmpty && outcome.version == place.library.version())
    }
}

// MARK: What is there already

@Test func audioThatIsThereChangesNothing() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let before = try place.library.version()
        let copy = try place.sound("renamed.wav")
        let outcome = try place.session.add(AddRequest(paths: [copy]))
        #expect(outcome.present == [track.id] && outcome.added.isEmpty)
        #expect(outcome.version == before)
    }
}

@Test func twoFilesOfOneContentAreOneTrack() throws {
    try withPlace { place in
        let files = [try place.sound("one.wav"), try place.sound("two.wav")]
        let outcome = try place.session.add(AddRequest(paths: files))
        #expect(outcome.added.count == 1 && outcome.present == outcome.added.map(\.id))
    }
}

@Test func audioThatATrackGotByReplacementIsFound() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let other = try place.sound("two.wav", frequency: 200)
        _ = try place.session.replace(track.id.hex, with: other)
        let outcome = try place.session.add(AddRequest(paths: [other]))
        #expect(outcome.present == [track.id] && outcome.added.isEmpty)
    }
}

@Test func anIdThatIsTakenByAudioThatMovedOnIsSalted() throws {
    try withPlace { place in
        let first = try place.sound("one.wav", frequency: 100)
        let track = try place.add("one.wav", frequency: 100)
        _ = try place.session.replace(track.id.hex, with: place.sound("two.wav", frequency: 200))
        let outcome = try place.session.add(AddRequest(paths: [first, first]))
        #expect(try outcome.added.map(\.id) == [TrackID.of(audio: pointer(to: first).oid, salt: 1)])
        #expect(outcome.present == outcome.added.map(\.id))
        #expect(try place.session.add(AddRequest(paths: [first])).present == outcome.added.map(\.id))
    }
}

@Test func aTrackWhoseRecordCannotBeReadIsAFailureAndNoMore() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        try place.commitPlainly([RecordPath.track(track.id).text: Array("{".utf8)])
        let (one, two) = (try place.sound("one.wav", frequency: 100), try place.sound("two.wav", frequency: 200))
        let outcome = try place.session.add(AddRequest(paths: [one, two]))
        #expect(outcome.added.map(\.track.title) == ["two"])
        #expect(outcome.failed.map(\.path) == [one])
        #expect(outcome.failed.first?.failure.code == .damaged)
    }
}

@Test func aTrackThatWasRemovedIsAddedAnew() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        _ = try place.session.remove([track.id.hex])
        #expect(try place.add("one.wav").id == track.id)
    }
}

// MARK: What is said beforehand

@Test func whatIsSaidGoesBeforeWhatTheFileSays() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let track = try place.add("one.wav") { request in
            request.title = "Low Tide"
            request.artist = "Shore"
            request.album = "Sea"
            request.tags = ["live", "demo"]
            request.owner = "ben"
        }
        #expect(track.track.title == "Low Tide" && track.track.artist == "Shore" && track.track.album == "Sea")
        #expect(track.track.tags == ["demo", "live"])
        #expect(track.owner == "ben")
        #expect(track.track.modified == track.track.created)
    }
}

@Test func aTitleForSeveralFilesIsRefused() throws {
    try withPlace { place in
        try place.sound("one.wav", frequency: 100)
        try place.sound("two.wav", frequency: 200)
        var request = AddRequest(paths: [place.sounds])
        request.title = "Both"
        let before = try place.library.version()
        let failure = try failure(.usage) { try place.session.add(request) }
        #expect(failure.message.contains("2"))
        #expect(try place.library.version() == before)
    }
}

@Test func anOwnerWhomNobodyKnowsIsRefused() throws {
    try withPlace { place in
        let failure = try failure(.notFound) { try place.add("one.wav") { $0.owner = "zoe" } }
        #expect(failure.message.contains("zoe") && failure.hint != nil)
    }
}

@Test(arguments: ["a\nb", String(repeating: "t", count: 1001)])
func aTitleThatNoTrackMayHaveIsRefused(_ title: String) throws {
    try withPlace { place in
        let before = try place.library.version()
        #expect(throws: Failure.self) { try place.add("one.wav") { $0.title = title } }
        #expect(try place.library.version() == before)
    }
}

@Test func aTagThatNoTrackMayHaveIsRefused() throws {
    try withPlace { place in
        try failure(.usage) { try place.add("one.wav") { $0.tags = [""] } }
        try failure(.overLimit) { try place.add("one.wav") { $0.tags = [String(repeating: "t", count: 101)] } }
    }
}

@Test func anAwkwardFileNameMakesAReadableTrack() throws {
    try withPlace { place in
        let names: [[UInt8]] = [
            Array("line\nend.wav".utf8), [0xFF, 0xFE] + Array(".wav".utf8), Array("-rf.wav".utf8),
            Array("\(String(repeating: "n", count: 251)).wav".utf8), Array("cafe\u{301}.wav".utf8),
        ]
        let paths = try names.enumerated().map { index, name in
            let path = place.sounds.appending(bytes: name)
            let bytes = wav(seconds: 0.05, frequency: Double(100 + index), sampleRate: 8000)
            try FileSystem.write(bytes, to: path)
            return path
        }
        let outcome = try place.session.add(AddRequest(paths: paths))
        #expect(outcome.failed.isEmpty && outcome.added.count == 5)
        #expect(try place.session.status().unreadable.isEmpty)
        #expect(try place.session.list(ListRequest()).total == 5)
    }
}

// MARK: Progress

@Test func progressIsReportedForEachFile() throws {
    try withPlace { place in
        let reports = Reports()
        try place.sound("one.wav", frequency: 100)
        try place.sound("two.wav", frequency: 200)
        _ = try place.session.add(AddRequest(paths: [place.sounds]), progress: reports.progress)
        #expect(reports.all.map(\.what) == ["Adding", "Adding"])
        #expect(reports.all.map(\.done).sorted() == [1, 2])
        #expect(reports.all.allSatisfy { $0.total == 2 && $0.unit == .items })
    }
}

@Test func anAddThatIsStoppedChangesNothing() throws {
    try withPlace { place in
        let before = try place.library.version()
        let request = AddRequest(paths: [try place.sound("one.wav")])
        try failure(.interrupted) { try place.session.add(request, progress: Progress(stop: { true })) }
        #expect(try place.library.version() == before)
        #expect(try place.session.add(request).added.count == 1)
    }
}
