import Blobs
import Catalog
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

@Test func aWriteMakesOneVersionThatSaysWhoAndWhat() throws {
    try withWorld { world in
        let before = try world.store.version()
        let version = try world.store.write(by: world.ana) { draft in
            try draft.add("one")
            return "Add one"
        }
        let commit = try Repository(at: world.path).readCommit(version.id)
        #expect(commit.parents == [before.id])
        #expect(commit.summary == "Add one")
        #expect(commit.trailers.first { $0.key == "Offbeat-Person" }?.value == world.ana.id.hex)
        let stamp = try #require(
            commit.trailers.first { $0.key == "Offbeat-Operation" }.flatMap { Stamp($0.value) })
        let id = TrackID.of(audio: audio(of: "one").oid)
        #expect(try world.store.snapshot().track(id)?.track.created == stamp)
        #expect(try world.store.version() == version)
    }
}

@Test func aSubjectOfSeveralLinesCannotForgeATrailer() throws {
    try withWorld { world in
        let other = "0123456789abcdef0123456789abcdef"
        let version = try world.store.write(by: nil) { draft in
            try draft.add("one")
            return "Add\n\nOffbeat-Person: \(other)"
        }
        let commit = try Repository(at: world.path).readCommit(version.id)
        #expect(!commit.trailers.contains { $0.key == "Offbeat-Person" })
        #expect(commit.summary.hasPrefix("Add") && commit.summary.contains(other))
    }
}

@Test func gitNamesAPersonByNameAndAddress() throws {
    try withWorld { world in
        var ben = Person(id: world.ana.id, handle: try #require(Handle("ben")), created: world.ana.created)
        let version = try world.store.write(by: world.ana) { draft in
            let stamp = draft.stamp()
            try ben.set("name", to: "Ben <Low> Note", at: stamp)
            try ben.set("email", to: "ben@example.org", at: stamp)
            try draft.put(ben)
            return "Rename"
        }
        let next = try world.store.write(by: ben) { "Add \(try $0.add("one"))" }
        let repository = try Repository(at: world.path)
        #expect(try repository.readCommit(version.id).author.name == "ana")
        let author = try repository.readCommit(next.id).author
        #expect(author.email == "ben@example.org")
        #expect(author.name.contains("Ben") && !author.name.contains("<"))
    }
}

@Test func anEditThatPutsNothingMakesNoVersion() throws {
    try withWorld { world in
        let before = try world.store.version()
        #expect(try world.store.write(by: world.ana) { _ in "Nothing" } == before)
        #expect(try world.store.version() == before)
    }
}

@Test func anEditThatPutsWhatIsThereMakesNoVersion() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let before = try world.store.version()
        let version = try world.store.write(by: world.ana) { draft in
            try draft.put(try #require(try draft.base.track(id)).track)
            draft.remove(TrackID.of(audio: audio(of: "nobody").oid))
            return "The same"
        }
        #expect(version == before)
    }
}

@Test func anEditThatThrowsLeavesEverything() throws {
    try withWorld { world in
        struct Stop: Error {}
        let before = try world.store.version()
        let objects = try FileSystem.list(world.path.appending("objects")).count
        #expect(throws: Stop.self) {
            try world.store.write(by: world.ana) { draft in
                try draft.add("one")
                throw Stop()
            }
        }
        #expect(try world.store.version() == before)
        #expect(try FileSystem.list(world.path.appending("objects")).count == objects)
        #expect(try FileSystem.list(world.path.appending("lfs/tmp")).isEmpty)
        try world.add("two")
        #expect(try titles(in: world.store.snapshot()) == ["two"])
    }
}

@Test func aRecordThatWouldBeTooLargeIsRefused() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let before = try world.store.version()
        let error = try storeError(.tooLarge) {
            try world.store.write(by: world.ana) { draft in
                var track = try #require(try draft.base.track(id)).track
                let text = JSON.string(String(repeating: "n", count: 9_999))
                for number in 0..<110 { try track.set("x-note\(number)", to: text, at: draft.stamp()) }
                try draft.put(track)
                return "Write a novel"
            }
        }
        #expect(error.message.contains(id.hex) && error.hint != nil)
        #expect(try world.store.version() == before)
    }
}

@Test func allRecordsOfADraftComeBack() throws {
    try withWorld { world in
        var made: (workspace: WorkspaceID?, track: TrackID?) = (nil, nil)
        try world.store.write(by: world.ana) { draft in
            let id: WorkspaceID = draft.newID()
            let slug = try #require(Slug("band"))
            try draft.put(Workspace(id: id, slug: slug, name: "Band", owner: world.ana.id, created: draft.stamp()))
            var info = try draft.base.info()
            try info.set("name", to: "Other", at: draft.stamp(after: info.stamp(of: "name")))
            try draft.put(info)
            made = (id, try draft.add("one"))
            #expect(draft.addedAudio(of: try #require(made.track)) == audio(of: "one").oid)
            return "All kinds"
        }
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.workspaces().map(\.id) == [made.workspace])
        #expect(try snapshot.info().name == "Other")
        #expect(try snapshot.track(try #require(made.track))?.audio?.pointer == audio(of: "one"))
    }
}

@Test func removingATrackTakesItsWholeFolder() throws {
    try withWorld { world in
        let (kept, gone) = (try world.add("one")[0], try world.add("two")[0])
        try world.commitPlainly(["\(RecordFolder.track(gone).path)/notes.txt": [1]])
        try world.store.write(by: world.ana) { draft in
            draft.remove(gone)
            return "Remove"
        }
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.read(gone) == nil && snapshot.track(kept) != nil)
        let left = try world.store.changes(from: nil, to: snapshot.version).map(\.path)
        #expect(!left.contains { $0.contains(gone.hex) })
    }
}

@Test func replacingAudioTakesAwayThePointerOfTheOtherExtension() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let flac = TrackFolder.AudioFile(pointer: audio(of: "other"), fileExtension: try fileExtension("flac"))
        try world.store.write(by: world.ana) { draft in
            let folder = try #require(try draft.base.track(id))
            var track = folder.track
            let reference = AudioReference(oid: flac.pointer.oid, size: flac.pointer.size, name: nil)
            try track.setAudio(reference, facts: nil, at: draft.stamp(after: track.stamp(of: "audio")))
            try draft.put(track, audio: flac, replacing: folder.audio, mayBeAbsent: true)
            return "Replace"
        }
        let snapshot = try world.store.snapshot()
        #expect(try snapshot.track(id)?.audio == flac)
        let files = try world.store.changes(from: nil, to: snapshot.version).first { $0.folder == .track(id) }?
            .files
        #expect(files == ["audio.flac", "track.json"])
    }
}

@Test func aSnapshotStaysAsItIsWhileAWriterGoesOn() throws {
    try withWorld { world in
        try world.add("one")
        let snapshot = try world.store.snapshot()
        for number in 0..<20 { try world.add("more \(number)") }
        #expect(try titles(in: snapshot) == ["one"])
        #expect(try snapshot.trackCount() == 1)
        #expect(try world.store.snapshot().trackCount() == 21)
        #expect(try titles(in: world.store.snapshot(of: snapshot.version)) == ["one"])
    }
}

@Test func aReaderOfAnotherProcessSeesWhatWasWritten() throws {
    try withWorld { world in
        let reader = try world.reopen()
        let before = try reader.snapshot()
        let writer = try world.reopen()
        let many = (0..<300).map { "track \($0)" }
        try writer.write(by: world.ana) { draft in
            for title in many { try draft.add(title) }
            return "Add 300 tracks"
        }
        #expect(try reader.snapshot().trackCount() == 300)
        #expect(try before.trackCount() == 0)
    }
}

@Test func aBulkImportIsOneVersionAndOnePack() throws {
    try withWorld { world in
        let loose = try looseObjects(of: world.path)
        let before = try world.store.version()
        try world.store.write(by: world.ana) { draft in
            for number in 0..<400 { try draft.add("track \(number)") }
            return "Add 400 tracks"
        }
        let commit = try Repository(at: world.path).readCommit(world.store.version().id)
        #expect(commit.parents == [before.id])
        #expect(try looseObjects(of: world.path) == loose)
        let packs = try FileSystem.list(world.path.appending("objects/pack")).filter {
            $0.name.fileExtension == "pack"
        }
        #expect(packs.count == 1)
        #expect(try world.reopen().snapshot().trackCount() == 400)
    }
}

private func looseObjects(of path: FilePath) throws -> Int {
    try FileSystem.list(path.appending("objects")).filter { $0.name.string.utf8.count == 2 }
        .reduce(0) { try $0 + FileSystem.list(path.appending("objects").appending($1.name)).count }
}

@Test(.enabled(if: isInstalled("git"), "the git program is not installed"))
func plainGitFindsNothingWrong() throws {
    try withWorld { world in
        try world.add("one", "two")
        try world.store.write(by: nil) { draft in
            for number in 0..<300 { try draft.add("track \(number)") }
            return "Add 300 tracks"
        }
        try world.rename(TrackID.of(audio: audio(of: "one").oid), to: "uno")
        let result = try run(
            command: "git", arguments: ["-C", world.path.string, "fsck", "--strict", "--no-progress"],
            environment: hermeticEnvironment(home: world.folder))
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stdout)\(result.stderr)")
    }
}

// MARK: Looking up audio

@Test func audioThatNoVersionKnewIsNotHeld() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.store.write(by: world.ana) { draft in
            draft.remove(id)
            return "Remove"
        }
        try world.store.write(by: world.ana) { draft in
            #expect(draft.mayHold(audio(of: "one")))
            #expect(!draft.mayHold(audio(of: "two")))
            return "Look"
        }
    }
}

@Test func tracksAreFoundByTheAudioThatTheyHold() throws {
    try withWorld { world in
        let id = try world.add("one", "two")[0]
        try world.store.write(by: world.ana) { draft in
            let found = try draft.tracks(holding: [audio(of: "one"), audio(of: "one"), audio(of: "nothing")])
            #expect(found == [audio(of: "one").oid: [id]])
            #expect(try draft.tracks(holding: []) == [:])
            return "Look"
        }
    }
}
